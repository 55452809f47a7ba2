import type { Population } from '../../seeds/model.ts';
import sandbox from '../../seeds/sandbox.json' with { type: 'json' };
import type { DepartmentSimulator, SimulatorCore } from '../simulator/core.ts';
import { HttpFront } from '../simulator/http-front.ts';
import { platformActs } from './simulator/acts.ts';
import { type Caller, Gate } from './simulator/gate.ts';
import { MessageDesk } from './simulator/message-desk.ts';
import { Platform } from './simulator/platform.ts';
import { RecordDesk } from './simulator/record-desk.ts';
import { SingleAnswers } from './simulator/single-answers.ts';

/**
 * The unified acceptance platform (统一综合受理平台) as a server of its own, written from the wire specification and sharing no code with
 * the client. It knows the population's cases and the 20 items of the catalogue.
 *
 * @param options `callers` replaces the sandbox's caller. The platform calls nobody back: `notify` has no effect.
 */
export function simulateUnifiedAcceptance(
  core: SimulatorCore,
  population: Population,
  options: { readonly notify?: string | undefined; readonly callers?: readonly Caller[] | undefined } = {},
): DepartmentSimulator {
  const platform = new Platform(population);
  const gate = new Gate(options.callers ?? [sandbox.unifiedAcceptance], core.now);
  const records = new RecordDesk(core, platform);
  const desk = new MessageDesk(core, gate, records, new SingleAnswers(core, platform));
  const front = new HttpFront(core, desk);
  return {
    listen: (port) => front.listen(port),
    close: () => front.close(),
    reset() {
      platform.reset();
      gate.reset();
      desk.reset();
    },
    acts: platformActs(core, platform, gate),
  };
}
