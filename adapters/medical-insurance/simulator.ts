import type { Population } from '../../seeds/model.ts';
import sandbox from '../../seeds/sandbox.json' with { type: 'json' };
import type { DepartmentSimulator, SimulatorCore } from '../simulator/core.ts';
import { HttpFront } from '../simulator/http-front.ts';
import { departmentActs } from './simulator/acts.ts';
import { MedicalInsuranceDepartment } from './simulator/department.ts';
import type { Credentials } from './simulator/gateway.ts';

export interface MedicalInsuranceSimulatorOptions {
  /** It never calls back: no effect. */
  readonly notify?: string | undefined;
  /** The application id and token expected; the sandbox's when absent. */
  readonly credentials?: Credentials;
}

/**
 * The provincial platform of medical insurance (医疗保障信息平台) as a server of its own, written from the wire specification and sharing no
 * code with the client.
 *
 * What the specification leaves open and the simulator decides is said at each transaction; the amounts of settlements come from
 * rules of its own (`simulator/benefit.ts`, `simulator/fees.ts`, `simulator/funds.ts`). A repeated msgid is a transaction of its own
 * (wire spec 4): 2501 sent twice files twice.
 */
export function simulateMedicalInsurance(
  core: SimulatorCore,
  population: Population,
  options: MedicalInsuranceSimulatorOptions = {},
): DepartmentSimulator {
  const department = new MedicalInsuranceDepartment(core, population, options.credentials ?? sandbox.medicalInsurance);
  const front = new HttpFront(core, department);
  return {
    listen: (port) => front.listen(port),
    close: () => front.close(),
    reset: () => department.reset(),
    acts: departmentActs(() => department.platform),
  };
}
