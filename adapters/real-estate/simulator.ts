import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Population } from '../../seeds/model.ts';
import type { DepartmentSimulator, SimulatorCore } from '../simulator/core.ts';
import { HttpFront } from '../simulator/http-front.ts';
import { chinaCompactDate } from '../values/china-time.ts';
import { departmentActs } from './simulator/acts.ts';
import { RealEstateDepartment } from './simulator/department.ts';
import { FeeDesk } from './simulator/fees.ts';
import { LandRegister } from './simulator/land-register.ts';
import { ProofDesk } from './simulator/proofs.ts';
import { type Accounts, QueryDesk } from './simulator/queries.ts';
import { Serials } from './simulator/serials.ts';

export interface RealEstateSimulatorOptions {
  /** It calls nobody back: no effect. */
  readonly notify?: string | undefined;
  /** PEM text of the gateway's public key; the sandbox's when absent. */
  readonly gatewayPublicKey?: string;
  /** CXR accounts that may ask; `xa-gateway` when absent. */
  readonly accounts?: Accounts;
  /** Calls a day (wire spec section 5). */
  readonly dailyLimit?: number;
  /** Serials given out before on the day the registry is made, by series: `query`, `proof`. */
  readonly serialsUsed?: Readonly<Record<string, number>>;
}

const GATEWAY_ACCOUNT: Accounts = { 'xa-gateway': { department: true } };

/**
 * The real-estate registry (不动产登记系统) as a server of its own, written from the wire specification and sharing no code with the client. It
 * holds the population's properties and registrations and signs with the sandbox's registry key.
 */
export function simulateRealEstate(
  core: SimulatorCore,
  population: Pick<Population, 'residents' | 'realEstate'>,
  options: RealEstateSimulatorOptions = {},
): DepartmentSimulator {
  const { accounts = GATEWAY_ACCOUNT, dailyLimit = 5_000, serialsUsed = {} } = options;
  const keys = {
    registry: createPrivateKey(sandboxKey('registry.private')),
    gateway: createPublicKey(options.gatewayPublicKey ?? sandboxKey('gateway.public')),
  };
  const opened = () => {
    const serials = new Serials(core.now);
    for (const [series, used] of Object.entries(serialsUsed)) {
      serials.used(series, chinaCompactDate(core.now()), used);
    }
    const register = new LandRegister(population.residents, population.realEstate.properties);
    const queries = new QueryDesk(register, accounts, serials, core.now);
    const proofs = new ProofDesk(core, queries, serials);
    const fees = new FeeDesk(core, serials, population.realEstate.registrations);
    return { serials, register, queries, proofs, fees };
  };

  let offices = opened();
  const department = new RealEstateDepartment(core, keys, () => offices, dailyLimit);
  const front = new HttpFront(core, department);
  return {
    listen: (port) => front.listen(port),
    close: () => front.close(),
    reset() {
      offices = opened();
      department.reset(dailyLimit);
    },
    acts: departmentActs(
      core,
      () => offices,
      (calls) => department.limitDay(calls),
    ),
  };
}

function sandboxKey(name: string): string {
  return readFileSync(new URL(`../../seeds/sandbox-keys/real-estate-${name}.pem`, import.meta.url), 'utf8');
}
