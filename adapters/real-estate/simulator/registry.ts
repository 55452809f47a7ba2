import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { Population } from '../../../seeds/model.ts';
import type { DepartmentSimulator, SimulatorCore } from '../../simulator/core.ts';
import { HttpFront } from '../../simulator/http-front.ts';
import { registryActs } from './acts.ts';
import { Reception } from './department.ts';
import { FeeDesk } from './fees.ts';
import { LandRegister } from './land-register.ts';
import { ProofDesk } from './proofs.ts';
import { type Accounts, QueryDesk } from './queries.ts';
import { Serials } from './serials.ts';
import { compactDay } from './wall-clock.ts';

export interface RegistryOptions {
  /** PEM text of the registry's private key. */
  readonly privateKey: string;
  /** PEM text of the gateway's public key. */
  readonly gatewayPublicKey: string;
  /** CXR accounts that may ask. */
  readonly accounts: Accounts;
  /** Calls a day (wire spec section 5). */
  readonly dailyLimit: number;
  /** Serials given out before on the day the registry is made, by series: `query`, `proof`. */
  readonly serialsUsed?: Readonly<Record<string, number>>;
}

/** The real-estate registry as a server, with everything about it that may differ given. */
export function simulateRegistry(
  core: SimulatorCore,
  population: Pick<Population, 'residents' | 'realEstate'>,
  options: RegistryOptions,
): DepartmentSimulator {
  const keys = {
    registry: createPrivateKey(options.privateKey),
    gateway: createPublicKey(options.gatewayPublicKey),
  };
  const opened = () => {
    const serials = new Serials(core.now);
    for (const [series, used] of Object.entries(options.serialsUsed ?? {})) {
      serials.used(series, compactDay(core.now()), used);
    }
    const register = new LandRegister(population.residents, population.realEstate.properties);
    const queries = new QueryDesk(register, options.accounts, serials, core.now);
    const proofs = new ProofDesk(core, queries, serials);
    const fees = new FeeDesk(core, serials, population.realEstate.registrations);
    return { serials, register, queries, proofs, fees };
  };

  let offices = opened();
  const reception = new Reception(core, keys, () => offices, options.dailyLimit);
  const front = new HttpFront(core, reception);
  return {
    listen: (port) => front.listen(port),
    close: () => front.close(),
    reset() {
      offices = opened();
      reception.reset(options.dailyLimit);
    },
    acts: registryActs(
      core,
      () => offices,
      (calls) => reception.limitDay(calls),
    ),
  };
}
