import {
  DisabilitySubsidyClient,
  type DisabilitySubsidyServices,
} from '../../../adapters/disability-subsidy/client.ts';
import {
  type DisabilitySubsidySettings,
  disabilitySubsidySettings,
} from '../../../adapters/disability-subsidy/settings.ts';
import { simulateDisabilitySubsidy } from '../../../adapters/disability-subsidy/simulator.ts';
import { type DepartmentSimulator, SimulatorCore } from '../../../adapters/simulator/core.ts';
import { memoryCounter } from '../../../adapters/transport/counter.ts';
import type { Population } from '../../../seeds/model.ts';
import { closeLater } from '../closing.ts';
import { INDEX } from './golden-files.ts';
import { population } from './population.ts';

/** 2022-10-08 09:30:00 in China, when the transcripts begin. */
export const GOLDEN_START = 1665192600000;

export interface Department {
  readonly url: string;
  readonly core: SimulatorCore;
  readonly department: DepartmentSimulator;
  act(kind: string, parameters?: Record<string, unknown>): Promise<unknown>;
  /** Sets the department's clock, milliseconds since 1970. */
  setTime(instant: number): void;
  close(): Promise<void>;
}

/** The golden requester on a simulator of its own, its clock at the transcripts' time. */
export async function startDepartment(people: Population = population()): Promise<Department> {
  const core = new SimulatorCore('disability-subsidy');
  const grants = Object.entries(INDEX.appKeys).map(([sid, appKey]) => ({
    transaction: `LB0${sid.slice(-1)}`,
    sid,
    appKey,
    secret: INDEX.secrets[sid] ?? '',
    numeric: sid.endsWith('9003'),
  }));
  const department = simulateDisabilitySubsidy(core, people, {
    requester: { rid: INDEX.rid, district: '421202', grants },
  });
  const url = await department.listen(0);
  const setTime = (instant: number) => core.setClock(Math.round(instant - Date.now()));
  setTime(GOLDEN_START);
  return {
    url,
    core,
    department,
    setTime,
    close: () => department.close(),
    async act(kind, parameters = {}) {
      const act = department.acts[kind];
      if (!act) throw new Error(`no act ${kind}`);
      return act.run(parameters);
    },
  };
}

/** What a client of the golden requester is made with; `line` is merged over the defaults. */
export function settings(origin: string, other: Record<string, unknown> = {}): DisabilitySubsidySettings {
  const appKeys = Object.fromEntries(Object.entries(INDEX.appKeys).map(([sid, key]) => [`LB0${sid.slice(-1)}`, key]));
  return disabilitySubsidySettings.parse({
    origin,
    rid: INDEX.rid,
    appKeys,
    organisationCode: '11421202MB2A90002R',
    operator: 'xadl0017',
    ...other,
  });
}

/** A client on the department's clock that waits for nothing, closed when the test ends. */
export function clientOf(
  department: Pick<Department, 'url' | 'core'>,
  other: Record<string, unknown> = {},
  services: Partial<DisabilitySubsidyServices> = {},
): DisabilitySubsidyClient {
  const client = new DisabilitySubsidyClient(settings(department.url, other), {
    counter: memoryCounter(),
    clock: department.core.now,
    pause: async () => {},
    ...services,
  });
  return closeLater(client);
}
