import type {
  CaseMaterial,
  RegisteredCase,
  RegisteredStep,
  SpecialProcedure,
} from '../../adapters/database/case-registry.ts';
import { chinaDateTime } from '../../adapters/values/china-time.ts';
import plan from '../../seeds/catalogue.json' with { type: 'json' };
import items from '../../seeds/items.json' with { type: 'json' };
import { CASE_CHANNEL } from '../case-codes.ts';
import type { CaseReport } from '../services/case-reports.ts';
import type { Handler } from './handler.ts';
import { type ItemProcess, processOf } from './process.ts';
import type { CaseChanges } from './transitions.ts';

/** What a command made of a case. */
export interface MovedCase {
  readonly before: RegisteredCase;
  readonly after: RegisteredCase;
  /** The case's steps as they are now written. */
  readonly recordedSteps: readonly RegisteredStep[];
  readonly changes: CaseChanges;
  /** Until when a decision is promised. */
  readonly promiseTold: number;
  readonly by: Handler;
  readonly at: number;
}

/** What else the platform's records may tell of it; `toldOf` says which. */
export interface Told {
  readonly applicant: { readonly idNumber: string; readonly name: string } | null;
  readonly materials: readonly CaseMaterial[];
  readonly special: readonly SpecialProcedure[];
}

type Moved = MovedCase & Told;

/** 提交方式 (applyType, unified-acceptance 3.1): machines are reported as "other" with words in the summary. */
const SUBMISSION_WAY: Readonly<Record<string, '0' | '1' | '8'>> = {
  [CASE_CHANNEL.ONLINE]: '1',
  [CASE_CHANNEL.KIOSK]: '8',
  [CASE_CHANNEL.BANK]: '8',
};
const MACHINE = '自助设备办理';
const MATERIAL_NEEDED = true;

/** What the platform is told when a case is opened: its number is asked for. */
export function openingReports({ itemId }: ItemProcess, appliedAt: number): CaseReport[] {
  const { taskCode, taskHandleItem } = codesOf(itemId);
  return [{ kind: 'allot', request: { taskCode, handlingItem: taskHandleItem, appliedAt: chinaDateTime(appliedAt) } }];
}

/** Which of what stands elsewhere is told of a command. */
export function toldOf(moved: MovedCase): Readonly<Record<'acceptance' | 'materials' | 'special', boolean>> {
  return {
    acceptance: isFirst(moved) || acceptanceChanged(moved),
    materials: isFirst(moved),
    special: moved.changes.special !== null,
  };
}

/**
 * What the platform is told of a command, in the order that it demands (unified-acceptance 3.3): the acceptance record before all
 * others, and again when what it tells has changed; the end of a special procedure before the steps, its begin after them; the
 * closing last.
 */
export function commandReports(moved: Moved): CaseReport[] {
  const { after, changes, materials } = moved;
  const reports: CaseReport[] = [];
  const told = toldOf(moved);
  if (told.acceptance) reports.push({ kind: 'acceptance', record: acceptance(moved) });
  if (told.materials && materials.length > 0)
    reports.push({ kind: 'materials', records: materials.map((one) => material(after, one)) });
  if (changes.special?.kind === 'ended') reports.push(special(moved));
  const steps = stepRecords(moved);
  if (steps.length > 0) reports.push({ kind: 'steps', records: steps });
  if (changes.special?.kind === 'begun') reports.push(special(moved));
  if (changes.closing?.reported) reports.push({ kind: 'result', record: result(moved) });
  return reports;
}

/** True for the command that the platform learns of the case by. */
function isFirst({ before, after }: MovedCase): boolean {
  return before.status === '1' && after.status !== '1';
}

/** The acceptance record tells when the case was accepted and until when a decision is promised; while the clock stands still, neither changes. */
function acceptanceChanged({ before, after }: MovedCase): boolean {
  if (!isReportedByUs(after) || after.acceptedAt === null) return false;
  const promised = after.promiseAt !== null && after.promiseAt !== before.promiseAt;
  return promised || after.acceptedAt !== before.acceptedAt;
}

/** What the platform learnt from elsewhere has record numbers that are not ours: it cannot be corrected from here. */
function isReportedByUs({ operator }: RegisteredCase): boolean {
  return operator !== null;
}

type AcceptanceRecord = Extract<CaseReport, { kind: 'acceptance' }>['record'];
type StepRecord = Extract<CaseReport, { kind: 'steps' }>['records'][number];

/** A case that is not accepted (yet) is told with the moment of the decision about it. */
function acceptance({ before, after, applicant, promiseTold, at, by }: Moved): AcceptanceRecord {
  const { itemName, promise } = processOf(after.itemId);
  const codes = codesOf(after.itemId);
  const machine = SUBMISSION_WAY[after.channel] === '8';
  if (!applicant) throw new Error('an acceptance is told without its applicant');
  const { agent, mobile } = after;
  return {
    rowGuid: `${after.id}-a`,
    version: before.status === '1' ? 1 : after.version + 1,
    item: {
      ...(codes.standard
        ? { catalogCode: codes.catalogCode, taskCode: codes.taskCode }
        : { localCatalogCode: codes.catalogCode, localTaskCode: codes.taskCode }),
      handlingItem: codes.taskHandleItem,
      name: itemName,
      version: 1,
    },
    summary: machine ? `${itemName}（${MACHINE}）` : itemName,
    projectType: promise === null ? '1' : '2',
    submission: SUBMISSION_WAY[after.channel] ?? '0',
    applicant: { type: '1', name: applicant.name, documentType: '111', documentNumber: applicant.idNumber },
    ...((agent || mobile) && {
      contact: {
        ...(agent && { name: agent.name, documentType: '111' as const, documentNumber: agent.idNumber }),
        ...(mobile && { phone: mobile }),
      },
    }),
    organisation: { code: after.organisation.code, name: after.organisation.name },
    handler: by.name,
    appliedAt: chinaDateTime(after.appliedAt),
    acceptedAt: chinaDateTime(after.acceptedAt ?? at),
    ...(promise && {
      promise: {
        amount: promise.amount,
        unit: promise.unit,
        date: chinaDateTime(promiseTold),
      },
    }),
    ...(after.visitsPromised !== null && { visits: after.visitsPromised }),
  };
}

/** Steps are told once they are done; the last again when it turns out to be the last. */
function stepRecords(moved: Moved): StepRecord[] {
  const { after, recordedSteps, changes } = moved;
  const first = isFirst(moved);
  const numbers = new Set(changes.steps.map(({ number }) => number));
  if (changes.lastStep && isReportedByUs(after)) numbers.add(changes.lastStep.number);
  return recordedSteps
    .filter((step) => step.outcome !== null && (first || numbers.has(step.number)))
    .map(
      (step): StepRecord => ({
        rowGuid: `${after.id}-s${step.number}`,
        version: changes.lastStep?.number === step.number && !first ? 2 : 1,
        number: step.number,
        name: step.name,
        nodeType: step.nodeType as StepRecord['nodeType'],
        nodeState: '02',
        nodeResult: step.outcome as StepRecord['nodeResult'],
        action: step.action as StepRecord['action'],
        startedAt: chinaDateTime(step.startedAt),
        endedAt: chinaDateTime(step.endedAt ?? step.startedAt),
        handler: step.handler,
        ...(step.explanation !== null && { explanation: step.explanation }),
        organisation: step.organisation,
      }),
    );
}

function special({ after, special: procedures, by }: Moved): CaseReport {
  const last = procedures.at(-1);
  if (!last) throw new Error('a special procedure is told that is not kept');
  return {
    kind: 'special-procedure',
    record: {
      rowGuid: `${after.id}-p${procedures.length}`,
      version: last.endedAt === null ? 1 : 2,
      type: last.kind as Extract<CaseReport, { kind: 'special-procedure' }>['record']['type'],
      name: last.name,
      reason: last.reason,
      startedAt: chinaDateTime(last.startedAt),
      endedAt: last.endedAt === null ? null : chinaDateTime(last.endedAt),
      ...(last.outcome !== null && { outcome: last.outcome }),
      handler: by.name,
    },
  };
}

function result({ after, changes: { closing }, by }: Moved): Extract<CaseReport, { kind: 'result' }>['record'] {
  if (!closing) throw new Error('a closing is told that is none');
  return {
    rowGuid: `${after.id}-r`,
    version: 1,
    type: closing.type,
    at: chinaDateTime(closing.at),
    ...(closing.explanation !== null && { explanation: closing.explanation }),
    ...(closing.certificate && {
      certificateName: closing.certificate.name,
      certificateNumber: closing.certificate.number,
    }),
    handler: by.name,
    organisation: { code: by.organisation.code, name: by.organisation.name },
  };
}

function material(after: RegisteredCase, { number, name, copies, way }: CaseMaterial) {
  return {
    rowGuid: `${after.id}-m${number}`,
    version: 1,
    name,
    way: way as '0',
    count: copies,
    required: MATERIAL_NEEDED,
  };
}

interface ItemCodes {
  readonly taskCode: string;
  readonly catalogCode: string;
  readonly taskHandleItem: string;
  /** False for what the annex marks 非标准事项: it has no national code (unified-acceptance 3.1). */
  readonly standard: boolean;
}

const CODES: ReadonlyMap<string, ItemCodes> = new Map(
  items.items.map((item) => [
    item.id,
    { ...item, standard: plan.items.find(({ id }) => id === item.id)?.note !== '非标准事项' },
  ]),
);

function codesOf(itemId: string): ItemCodes {
  const codes = CODES.get(itemId);
  if (!codes) throw new Error(`seeds/items.json: no codes for ${itemId}`);
  return codes;
}
