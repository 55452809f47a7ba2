import type { Store } from '../../adapters/database/store.ts';
import type { Task } from '../../adapters/database/tasks.ts';
import items from '../../seeds/items.json' with { type: 'json' };
import { CASE_STATUS } from '../case-codes.ts';
import type { CaseEvent } from '../services/case-events.ts';
import { reportCase } from '../services/case-reports.ts';
import type { Directory } from '../services/directory.ts';
import type { TaskEnd } from '../services/worker.ts';
import { type CaseStatus, isClosed } from './case-state.ts';
import { type CaseDesk, stateOf } from './desk.ts';
import { follow } from './flows.ts';
import { type Handler, handlerOf } from './handler.ts';
import type { Actor } from './transitions.ts';

/** Told of an event that no longer fits its case: somebody moved it by hand, say. */
export type UnfitReport = (why: string, event: CaseEvent) => void;

const DEPARTMENT_SYSTEM = '部门业务系统';
const DISTRICT = '421202000000';

/**
 * Brings a case to where a department's event says it is, by the item's flow. An event that comes again or late changes nothing; one
 * that does not fit is told to whoever runs the gateway, and the department's record stays with the case all the same.
 */
export function followEvent(
  { body }: Task,
  { store, desk, directory, unfit }: { store: Store; desk: CaseDesk; directory: Directory; unfit: UnfitReport },
): TaskEnd {
  const event = body as CaseEvent;
  return async (tx) => {
    let held = await desk.asItIs(tx, event.caseId);
    const operator = event.operator === null ? undefined : directory.findOperator(event.operator);
    const resident = operator?.idNumber === undefined ? null : store.registry.handle(operator.idNumber);
    const ours: Actor = { account: event.operator, resident };
    const state = stateOf(held.case, held.steps);
    const followed = follow(state, event, event.operator === null ? undefined : ours);
    if (followed.kind === 'unchanged' && followed.because === 'unfit') unfit(followed.why.en, event);
    for (const { command, by } of followed.kind === 'done' ? followed.moves : []) {
      const handler = by.account !== null && operator ? handlerOf(operator, resident) : departmentOf(held.case.itemId);
      const moved = await desk.tryCommand(tx, held, command, handler, event.at);
      if (moved.kind === 'refused') throw new Error(`a flow gave a command that does not fit: ${moved.refusal.en}`);
      held = moved;
    }
    const { status } = followed.kind === 'done' ? followed.next : state;
    if (takesReports(status)) await reportCase(tx, store.tasks, event.caseId, event.reports ?? [], event.at);
    else if (event.reports)
      unfit('The platform takes no such report of a case that is not accepted or has ended.', event);
  };
}

/** The platform refuses what is told of a case before its acceptance record (2201) and after its end (2203, unified-acceptance 4). */
function takesReports(status: CaseStatus): boolean {
  return status !== CASE_STATUS.RECEIVED && !isClosed(status);
}

/** The body that implements an item, as what its own system tells is recorded under. */
function departmentOf(itemId: string): Handler {
  const body = items.items.find(({ id }) => id === itemId);
  if (!body) throw new Error(`seeds/items.json: no body for ${itemId}`);
  return {
    account: null,
    name: DEPARTMENT_SYSTEM,
    organisation: { code: body.orgCode, name: body.orgName, division: DISTRICT },
    resident: null,
  };
}
