import type { Population } from '../../../seeds/model.ts';
import type { SimulatorCore } from '../../simulator/core.ts';
import { Register } from './register.ts';
import { Serials } from './serials.ts';
import { SignIns } from './sign-ins.ts';

/** What every transaction works on: the state of the platform, from the population or from the last reset on. */
export interface Platform {
  readonly core: SimulatorCore;
  readonly register: Register;
  readonly serials: Serials;
  readonly signIns: SignIns;
  /** The population's day, at which ages are told. */
  readonly asOf: string;
  /** Whether `infcode` is written as text (act `infcode-as-text`). */
  infcodeAsText: boolean;
}

/** A platform as the population leaves it. */
export function openPlatform(core: SimulatorCore, population: Population): Platform {
  const serials = new Serials();
  return {
    core,
    register: new Register(population.medical),
    serials,
    signIns: new SignIns(core, serials),
    asOf: population.asOf,
    infcodeAsText: false,
  };
}
