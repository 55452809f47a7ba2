import type { Population } from '../../seeds/model.ts';
import sandbox from '../../seeds/sandbox.json' with { type: 'json' };
import type { DepartmentSimulator, SimulatorCore } from '../simulator/core.ts';
import { HttpFront } from '../simulator/http-front.ts';
import { departmentActs } from './simulator/acts.ts';
import { UnifiedAcceptanceDepartment } from './simulator/department.ts';
import { type Caller, Gate } from './simulator/gate.ts';
import { Platform } from './simulator/platform.ts';
import { RecordDesk } from './simulator/record-desk.ts';
import { SingleAnswers } from './simulator/single-answers.ts';

export interface UnifiedAcceptanceSimulatorOptions {
  /** It calls nobody back: no effect. */
  readonly notify?: string | undefined;
  /** Who may send messages; the sandbox's caller when absent. */
  readonly callers?: readonly Caller[];
}

/**
 * The unified acceptance platform (统一综合受理平台) as a server of its own, written from the wire specification and sharing no code with
 * the client. It knows the population's cases and the 20 items of the catalogue.
 */
export function simulateUnifiedAcceptance(
  core: SimulatorCore,
  population: Population,
  options: UnifiedAcceptanceSimulatorOptions = {},
): DepartmentSimulator {
  const platform = new Platform(population);
  const gate = new Gate(options.callers ?? [sandbox.unifiedAcceptance], core.now);
  const records = new RecordDesk(core, platform);
  const department = new UnifiedAcceptanceDepartment(core, gate, records, new SingleAnswers(core, platform));
  const front = new HttpFront(core, department);
  return {
    listen: (port) => front.listen(port),
    close: () => front.close(),
    reset() {
      platform.reset();
      gate.reset();
      department.reset();
    },
    acts: departmentActs(core, platform, gate),
  };
}
