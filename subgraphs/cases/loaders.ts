import DataLoader from 'dataloader';
import type {
  CaseMaterial,
  CasePosition,
  CaseQuery,
  CaseRegistry,
  RegisteredCase,
  RegisteredReference,
  RegisteredResident,
  RegisteredStep,
} from '../../adapters/database/case-registry.ts';
import type { Resolution } from '../../adapters/database/resolutions.ts';
import type { Store } from '../../adapters/database/store.ts';
import type { Submission } from '../../adapters/database/submissions.ts';
import type { Tasks } from '../../adapters/database/tasks.ts';
import type { Clock } from '../../adapters/values/china-time.ts';
import { batchLoader } from '../loader.ts';
import type { Directory } from '../services/directory.ts';
import { settleQueue } from '../services/resolutions.ts';
import type { RequestScope } from '../subgraph.ts';
import type { CaseDesk } from './desk.ts';

/** One resident's page of cases. */
export interface ResidentCasesKey {
  readonly handle: string;
  readonly query: Omit<CaseQuery, 'applicantHandles'>;
  readonly after?: CasePosition;
  readonly limit: number;
}

/** What every request of this subgraph works with. */
export interface CasesSurroundings {
  readonly store: Store;
  readonly desk: CaseDesk;
  readonly clock: Clock;
  readonly directory: Directory;
}

/** The loaders of one request. */
export interface CasesContext extends CasesSurroundings {
  readonly idempotencyKey: string | undefined;
  readonly materials: DataLoader<string, readonly CaseMaterial[]>;
  readonly submissions: DataLoader<string, readonly Submission[]>;
  /** By submission. */
  readonly resolutions: DataLoader<string, readonly Resolution[]>;
  readonly lastQuestion: DataLoader<Submission, string | null, string>;
  readonly registry: CaseRegistry;
  readonly resident: DataLoader<string, RegisteredResident | null>;
  readonly caseById: DataLoader<string, RegisteredCase | null>;
  readonly caseByNumber: DataLoader<string, RegisteredCase | null>;
  readonly steps: DataLoader<string, readonly RegisteredStep[]>;
  readonly references: DataLoader<string, readonly RegisteredReference[]>;
  readonly residentReferences: DataLoader<string, readonly RegisteredReference[]>;
  readonly residentCases: DataLoader<ResidentCasesKey, RegisteredCase[], string>;
}

export function casesContext(surroundings: CasesSurroundings, { idempotencyKey }: RequestScope): CasesContext {
  const { registry, submissions, resolutions, tasks } = surroundings.store;
  return {
    ...surroundings,
    idempotencyKey,
    registry,
    materials: batchLoader((ids) => registry.materials(ids), []),
    submissions: batchLoader((ids) => submissions.ofCases(ids), []),
    resolutions: batchLoader((ids) => resolutions.ofSubmissions(ids), []),
    lastQuestion: new DataLoader((keys) => lastQuestions(tasks, keys), { cacheKeyFn: ({ id }) => id }),
    resident: batchLoader(async (handles) => keyed(await registry.residents(handles), (row) => row.handle), null),
    caseById: batchLoader(async (ids) => keyed(await registry.casesById(ids), (row) => row.id), null),
    caseByNumber: batchLoader(
      async (numbers) => keyed(await registry.casesByNumber(numbers), (row) => row.number ?? ''),
      null,
    ),
    steps: batchLoader((ids) => registry.steps(ids), []),
    references: batchLoader((ids) => registry.references(ids), []),
    residentReferences: batchLoader((handles) => registry.referencesOfResidents(handles), []),
    residentCases: new DataLoader((keys) => residentCases(registry, keys), {
      cacheKeyFn: (key) => JSON.stringify(key),
    }),
  };
}

/** First pages of many residents with the same conditions are read in one query; every other page is a query of its own. */
function residentCases(
  registry: CaseRegistry,
  keys: readonly ResidentCasesKey[],
): Promise<(RegisteredCase[] | Error)[]> {
  const together = new Map<string, Promise<Map<string, RegisteredCase[]>>>();
  const firstPages = (query: ResidentCasesKey['query']) => {
    const group = JSON.stringify(query);
    let reading = together.get(group);
    if (reading === undefined) {
      const handles = keys.filter((key) => !key.after && JSON.stringify(key.query) === group).map((key) => key.handle);
      reading = registry
        .casePage({ ...query, applicantHandles: [...new Set(handles)] }, { limit: Number.MAX_SAFE_INTEGER })
        .then((rows) => Map.groupBy(rows, (row) => row.applicantHandle));
      together.set(group, reading);
    }
    return reading;
  };
  return Promise.all(
    keys.map(async (key) => {
      if (key.after) {
        return registry.casePage(
          { ...key.query, applicantHandles: [key.handle] },
          { after: key.after, limit: key.limit },
        );
      }
      return (await firstPages(key.query)).get(key.handle)?.slice(0, key.limit) ?? [];
    }),
  );
}

/** What came of the last question after each write, by the line of its department's worker. */
async function lastQuestions(tasks: Tasks, writes: readonly Submission[]): Promise<(string | null)[]> {
  const lines = Map.groupBy(writes, ({ system }) => settleQueue(system));
  const backlogs = await Promise.all(
    [...lines].map(([queue, own]) =>
      tasks.backlogs(
        queue,
        own.map(({ id }) => id),
      ),
    ),
  );
  const found = keyed(backlogs.flat(), ({ orderKey }) => orderKey);
  return writes.map(({ id }) => found.get(id)?.lastError ?? null);
}

function keyed<Row>(rows: readonly Row[], key: (row: Row) => string): Map<string, Row> {
  return new Map(rows.map((row) => [key(row), row]));
}
