import { readFileSync } from 'node:fs';
import { parseConfiguration } from '../../../gateway/configuration/load.ts';
import { startGateway } from '../../../gateway/gateway.ts';
import { createLog } from '../../../gateway/log.ts';
import { sandboxSettings } from '../../../gateway/sandbox/sandbox.ts';
import { demoDirectory } from '../../../seeds/directory.ts';
import items from '../../../seeds/items.json' with { type: 'json' };
import type { GatewayPlan } from './gateway-process.ts';

/**
 * A gateway as `npm run gateway` starts it, in front of simulators that run apart and outlive it. Its configuration is the sandbox's, whose
 * keys are the simulators' own and which production therefore refuses; its registry begins empty, and `DATABASE_URL` says where the store
 * is when it is no file.
 */
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('the plan is missing');
const { addresses, folder, listener } = JSON.parse(readFileSync(file, 'utf8')) as GatewayPlan;

/** A department that has not answered by then is not waited for: the real 20 s and 30 s would only make the tests longer. */
const READ_TIMEOUT_MS = 2_000;
const IMPATIENT = { readTimeoutMs: READ_TIMEOUT_MS, deadline: { readMs: 3_000, writeMs: 4_000 } };
/** Finance is asked early: its notices are lost in some of these journeys. */
const WATCH = { leastPauseMs: 300, mostPauseMs: 1_000 };
/** So is the national system, whose thousand calls an hour would not do for that. */
const FOLLOW = { leastMs: 300, mostMs: 1_000 };
const RATES = [{ calls: 100_000, perMs: 1_000 }];

const population = { seed: 1, residents: 20 };
const settings = sandboxSettings(addresses, { port: 0, data: folder, population });
const running = await startGateway(
  parseConfiguration(
    {
      ...settings,
      directory: directory(),
      subgraphs: {
        ...settings.subgraphs,
        cases: {},
        acceptance: { ...settings.subgraphs.acceptance, line: { readTimeoutMs: READ_TIMEOUT_MS } },
        medical: { ...settings.subgraphs.medical, line: IMPATIENT },
        nontax: { ...settings.subgraphs.nontax, line: IMPATIENT, listener, notices: { watch: WATCH } },
        realestate: { ...settings.subgraphs.realestate, line: IMPATIENT },
        subsidy: { ...settings.subgraphs.subsidy, line: { ...IMPATIENT, rates: RATES }, follow: FOLLOW },
      },
    },
    process.env,
  ),
  createLog(process.env.JOURNEYS_LOG ?? 'error'),
);
process.stdout.write(`${JSON.stringify({ msg: 'ready', url: running.url })}\n`);

const stop = async () => {
  await running.stop();
  process.exit(0);
};
process.once('SIGTERM', stop);
// Its tests have ended, however they ended.
process.once('disconnect', stop);

/** The demo directory, with each item's body in it and somebody there who has not opened the case: nobody reviews an application of their own. */
function directory() {
  const { organisations, operators } = demoDirectory();
  const known = new Set(organisations.map(({ code }) => code));
  const bodies = new Map(items.items.map(({ orgCode, orgName }) => [orgCode, orgName]));
  const missing = [...bodies].filter(([code]) => !known.has(code));
  return {
    organisations: [
      ...organisations,
      ...missing.map(([code, name]) => ({ code, name, division: '421202000000', level: 'district' as const })),
    ],
    operators: [
      ...operators,
      ...[...bodies.keys()].map((code) => ({ account: `body-${code}`, name: '严明', organisation: code })),
    ],
  };
}
