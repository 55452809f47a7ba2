import { randomUUID } from 'node:crypto';
import type {
  CaseMaterial,
  RegisteredCase,
  RegisteredResult,
  RegisteredStep,
} from '../../adapters/database/case-registry.ts';
import type { Store } from '../../adapters/database/store.ts';
import type { WriteTransaction } from '../../adapters/database/writing.ts';
import { CASE_STATUS } from '../case-codes.ts';
import { invalidInput } from '../invalid-input.ts';
import { noSuchCase } from '../services/case-for.ts';
import { reportCase } from '../services/case-reports.ts';
import type { DirectoryOperator } from '../services/directory.ts';
import type { CaseState, Closing, TakenStep } from './case-state.ts';
import type { CaseCommand } from './commands.ts';
import type { CommandRefused } from './fitting.ts';
import { type Handler, handlerOf, organisationOf } from './handler.ts';
import { pausesOf } from './pauses.ts';
import { processOf } from './process.ts';
import { promiseAt } from './promise.ts';
import { commandReports, type MovedCase, openingReports, type Told, toldOf } from './reports.ts';
import { type Actor, apply, type CaseChanges, open } from './transitions.ts';
import type { WorkingDays } from './working-days.ts';

/** An application, checked. */
export interface Application {
  readonly itemId: string;
  readonly channel: string;
  readonly applicant: { readonly idNumber: string; readonly name: string };
  readonly mobile: string | null;
  /** Who applies in the applicant's place. */
  readonly agent: { readonly idNumber: string; readonly name: string } | null;
  readonly materials: readonly CaseMaterial[];
  readonly operator: DirectoryOperator;
  readonly at: number;
}

/** A case at the moment at which a mutation had changed it. */
export interface CaseAsItWas {
  readonly case: RegisteredCase;
  readonly steps: readonly RegisteredStep[];
}

/** A case that a command has moved. */
export interface CaseMoved extends CaseAsItWas {
  readonly kind: 'done';
}

/**
 * Where cases are opened and moved on: every change goes through the transition table, is written with its version and has the platform
 * told, in one transaction.
 */
export class CaseDesk {
  readonly #store: Store;
  readonly #calendar: WorkingDays;

  constructor(store: Store, calendar: WorkingDays) {
    this.#store = store;
    this.#calendar = calendar;
  }

  /** Opens a case. Returns it as it is then. */
  async open(tx: WriteTransaction, application: Application): Promise<CaseAsItWas> {
    const { registry, tasks } = this.#store;
    const { itemId, operator, at, applicant, agent, mobile, channel, materials } = application;
    const process = processOf(itemId);
    const handle = registry.handle(applicant.idNumber);
    // The name on an application is the case's: it becomes the resident's only where none is known.
    await registry.addApplicant(tx, applicant);
    const { next, changes } = open(itemId, { applicant: handle, account: operator.account }, at);
    const id = randomUUID();
    const opened = {
      id,
      itemId,
      applicantHandle: handle,
      applicantName: applicant.name,
      agent,
      mobile,
      channel,
      organisation: organisationOf(operator),
      operator: operator.account,
      status: next.status,
      appliedAt: at,
      projectType: process.promise === null ? '1' : '2',
      promiseDays: process.promise?.amount ?? 0,
      visitsPromised: process.visits,
      visitsMade: channel === 'window' || channel === 'kiosk' || channel === 'bank' ? 1 : 0,
    } as const;
    const found = await registry.openCase(tx, opened);
    await registry.addMaterials(tx, id, materials);
    const steps = await this.#writeSteps(tx, { case: found, steps: [] }, changes, handlerOf(operator, null));
    await reportCase(tx, tasks, id, openingReports(process, at), at);
    return { case: found, steps };
  }

  /**
   * Moves a case on, and returns it as it is then. Throws `NOT_FOUND` and, for what does not fit, `INVALID_INPUT` that names the place in
   * the mutation's input and says what would fit.
   */
  async command(
    tx: WriteTransaction,
    caseId: string,
    command: CaseCommand,
    by: Handler,
    at: number,
  ): Promise<CaseAsItWas> {
    const moved = await this.tryCommand(tx, await this.asItIs(tx, caseId), command, by, at);
    if (moved.kind === 'refused') throw invalidInput(`input.${moved.field}`, moved.refusal);
    return { case: moved.case, steps: moved.steps };
  }

  /** The same with a case that is held, and with a refusal told and not thrown. */
  async tryCommand(
    tx: WriteTransaction,
    held: CaseAsItWas,
    command: CaseCommand,
    by: Handler,
    at: number,
  ): Promise<CaseMoved | CommandRefused> {
    const { registry, tasks } = this.#store;
    const { case: before } = held;
    const actor: Actor = { account: by.account, resident: by.resident };
    const applied = apply(stateOf(before, held.steps), command, at, actor);
    if (applied.kind === 'refused') return applied;
    const { changes, next } = applied;
    const steps = await this.#writeSteps(tx, held, changes, by);
    const promise = this.#promise(before, next, changes);
    const after = await registry.changeHeld(tx, before, {
      status: changes.status,
      ...(changes.acceptedAt !== null && { acceptedAt: changes.acceptedAt }),
      promiseAt: promise,
      ...(changes.closing && { result: resultOf(changes.closing) }),
    });
    await this.#writeSpecial(tx, before.id, changes);
    const promiseTold = promise ?? this.#promiseAsIfAccepted(before, at);
    const moved = { before, after, recordedSteps: steps, promiseTold, changes, by, at };
    await reportCase(tx, tasks, before.id, commandReports({ ...moved, ...(await this.#told(tx, moved)) }), at);
    return { kind: 'done', case: after, steps };
  }

  /** The case as it is within the transaction: what a mutation answers, also when it is asked again later. */
  async asItIs(tx: WriteTransaction, caseId: string): Promise<CaseAsItWas> {
    const found = await this.held(tx, caseId);
    return { case: found, steps: (await this.#store.registry.steps([caseId], tx)).get(caseId) ?? [] };
  }

  /** A visit of the applicant more (到现场次数). */
  async recordVisit(tx: WriteTransaction, held: RegisteredCase, visitsMade: number): Promise<void> {
    await this.#store.registry.changeHeld(tx, held, { visitsMade });
  }

  /** The case, held until the transaction ends. Throws `NOT_FOUND`. */
  async held(tx: WriteTransaction, caseId: string, field = 'input.caseId'): Promise<RegisteredCase> {
    const found = await this.#store.registry.caseForUpdate(tx, caseId);
    if (found) return found;
    throw noSuchCase(field);
  }

  /** What is told of a command and stands neither with the case nor with its steps; read only where it is told. */
  async #told(tx: WriteTransaction, moved: MovedCase): Promise<Told> {
    const { registry } = this.#store;
    const { id, applicantHandle, applicantName } = moved.before;
    const { acceptance, materials, special } = toldOf(moved);
    const [resident] = acceptance ? await registry.residents([applicantHandle], tx) : [];
    if (acceptance && !resident) throw new Error('the applicant of a case is not in the registry');
    return {
      applicant: resident ? { idNumber: resident.idNumber, name: applicantName ?? resident.name ?? '' } : null,
      materials: materials ? ((await registry.materials([id], tx)).get(id) ?? []) : [],
      special: special ? ((await registry.specialProcedures([id], tx)).get(id) ?? []) : [],
    };
  }

  async #writeSpecial(tx: WriteTransaction, caseId: string, { special }: CaseChanges): Promise<void> {
    const { registry } = this.#store;
    if (special?.kind === 'begun') {
      const { procedure, name, reason, at: startedAt } = special;
      await registry.beginSpecialProcedure(tx, caseId, { kind: procedure, name, reason, startedAt });
    }
    if (special?.kind === 'ended') {
      await registry.endSpecialProcedure(tx, caseId, { endedAt: special.at, outcome: special.outcome });
    }
  }

  /** Reckoned anew when the case is accepted and when a pause begins or ends; else it stays, also past the known calendar. */
  #promise(found: RegisteredCase, next: CaseState, changes: CaseChanges): number | null {
    const acceptedAt = changes.acceptedAt ?? found.acceptedAt;
    const pauses = pausesOf(next.steps);
    const isPausing = (status: string) =>
      status === CASE_STATUS.WAITING_FOR_SUPPLEMENT || status === CASE_STATUS.SUSPENDED;
    const paused = isPausing(found.status) !== isPausing(next.status);
    if (acceptedAt === null || !(changes.acceptedAt !== null || paused)) return found.promiseAt;
    return promiseAt(processOf(found.itemId).promise, acceptedAt, pauses, this.#calendar);
  }

  /** The platform wants one of a case that is refused or waits for a supplement before its acceptance too, or calls it overdue. */
  #promiseAsIfAccepted({ itemId, acceptedAt }: RegisteredCase, at: number): number {
    return (acceptedAt === null ? promiseAt(processOf(itemId).promise, at, [], this.#calendar) : null) ?? at;
  }

  /** Writes what changes of a case's steps, and gives all of them as they are then, in order. */
  async #writeSteps(
    tx: WriteTransaction,
    { case: { id }, steps: known }: CaseAsItWas,
    { steps, dropped, lastStep }: CaseChanges,
    by: Handler,
  ): Promise<readonly RegisteredStep[]> {
    const { registry } = this.#store;
    const all = new Map(known.map((step) => [step.number, step]));
    if (dropped !== null) {
      await registry.removeStep(tx, id, dropped);
      all.delete(dropped);
    }
    for (const { number, name, outcome, startedAt, endedAt, explanation, nodeType, action } of steps) {
      const step = {
        ...{ number, name, outcome, startedAt, endedAt, explanation, nodeType, action },
        handler: by.name,
        operator: by.account,
        organisation: by.organisation,
      };
      await registry.writeStep(tx, id, step);
      all.set(number, step);
    }
    const last = lastStep && all.get(lastStep.number);
    if (lastStep) await registry.markStep(tx, id, lastStep.number, lastStep.nodeType);
    if (lastStep && last) all.set(last.number, { ...last, nodeType: lastStep.nodeType });
    return [...all.values()].sort((one, other) => one.number - other.number);
  }
}

function resultOf({ type, at, explanation, certificate }: Closing): RegisteredResult {
  return {
    type,
    at,
    explanation,
    certificateName: certificate?.name ?? null,
    certificateNumber: certificate?.number ?? null,
  };
}

/** What the rules need of a case of the registry. */
export function stateOf(found: RegisteredCase, steps: readonly RegisteredStep[]): CaseState {
  return {
    itemId: found.itemId,
    status: statusOf(found.status),
    applicant: found.applicantHandle,
    openedBy: found.operator,
    appliedAt: found.appliedAt,
    acceptedAt: found.acceptedAt,
    steps: steps.map((step): TakenStep => ({ ...step, outcome: step.outcome as TakenStep['outcome'] })),
  };
}

const STATUSES: ReadonlySet<string> = new Set(Object.values(CASE_STATUS));

function statusOf(code: string): CaseState['status'] {
  if (!STATUSES.has(code)) throw new Error(`unknown case status ${code}`);
  return code as CaseState['status'];
}
