import { parseArgs } from 'node:util';
import { DEFAULT_RESIDENTS, DEFAULT_SEED, populate } from '../seeds/population.ts';
import { startControl } from './simulator/control.ts';
import { SimulatorCore } from './simulator/core.ts';

/** Loaded by name: a process reads only the code of its own department. */
const SIMULATORS = {
  'medical-insurance': async () => (await import('./medical-insurance/simulator.ts')).simulateMedicalInsurance,
  'non-tax': async () => (await import('./non-tax/simulator.ts')).simulateNonTax,
  'real-estate': async () => (await import('./real-estate/simulator.ts')).simulateRealEstate,
  'disability-subsidy': async () => (await import('./disability-subsidy/simulator.ts')).simulateDisabilitySubsidy,
  'unified-acceptance': async () => (await import('./unified-acceptance/simulator.ts')).simulateUnifiedAcceptance,
} as const;

const USAGE = `npm run simulator -- NAME --port N [--control-port M] [--notify HOST:PORT] [--seed N] [--residents N]
NAME is one of ${Object.keys(SIMULATORS).join(', ')}`;

function fail(message: string): never {
  console.error(`${message}\n${USAGE}`);
  process.exit(2);
}

function wholeNumber(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < low || value > high) fail(`--${name}: a whole number from ${low} to ${high}`);
  return value;
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        port: { type: 'string', default: '0' },
        'control-port': { type: 'string', default: '0' },
        notify: { type: 'string' },
        seed: { type: 'string', default: String(DEFAULT_SEED) },
        residents: { type: 'string', default: String(DEFAULT_RESIDENTS) },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

const { values, positionals } = readArguments();
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const [name] = positionals;
if (positionals.length !== 1 || name === undefined || !Object.hasOwn(SIMULATORS, name))
  fail(`unknown simulator: ${positionals.join(' ')}`);
if (values.notify !== undefined && !/^[^:\s]+:\d+$/.test(values.notify)) fail('--notify: HOST:PORT');

const port = wholeNumber('port', values.port, 0, 65_535);
const controlPort = wholeNumber('control-port', values['control-port'], 0, 65_535);
const population = populate({
  seed: wholeNumber('seed', values.seed, 0, Number.MAX_SAFE_INTEGER),
  residents: wholeNumber('residents', values.residents, 20, 1_000_000),
});
const core = new SimulatorCore(name);
const simulate = await SIMULATORS[name as keyof typeof SIMULATORS]();
const department = simulate(core, population, { notify: values.notify });

try {
  const url = await department.listen(port);
  const control = await startControl(core, department, controlPort);
  const ready = { msg: 'ready', simulator: name, url, control: control.url };
  console.log(JSON.stringify(ready));
  process.send?.(ready);

  const stop = async () => {
    await Promise.all([department.close(), control.close()]);
    process.exit(0);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  // Started by the sandbox: ends with it, however it ended.
  process.once('disconnect', stop);
} catch (error) {
  console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
