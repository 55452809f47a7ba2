import { setTimeout as sleep } from 'node:timers/promises';
import type { Posting } from '../../../../adapters/database/postings.ts';
import type { Reconciliation } from '../../../../adapters/database/reconciliations.ts';
import { StatementPrinter } from '../../../../adapters/documents/statement.ts';
import { parseMedicalProvider } from '../../../../adapters/identifiers/medical-provider.ts';
import { chinaDate } from '../../../../adapters/values/china-time.ts';
import { formInput, identifierInput, invalidInput, periodInput, textInput } from '../../../invalid-input.ts';
import { type MutationInput, mutationRequest, onlyOnce } from '../../../services/mutation.ts';
import type { RequestScope } from '../../../subgraph.ts';
import { delegateFor } from '../../services/delegation.ts';
import type { ServiceSurroundings } from '../../services/surroundings.ts';
import type { AccountEntry } from './account.ts';
import { csvOf } from './csv.ts';
import { daysFrom } from './days.ts';
import { explain } from './explain.ts';
import type { ReconciliationResult } from './reconcile.ts';
import type { Reconciler } from './reconciler.ts';
import type { ExplainedDifference, ReconciliationReport } from './report.ts';
import { statementOf } from './statement.ts';

export interface AddBookPageInput {
  readonly operator: string;
  readonly book: string;
  readonly page: number;
  readonly rows: readonly BookRowInput[];
}

interface BookRowInput {
  readonly settlementId?: string | null;
  readonly document?: string | null;
  readonly visitId?: string | null;
  readonly day: string;
  readonly total: number;
  readonly fundTotal: number;
  readonly accountPaid: number;
  readonly refunded?: boolean | null;
  readonly place?: string | null;
}

export interface ReconcileInput extends MutationInput {
  readonly hospital?: string | null;
  readonly from: string;
  readonly to: string;
  readonly book?: string | null;
}

/** A difference with its posting, where there is one. */
export interface PostedDifference extends ExplainedDifference {
  readonly posting: Posting | null;
}

export interface Explained {
  readonly result: ReconciliationResult;
  readonly differences: readonly PostedDifference[];
}

const MOST_PAGE_ROWS = 2_000;
/** Half a million settlements. */
const MOST_PAGES = 250;
const MOST_DAYS = 31;
const ACTING = { levels: ['hospital', 'district'] } as const;
/** So long a caller waits for one that is quickly made. */
const WAIT_MS = 8_000;
const LOOK_MS = 100;

/** What people do with reconciliations. */
export class ReconciliationDesk {
  readonly #surroundings: ServiceSurroundings;
  readonly #reconciler: Reconciler;
  readonly #printer = new StatementPrinter();
  /** By the object that a request holds: its fields ask one after the other. */
  readonly #explained = new WeakMap<Reconciliation, Promise<Explained | undefined>>();

  constructor(surroundings: ServiceSurroundings, reconciler: Reconciler) {
    this.#surroundings = surroundings;
    this.#reconciler = reconciler;
  }

  /** Takes a page of a hospital's own book; the same page again changes nothing. */
  async addPage(input: AddBookPageInput) {
    const { store, clock } = this.#surroundings;
    const { institution } = delegateFor(this.#surroundings, input.operator, { levels: ['hospital'] });
    const book = bookInput('input.book', input.book);
    const { page } = input;
    if (page < 0 || page >= MOST_PAGES) {
      throw invalidInput('input.page', { en: `must be 0 to ${MOST_PAGES - 1}.`, zh: `应为0至${MOST_PAGES - 1}。` });
    }
    if (input.rows.length === 0 || input.rows.length > MOST_PAGE_ROWS) {
      throw invalidInput('input.rows', {
        en: `must be 1 to ${MOST_PAGE_ROWS} rows.`,
        zh: `应为1至${MOST_PAGE_ROWS}条。`,
      });
    }
    const rows = input.rows.map(bookEntry);
    const added = { provider: institution.code, book, page, rows, at: clock() };
    return store.write(async (tx) => {
      if (!(await store.hospitalBooks.addPage(tx, added))) {
        throw invalidInput('input.page', {
          en: 'is there already with other rows; give another content another book.',
          zh: '该分页已上传且内容不同；内容变更时应使用新的账目标识。',
        });
      }
      return { book, ...(await store.hospitalBooks.size(institution.code, book, tx)) };
    });
  }

  /** Asks for a reconciliation and waits a while for it. */
  async reconcile(input: ReconcileInput, { idempotencyKey, signal }: RequestScope): Promise<Reconciliation> {
    const { store, clock } = this.#surroundings;
    const mutation = mutationRequest('reconcilePostings', input, idempotencyKey);
    const { from, to } = input;
    const provider = this.#hospital(input);
    checkDays(input, chinaDate(clock()));
    const book = input.book == null ? null : bookInput('input.book', input.book);
    if (book !== null) await this.#checkBook(provider, book);
    const asked = { provider, from, to, daily: false, book, operator: input.operator };
    const { id } = await onlyOnce(store, mutation, clock, async (tx) => ({
      id: (await this.#reconciler.ask(tx, asked)) ?? '',
    }));
    return this.#wait(id, signal);
  }

  byId(id: string): Promise<Reconciliation | undefined> {
    return this.#surroundings.store.reconciliations.byId(id);
  }

  ofHospital(hospital: string, first: number): Promise<readonly Reconciliation[]> {
    const provider = identifierInput('hospital', hospital, parseMedicalProvider);
    return this.#surroundings.store.reconciliations.ofProvider(provider, first);
  }

  /** What came of it with the likely causes; undefined until it is made. */
  explained(reconciliation: Reconciliation): Promise<Explained | undefined> {
    const known = this.#explained.get(reconciliation) ?? this.#explain(reconciliation);
    this.#explained.set(reconciliation, known);
    return known;
  }

  async csv(reconciliation: Reconciliation): Promise<string | null> {
    const report = await this.#report(reconciliation);
    return report ? csvOf(report) : null;
  }

  /** The PDF in base64. */
  async pdf(reconciliation: Reconciliation): Promise<string | null> {
    const report = await this.#report(reconciliation);
    if (!report) return null;
    const { provider, madeAt, askedAt } = reconciliation;
    const [operator] = this.#surroundings.directory.operatorsOf(provider);
    const statement = statementOf(report, operator?.organisation.name ?? provider, madeAt ?? askedAt);
    return Buffer.from(await this.#printer.print(statement)).toString('base64');
  }

  async #explain({ id, provider }: Reconciliation): Promise<Explained | undefined> {
    const { store } = this.#surroundings;
    const result = (await store.reconciliations.result(id)) as ReconciliationResult | undefined;
    if (!result) return undefined;
    const documents = new Set(result.differences.flatMap(({ document }) => document ?? []));
    const postings = await store.reconciliations.postingsOf(provider, [...documents]);
    return {
      result,
      differences: result.differences.map((difference) => {
        const posting = (difference.document !== null && postings.get(difference.document)) || null;
        return { difference, explanation: explain(difference, posting), posting };
      }),
    };
  }

  async #report(reconciliation: Reconciliation): Promise<ReconciliationReport | undefined> {
    const explained = await this.explained(reconciliation);
    if (!explained) return undefined;
    const { totals, statements } = explained.result;
    return { reconciliation, totals, statements, differences: explained.differences };
  }

  async #checkBook(provider: string, book: string): Promise<void> {
    const { pages, complete } = await this.#surroundings.store.hospitalBooks.size(provider, book);
    if (pages > 0 && complete) return;
    throw invalidInput('input.book', {
      en: 'has no page yet, or one before its last page is missing; add its pages first.',
      zh: '账目尚未上传或缺少分页，请先上传全部分页。',
    });
  }

  /** A hospital's account acts for its own; the medical security bureau's says for which. */
  #hospital({ operator: account, hospital }: ReconcileInput): string {
    const { operator, institution } = delegateFor(this.#surroundings, account, ACTING);
    const named = hospital == null ? undefined : identifierInput('input.hospital', hospital, parseMedicalProvider);
    if (operator.organisation.level === 'hospital') {
      if (named === undefined || named === institution.code) return institution.code;
      throw invalidInput('input.hospital', {
        en: 'is another hospital than the account’s.',
        zh: '不是该账号所属医院。',
      });
    }
    if (named !== undefined) return named;
    throw invalidInput('input.hospital', { en: 'is needed.', zh: '不能为空。' });
  }

  async #wait(id: string, signal: AbortSignal): Promise<Reconciliation> {
    const until = Date.now() + WAIT_MS;
    for (;;) {
      const found = await this.byId(id);
      if (!found) throw new Error('a reconciliation vanished');
      if (found.state !== 'running' || Date.now() >= until || signal.aborted) return found;
      await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
    }
  }
}

function checkDays({ from, to }: ReconcileInput, today: string): void {
  periodInput('input.to', { from, to });
  if (to >= today) throw invalidInput('input.to', { en: 'must be past.', zh: '应为今天以前的日期。' });
  if (daysFrom(from, to).length > MOST_DAYS) {
    throw invalidInput('input.to', {
      en: `must lie at most ${MOST_DAYS} days after the first day, that one included.`,
      zh: `对账期间最长${MOST_DAYS}天。`,
    });
  }
}

function bookInput(field: string, text: string): string {
  return formInput(field, text, /^[\x21-\x7e]{8,64}$/, {
    en: 'must be 8 to 64 printable ASCII characters without spaces.',
    zh: '应为8至64个可见ASCII字符，不含空格。',
  });
}

function bookEntry(row: BookRowInput, index: number): AccountEntry {
  const at = `input.rows.${index}`;
  const text = (name: 'settlementId' | 'document' | 'visitId' | 'place') => {
    const value = row[name];
    return value == null ? null : textInput(`${at}.${name}`, value, 64);
  };
  const settlementId = text('settlementId');
  const document = text('document');
  if (settlementId === null && document === null) {
    throw invalidInput(`${at}.document`, {
      en: 'is needed where there is no settlementId.',
      zh: '未填写结算ID时，单据号不能为空。',
    });
  }
  return {
    settlementId,
    document,
    visitId: text('visitId'),
    day: row.day,
    totalFen: row.total,
    fundTotalFen: row.fundTotal,
    accountFen: row.accountPaid,
    refunded: row.refunded ?? null,
    place: text('place'),
  };
}
