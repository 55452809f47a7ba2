import type { Clerk } from './clerk.ts';
import type { LedgerLine, Platform } from './platform.ts';

interface WorkItem {
  readonly posting: { readonly id: string; readonly step: string | null };
  readonly reason: string;
  readonly messageReferences: readonly string[];
  readonly resolutions: readonly string[];
}

/** What a person tells the gateway. */
interface Word {
  readonly resolution: string;
  readonly serial?: string;
  readonly visitId?: string;
}

const WORK_LIST = `{ workList(first: 50) { edges { node {
  posting { id step } reason messageReferences resolutions } } } }`;
const RESOLVE = `mutation ($input: ResolveWorkItemInput!) { resolveWorkItem(input: $input) { posting { id } } }`;
const OPERATOR = 'medical-security';

/** Somebody at the medical-security bureau who works off the work list, by what the platform's own books show. */
export class Person {
  readonly #clerk: Clerk;
  readonly #platform: Platform;
  /** How often each posting came before them. */
  readonly #seen = new Map<string, number>();
  resolved = 0;

  constructor(clerk: Clerk, platform: Platform) {
    this.#clerk = clerk;
    this.#platform = platform;
  }

  /** Resolves what waits now. Throws for what should never wait. */
  async workOff(): Promise<void> {
    const { workList } = await this.#clerk.ask<{ workList: { edges: readonly { node: WorkItem }[] } }>(WORK_LIST);
    if (workList.edges.length === 0) return;
    const ledger = await this.#platform.ledger();
    for (const { node } of workList.edges) {
      const { id } = node.posting;
      const times = (this.#seen.get(id) ?? 0) + 1;
      this.#seen.set(id, times);
      const word = wordOf(node, ledger);
      const input = { operator: OPERATOR, posting: id, reason: '已与平台台账核对', idempotencyKey: `${id}-${times}` };
      await this.#clerk.ask(RESOLVE, { input: { ...input, ...word } });
      this.resolved += 1;
    }
  }
}

/** What the books say of the last message of a posting. */
function wordOf(item: WorkItem, ledger: readonly LedgerLine[]): Word {
  const { posting, messageReferences, resolutions } = item;
  if (!resolutions.includes('NOT_DONE')) {
    if (resolutions.includes('ASK_AGAIN')) return { resolution: 'ASK_AGAIN' };
    throw new Error(`no machine should need a person for this: ${JSON.stringify(item)}`);
  }
  // What a settlement or an upload came to only the platform tells.
  if (!resolutions.includes('DONE')) return { resolution: 'ASK_AGAIN' };
  const [last] = messageReferences;
  const done = ledger.findLast(({ msgid }) => msgid === last);
  if (!done) return { resolution: 'NOT_DONE' };
  return {
    resolution: 'DONE',
    ...(posting.step === 'FILE' && { serial: done.reference }),
    ...(posting.step === 'ADMISSION' && { visitId: done.reference }),
  };
}
