import { randomUUID } from 'node:crypto';
import type { CaseMaterial, RegisteredCase, RegisteredStep } from '../../adapters/database/case-registry.ts';
import type { Store } from '../../adapters/database/store.ts';
import type { WriteTransaction } from '../../adapters/database/writing.ts';
import { CASE_STATUS } from '../case-codes.ts';
import { invalidInput } from '../invalid-input.ts';
import { noSuchCase } from '../services/case-for.ts';
import { reportCase } from '../services/case-reports.ts';
import type { DirectoryOperator } from '../services/directory.ts';
import type { CaseState, TakenStep } from './case-state.ts';
import type { CaseCommand } from './commands.ts';
import type { CommandRefused } from './fitting.ts';
import { type Handler, handlerOf, organisationOf } from './handler.ts';
import { pausesOf } from './pauses.ts';
import { processOf } from './process.ts';
import { promiseAt } from './promise.ts';
import { commandReports, openingReports } from './reports.ts';
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

  /** Opens a case. Returns its id. */
  async open(tx: WriteTransaction, application: Application): Promise<string> {
    const { registry, tasks } = this.#store;
    const { itemId, operator, at, applicant, agent, mobile, channel, materials } = application;
    const process = processOf(itemId);
    const handle = registry.handle(applicant.idNumber);
    const [resident] = await registry.residents([handle], tx);
    await registry.upsertResident(tx, {
      idNumber: applicant.idNumber,
      // The name on an application is the case's: it becomes the resident's only where none is known.
      name: resident?.name ?? applicant.name,
      hukouDivision: null,
      residenceDivision: null,
    });
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
    await registry.openCase(tx, opened);
    await registry.addMaterials(tx, id, materials);
    await this.#writeSteps(tx, id, changes, handlerOf(operator, null));
    await reportCase(tx, tasks, id, openingReports(process, at), at);
    return id;
  }

  /**
   * Moves a case on. Throws `NOT_FOUND` and, for what does not fit, `INVALID_INPUT` that names the place in the mutation's input and says
   * what would fit.
   */
  async command(tx: WriteTransaction, caseId: string, command: CaseCommand, by: Handler, at: number): Promise<void> {
    const refused = await this.tryCommand(tx, caseId, command, by, at);
    if (refused) throw invalidInput(`input.${refused.field}`, refused.refusal);
  }

  /** The same, with a refusal told and not thrown: null when the command was done. */
  async tryCommand(
    tx: WriteTransaction,
    caseId: string,
    command: CaseCommand,
    by: Handler,
    at: number,
  ): Promise<CommandRefused | null> {
    const { registry, tasks } = this.#store;
    const found = await this.held(tx, caseId);
    const steps = (await registry.steps([caseId], tx)).get(caseId) ?? [];
    const actor: Actor = { account: by.account, resident: by.resident };
    const applied = apply(stateOf(found, steps), command, at, actor);
    if (applied.kind === 'refused') return applied;
    const { changes, next } = applied;
    await this.#writeSteps(tx, caseId, changes, by);
    const promise = this.#promise(found, next, changes);
    await registry.updateCase(tx, caseId, found.version, {
      status: changes.status,
      ...(changes.acceptedAt !== null && { acceptedAt: changes.acceptedAt }),
      promiseAt: promise,
      ...(changes.closing && { result: { ...changes.closing, ...certificateOf(changes) } }),
    });
    if (changes.special?.kind === 'begun') {
      const { procedure, name, reason, at: begunAt } = changes.special;
      await registry.beginSpecialProcedure(tx, caseId, { kind: procedure, name, reason, startedAt: begunAt });
    }
    if (changes.special?.kind === 'ended') {
      await registry.endSpecialProcedure(tx, caseId, { endedAt: changes.special.at, outcome: changes.special.outcome });
    }
    const reports = commandReports({
      before: found,
      after: {
        ...found,
        status: changes.status,
        acceptedAt: changes.acceptedAt ?? found.acceptedAt,
        promiseAt: promise,
        version: found.version + 1,
      },
      applicant: await this.#applicant(tx, found),
      materials: (await registry.materials([caseId], tx)).get(caseId) ?? [],
      special: (await registry.specialProcedures([caseId], tx)).get(caseId) ?? [],
      recordedSteps: (await registry.steps([caseId], tx)).get(caseId) ?? [],
      promiseTold: promise ?? this.#promiseAsIfAccepted(found, at),
      changes,
      by,
      at,
    });
    await reportCase(tx, tasks, caseId, reports, at);
    return null;
  }

  /** The case as it is within the transaction: what a mutation answers, also when it is asked again later. */
  async asItIs(tx: WriteTransaction, caseId: string): Promise<CaseAsItWas> {
    const found = await this.held(tx, caseId);
    return { case: found, steps: (await this.#store.registry.steps([caseId], tx)).get(caseId) ?? [] };
  }

  /** A visit of the applicant more (到现场次数). */
  async recordVisit(tx: WriteTransaction, { id, version }: RegisteredCase, visitsMade: number): Promise<void> {
    await this.#store.registry.updateCase(tx, id, version, { visitsMade });
  }

  /** The case, held until the transaction ends. Throws `NOT_FOUND`. */
  async held(tx: WriteTransaction, caseId: string, field = 'input.caseId'): Promise<RegisteredCase> {
    const found = await this.#store.registry.caseForUpdate(tx, caseId);
    if (found) return found;
    throw noSuchCase(field);
  }

  async #applicant(tx: WriteTransaction, found: RegisteredCase) {
    const [resident] = await this.#store.registry.residents([found.applicantHandle], tx);
    if (!resident) throw new Error('the applicant of a case is not in the registry');
    return { idNumber: resident.idNumber, name: found.applicantName ?? resident.name ?? '' };
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

  async #writeSteps(tx: WriteTransaction, caseId: string, { steps, dropped, lastStep }: CaseChanges, by: Handler) {
    const { registry } = this.#store;
    if (dropped !== null) await registry.removeStep(tx, caseId, dropped);
    for (const step of steps) {
      await registry.writeStep(tx, caseId, {
        number: step.number,
        name: step.name,
        outcome: step.outcome,
        startedAt: step.startedAt,
        endedAt: step.endedAt,
        handler: by.name,
        operator: by.account,
        explanation: step.explanation,
        organisation: by.organisation,
        nodeType: step.nodeType,
        action: step.action,
      });
    }
    if (lastStep) await registry.markStep(tx, caseId, lastStep.number, lastStep.nodeType);
  }
}

function certificateOf({ closing }: CaseChanges) {
  return {
    certificateName: closing?.certificate?.name ?? null,
    certificateNumber: closing?.certificate?.number ?? null,
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
