import type { Population } from '../../seeds/model.ts';
import sandbox from '../../seeds/sandbox.json' with { type: 'json' };
import type { DepartmentSimulator, SimulatorCore } from '../simulator/core.ts';
import { medicalInsuranceDepartment } from './simulator/department.ts';

/**
 * The provincial platform of medical insurance (医疗保障信息平台) as a real HTTP server, written from the wire specification
 * (medical-insurance.md) and sharing nothing with the client beside it. Takes the sandbox's application id and token; never calls
 * back, so `notify` means nothing to it.
 *
 * What the specification leaves open and the simulator decides is said at each transaction; the amounts of settlements come from
 * rules of its own (`simulator/benefit.ts`, `simulator/fees.ts`, `simulator/funds.ts`). A repeated msgid is a transaction of its own
 * (wire spec 4): 2501 sent twice files twice.
 */
export function simulateMedicalInsurance(
  core: SimulatorCore,
  population: Population,
  _options: { readonly notify?: string | undefined },
): DepartmentSimulator {
  return medicalInsuranceDepartment(core, population, sandbox.medicalInsurance);
}
