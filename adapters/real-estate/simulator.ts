import { readFileSync } from 'node:fs';
import type { Population } from '../../seeds/model.ts';
import type { DepartmentSimulator, SimulatorCore } from '../simulator/core.ts';
import { simulateRegistry } from './simulator/registry.ts';

const SANDBOX_KEYS = new URL('../../seeds/sandbox-keys/', import.meta.url);

/**
 * The real-estate registry of the sandbox: holds the population's properties and registrations, signs with the sandbox's registry
 * key and takes what the sandbox's gateway key signed, from the account `xa-gateway`. It calls nobody back.
 */
export function simulateRealEstate(
  core: SimulatorCore,
  population: Population,
  _options: { readonly notify?: string | undefined },
): DepartmentSimulator {
  return simulateRegistry(core, population, {
    privateKey: readFileSync(new URL('real-estate-registry.private.pem', SANDBOX_KEYS), 'utf8'),
    gatewayPublicKey: readFileSync(new URL('real-estate-gateway.public.pem', SANDBOX_KEYS), 'utf8'),
    accounts: { 'xa-gateway': { department: true } },
    dailyLimit: 5_000,
  });
}
