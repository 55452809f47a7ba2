import type { Population } from '../../seeds/model.ts';
import type { DepartmentSimulator, SimulatorCore } from '../simulator/core.ts';
import { HttpFront } from '../simulator/http-front.ts';
import { departmentActs } from './simulator/acts.ts';
import { NonTaxDepartment } from './simulator/department.ts';
import { NonTaxHttpDepartment } from './simulator/http-port.ts';
import { PaidNoticeSender } from './simulator/paid-notices.ts';
import { type NonTaxSimulatorSettings, simulatorSettings } from './simulator/settings.ts';
import { stateOf } from './simulator/state.ts';
import { TcpFront } from './simulator/tcp-front.ts';
import type { Finance } from './simulator/transaction.ts';

export interface NonTaxSimulator extends DepartmentSimulator {
  /** Where the octet-stream binding and the JSON dialect are served; empty before `listen`. */
  readonly httpUrl: string;
}

export interface NonTaxSimulatorOptions {
  /** `HOST:PORT` of the unit's listener for paid notices. */
  readonly notify?: string | undefined;
  /** What differs from the sandbox's settings. */
  readonly settings?: Partial<NonTaxSimulatorSettings> | undefined;
}

/**
 * The district's finance office (区非税系统) as a server of its own, written from the wire specification and sharing no code with the client. Frames over TCP on the port it is told to listen on; the HTTP bindings on a free port of their own.
 */
export function simulateNonTax(
  core: SimulatorCore,
  population: Population,
  options: NonTaxSimulatorOptions = {},
): NonTaxSimulator {
  const settings = simulatorSettings(options.settings);
  // A reset goes back to the day on which the simulator was made, whatever the clock was moved to meanwhile.
  const madeAt = core.now();
  const finance: Finance = { core, settings, state: stateOf(population, settings, madeAt) };
  const department = new NonTaxDepartment(finance);
  const sender = new PaidNoticeSender(finance, options.notify);
  const tcp = new TcpFront(core, department, settings.readTimeoutMs);
  const http = new HttpFront(core, new NonTaxHttpDepartment(finance, department));
  let httpUrl = '';

  return {
    async listen(port) {
      const url = await tcp.listen(port);
      httpUrl = await http.listen(0);
      return url;
    },
    async close() {
      await Promise.all([sender.close(), tcp.close(), http.close()]);
    },
    reset() {
      sender.cancel();
      sender.setAddress(options.notify);
      finance.state = stateOf(population, settings, madeAt);
    },
    acts: departmentActs(finance, sender, () => httpUrl),
    get httpUrl() {
      return httpUrl;
    },
  };
}
