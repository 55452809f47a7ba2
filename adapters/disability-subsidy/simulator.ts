import type { Population } from '../../seeds/model.ts';
import sandbox from '../../seeds/sandbox.json' with { type: 'json' };
import type { DepartmentSimulator, SimulatorCore } from '../simulator/core.ts';
import { HttpFront } from '../simulator/http-front.ts';
import { departmentActs } from './simulator/acts.ts';
import { DisabilitySubsidyDepartment } from './simulator/department.ts';
import { actsElsewhere } from './simulator/elsewhere.ts';
import { type GrantSetting, Grants } from './simulator/grants.ts';
import { Procedure } from './simulator/procedure.ts';
import { Records } from './simulator/records.ts';
import { Transactions } from './simulator/transactions.ts';

/** Whom the simulated exchange knows. */
export interface SubsidyRequester {
  readonly rid: string;
  /** The requester's district, six digits. */
  readonly district: string;
  readonly grants: readonly GrantSetting[];
}

const XIANAN = '421202';

/** The sandbox's requester: LB01 … LB08 under the service ids of the wire spec's samples. */
function sandboxRequester(): SubsidyRequester {
  const { rid, appKeys } = sandbox.disabilitySubsidy;
  const grants = Object.entries(appKeys).map(([transaction, appKey]) => ({
    transaction,
    sid: `s_X4212020000000000_90${transaction.slice(2)}`,
    appKey,
    // Transcript 02: one installation answers numbers.
    numeric: transaction === 'LB03',
  }));
  return { rid, district: XIANAN, grants };
}

export interface DisabilitySubsidySimulatorOptions {
  /** It calls nobody back: no effect. */
  readonly notify?: string | undefined;
  /** Whom the exchange knows; the sandbox's requester when absent. */
  readonly requester?: SubsidyRequester;
}

/**
 * The national disability-subsidy system (全国残疾人两项补贴信息系统) and the data-sharing exchange in front of it as a server of its own, written
 * from the wire specification and sharing no code with the client. State is the population's `subsidy` with its residents as the
 * population register.
 */
export function simulateDisabilitySubsidy(
  core: SimulatorCore,
  population: Population,
  options: DisabilitySubsidySimulatorOptions = {},
): DepartmentSimulator {
  const requester = options.requester ?? sandboxRequester();
  const fresh = () => new Records(population, requester.rid);
  let state = fresh();
  const records = () => state;
  const grants = new Grants(requester.rid, requester.grants, core.now);
  const procedure = new Procedure(core, records);
  const department = new DisabilitySubsidyDepartment(
    core,
    grants,
    new Transactions(core, records, procedure, requester.district),
  );
  const front = new HttpFront(core, department);
  return {
    listen: (port) => front.listen(port),
    close: () => front.close(),
    reset() {
      state = fresh();
      grants.reset();
      department.maintain(undefined);
    },
    acts: {
      ...departmentActs({ core, grants, procedure, records, maintain: (until) => department.maintain(until) }),
      ...actsElsewhere({ core, procedure, records }),
    },
  };
}
