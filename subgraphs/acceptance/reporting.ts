import { createHash } from 'node:crypto';
import type { Store } from '../../adapters/database/store.ts';
import type { Task } from '../../adapters/database/tasks.ts';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import type { UnifiedAcceptanceClient } from '../../adapters/unified-acceptance/client.ts';
import type { CaseNumberAllotment, ReportOutcome } from '../../adapters/unified-acceptance/records.ts';
import { chinaDate, instantFromChina } from '../../adapters/values/china-time.ts';
import type { CaseReport } from '../services/case-reports.ts';
import { type TaskEnd, TaskStuck } from '../services/worker.ts';

const NOTHING_TO_WRITE: TaskEnd = () => Promise.resolve();

/** A record that the platform may take later: its clock is behind ours (2105, unified-acceptance 4). */
const LATER: ReadonlySet<string> = new Set(['2105']);

/** The 9,999 numbers of an item and day are used up: tomorrow there are more. */
const NO_NUMBERS_LEFT = '2204';

/** So many numbers are asked for while the platform gives those that other cases have. */
const MOST_NUMBERS = 1_000;

const DEPARTMENT = 'unified-acceptance';

/**
 * Tells the unified acceptance platform what is due of a case. The platform knows a record by `rowGuid` and `version` and an allotment by
 * its `requestNo`, so that telling again after any failure or death is safe (unified-acceptance 4).
 */
export async function report(
  task: Task,
  { registry }: Store,
  client: UnifiedAcceptanceClient,
  { signal, now }: { readonly signal: AbortSignal; readonly now: number },
): Promise<TaskEnd> {
  const { orderKey: caseId } = task;
  const told = task.body as CaseReport;
  if (told.kind === 'allot') {
    const isOthers = async (number: string) => (await registry.casesByNumber([number])).some(({ id }) => id !== caseId);
    const allotted = await allot(task, told, client, { signal, now, isOthers });
    return (tx) => registry.allotNumber(tx, caseId, allotted);
  }
  const known = await registry.allotted(caseId);
  if (!known) throw new Error('a case is reported without a number');
  await tell(told, { caseNumber: known.number, password: known.password }, client, signal).catch((error: unknown) => {
    throw refusalOf(error);
  });
  return NOTHING_TO_WRITE;
}

/** Tells one report. Throws what keeps it from being done. */
async function tell(
  told: Exclude<CaseReport, { kind: 'allot' }>,
  { caseNumber, password }: { readonly caseNumber: string; readonly password: string },
  client: UnifiedAcceptanceClient,
  signal: AbortSignal,
): Promise<void> {
  const ofCase = <Record extends object>(record: Record) => ({ ...record, caseNumber });
  switch (told.kind) {
    case 'acceptance':
      taken(await client.reportAcceptance([{ ...ofCase(told.record), password }], { signal }));
      break;
    case 'steps':
      taken(await client.reportProcess(told.records.map(ofCase), { signal }));
      break;
    case 'special-procedure':
      taken(await client.reportSpecialProcedure([ofCase(told.record)], { signal }));
      break;
    case 'materials':
      taken(await client.reportMaterials(told.records.map(ofCase), { signal }));
      break;
    case 'result':
      taken(await client.reportResult([ofCase(told.record)], { signal }));
      break;
    case 'fee':
      await client.reportFee(ofCase(told.order), { signal });
      break;
  }
}

/**
 * Asks for a case's number. A `requestNo` that was refused gets the same refusal for ever (unified-acceptance 4), so that after one another
 * must be used; which one follows from how often the task was taken, and all those before are asked first: whichever of them was
 * answered while nobody listened gives its number now, and no case gets two. A number that another case has is not taken: a platform
 * that was set back to an earlier state gives its numbers again.
 */
async function allot(
  { orderKey: caseId, attempts }: Task,
  { request }: Extract<CaseReport, { kind: 'allot' }>,
  client: UnifiedAcceptanceClient,
  {
    signal,
    now,
    isOthers,
  }: {
    readonly signal: AbortSignal;
    readonly now: number;
    readonly isOthers: (number: string) => Promise<boolean>;
  },
): Promise<CaseNumberAllotment> {
  for (let time = 1; ; time += 1) {
    try {
      const allotted = await client.allocate(request, { signal, requestNo: requestNoOf(caseId, time) });
      if (!(await isOthers(allotted.number))) return allotted;
      if (time >= MOST_NUMBERS) throw new TaskStuck(`${DEPARTMENT} gives numbers of other cases`);
    } catch (error) {
      const code = refusalCode(error);
      if (code !== undefined && time < attempts) continue;
      throw code === NO_NUMBERS_LEFT ? forLater(code, nextDay(now) - now) : refusalOf(error);
    }
  }
}

/** Throws what keeps a record from being done. */
function taken({ rejected: [first] }: ReportOutcome): void {
  if (first) throw rejection(first.code);
}

/** What a failed message comes to: stuck where no trying helps. */
function refusalOf(error: unknown): unknown {
  // A record that cannot be written as the platform wants it never left.
  if (error instanceof CasegraphError && error.code === 'INVALID_INPUT')
    return new TaskStuck(['INVALID_INPUT', error.details.field].join(' ').trim());
  const code = refusalCode(error);
  return code === undefined ? error : rejection(code);
}

/** The code of a refusal of the record, and not of the message or the moment (unified-acceptance 4). */
function refusalCode(error: unknown): string | undefined {
  const code = error instanceof CasegraphError ? error.details.departmentCode : undefined;
  return code !== undefined && /^2[12]/.test(code) ? code : undefined;
}

function rejection(code: string): Error {
  // What was refused stays refused: a person has to look, and what follows of the case waits.
  return LATER.has(code) ? forLater(code) : new TaskStuck(`${DEPARTMENT} ${code}`);
}

/** What the platform will take at another moment. */
function forLater(departmentCode: string, retryAfterMs?: number): CasegraphError {
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  return new CasegraphError('DEPARTMENT_REJECTED', undefined, { department: DEPARTMENT, departmentCode, ...wait });
}

/** When the serials of the day begin anew, a minute later for clocks that differ. */
function nextDay(now: number): number {
  return instantFromChina(`${chinaDate(now)} 23:59:59`) + 61_000;
}

/** The same for the same case and time, whichever process asks. */
function requestNoOf(caseId: string, time: number): string {
  return createHash('sha256').update(`allot\0${caseId}\0${time}`).digest('hex').slice(0, 32);
}
