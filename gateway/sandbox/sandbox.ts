import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { demoDirectory } from '../../seeds/directory.ts';
import sandbox from '../../seeds/sandbox.json' with { type: 'json' };
import { parseConfiguration } from '../configuration/load.ts';
import type { Configuration } from '../configuration/schema.ts';
import { startGateway } from '../gateway.ts';
import type { RunningGateway } from '../serving.ts';
import { freePort, type RunningSimulators, type SimulatorAddresses } from './simulators.ts';

export interface SandboxOptions extends SandboxPlace {
  readonly simulators: RunningSimulators;
}

/** Where a sandbox lives and who lives in it. */
export interface SandboxPlace {
  /** 0 for any free one. */
  readonly port: number;
  /** Folder of the store. */
  readonly data: string;
  readonly population: { readonly seed: number; readonly residents: number };
}

export interface RunningSandbox extends RunningGateway {
  readonly ready: { readonly simulators: SimulatorAddresses };
  /** What a person at a terminal wants to know. */
  readonly summary: string;
}

/** Starts the subgraphs and the gateway on loopback in front of running simulators, which end with it. */
export async function startSandbox({ simulators, ...place }: SandboxOptions, log: Logger): Promise<RunningSandbox> {
  try {
    const gateway = await startGateway(await reachable(simulators.addresses, place), log);
    return {
      url: gateway.url,
      ready: { simulators: simulators.addresses },
      summary: summary(gateway.url, simulators.addresses),
      async stop() {
        await gateway.stop();
        await simulators.stop();
      },
    };
  } catch (error) {
    await simulators.stop();
    throw error;
  }
}

/** The configuration with the port that it will have: the cover sheets of proofs tell it. The environment may name another than `place`. */
async function reachable(addresses: SimulatorAddresses, place: SandboxPlace): Promise<Configuration> {
  const { server } = sandboxConfiguration(addresses, place, process.env);
  const port = server.port === 0 ? await freePort() : server.port;
  return sandboxConfiguration(addresses, { ...place, port }, { ...process.env, CASEGRAPH_SERVER__PORT: String(port) });
}

/** The configuration of the sandbox: public credentials, simulators instead of departments; the environment over it. */
export function sandboxConfiguration(
  addresses: SimulatorAddresses,
  place: SandboxPlace,
  environment: NodeJS.ProcessEnv = {},
): Configuration {
  return parseConfiguration(sandboxSettings(addresses, place), environment);
}

/** The same as a file would say it. */
export function sandboxSettings(addresses: SimulatorAddresses, { port, data, population }: SandboxPlace) {
  const key = (name: string) => readFileSync(new URL(`../../seeds/sandbox-keys/${name}.pem`, import.meta.url), 'utf8');
  return {
    server: { port },
    operations: { manifest: fileURLToPath(new URL('../../seeds/operations', import.meta.url)) },
    store: { path: join(data, 'casegraph.sqlite'), ...sandbox.store },
    directory: demoDirectory(),
    subgraphs: {
      acceptance: { baseUrl: addresses['unified-acceptance'].url, ...sandbox.unifiedAcceptance },
      cases: { sandboxPopulation: population },
      audit: {},
      catalogue: {},
      medical: {
        baseUrl: addresses['medical-insurance'].url,
        ...sandbox.medicalInsurance,
        institution: {
          code: 'H42120200100',
          name: '咸安区医疗保障服务中心',
          operator: { number: 'XA0001', name: '沙箱经办员' },
        },
        assumedTransactions: { enabled: true },
        takingBack: { enabled: true },
        postings: { signingKeys: [key('postings.private')] },
      },
      nontax: {
        url: addresses['non-tax'].url,
        listener: { port: portOf(addresses['non-tax'].notify) },
        units: [
          { code: '042001', name: '咸安区住房保障服务中心', collects: ['public-rental-rent'] },
          {
            code: '038002',
            name: '咸宁市咸安区不动产登记中心',
            collects: ['registration-residential', 'registration-non-residential'],
          },
          {
            code: '015003',
            name: '咸宁市公安局咸安分局',
            collects: ['id-card-renewal', 'id-card-lost', 'id-card-damaged', 'id-card-first-issue'],
          },
        ],
        cnnontax: {
          token: sandbox.nonTax.token,
          node: 'K4212020001',
          financeNode: 'F421202',
          payee: {
            name: '咸宁市咸安区财政局',
            account: '42050100000000000017',
            bank: '中国建设银行咸宁咸安支行',
            bankNumber: '0105',
          },
          eReceipt: {
            code: '42010126',
            versionName: '2026版',
            earlier: [{ code: '42010125', versionName: '2025版', until: '2025-12-31' }],
          },
        },
      },
      realestate: {
        url: addresses['real-estate'].url,
        privateKey: key('real-estate-gateway.private'),
        registryPublicKey: key('real-estate-registry.public'),
        // Nobody can be sent to a port that is not known yet.
        ...(port !== 0 && { publicUrl: `http://localhost:${port}` }),
      },
      subsidy: {
        origin: addresses['disability-subsidy'].url,
        ...sandbox.disabilitySubsidy,
        organisationCode: '11421202MB2A91048P',
        operator: 'xasandbox01',
        // Whoever tries a case out does not want to wait for the pauses of a real day.
        follow: { leastMs: 2_000, mostMs: 600_000 },
      },
    },
  };
}

/** The port that a simulator calls back; any free one when it calls nobody. */
function portOf(notify: string | undefined): number {
  return notify === undefined ? 0 : Number(notify.slice(notify.lastIndexOf(':') + 1));
}

function summary(url: string, addresses: SimulatorAddresses): string {
  const rows = Object.entries(addresses).map(
    ([name, { url: wire, control }]) => `  ${name.padEnd(20)} ${wire}  control ${control}`,
  );
  return `
Casegraph is ready.
  GraphiQL, with the example operations: ${url}/graphql
  First query:
    curl -s ${url}/graphql -H 'content-type: application/json' --data '{"query":"{ serviceItems { id name } }"}'
Departments, simulated:
${rows.join('\n')}
Stop with Ctrl-C.
`;
}
