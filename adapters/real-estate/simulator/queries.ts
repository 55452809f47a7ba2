import { isRealEstateCertificate } from '../../identifiers/real-estate-certificate.ts';
import { isRealEstateUnit } from '../../identifiers/real-estate-unit.ts';
import { chinaIso } from '../../values/china-time.ts';
import { type Entry, entriesOf, writeEntry } from './entry.ts';
import { type LandRegister, normalCertificate, type Property } from './land-register.ts';
import { type MarkupElement, markup } from './markup.ts';
import { Refusal } from './refusal.ts';
import {
  type AttributeRules,
  attributesOf,
  may,
  must,
  oldNumber,
  onlyRecord,
  SUBJECT_RULES,
  type Subject,
  subjectOf,
  upTo,
} from './request-attributes.ts';
import type { Serials } from './serials.ts';

/** Size at most (wire spec 3.2). */
const LARGEST_PAGE = 50;

/** A query may be printed for so long (wire spec 3.5). */
const PRINTABLE_MS = 600_000;

/** A query that was answered, kept for printing. */
export interface AnsweredQuery {
  readonly number: string;
  readonly at: number;
  /** The person asked about, where the query named one. */
  readonly subject: Subject | undefined;
  /** As they were when the query was answered. */
  readonly found: readonly Property[];
}

export interface Account {
  /** Departments see every owner's ID number in an answer about a unit (wire spec 3.4). */
  readonly department: boolean;
}

export type Accounts = Readonly<Record<string, Account>>;

/** The three queries (wire spec 3.2 to 3.4) and what they leave for printing. */
export class QueryDesk {
  readonly #register: LandRegister;
  readonly #accounts: Accounts;
  readonly #serials: Serials;
  readonly #now: () => number;
  readonly #answered = new Map<string, AnsweredQuery>();

  constructor(register: LandRegister, accounts: Accounts, serials: Serials, now: () => number) {
    this.#register = register;
    this.#accounts = accounts;
    this.#serials = serials;
    this.#now = now;
  }

  /** 9800101. A name that does not go with the number is refused with 2001. */
  byOwner(data: MarkupElement): string {
    const { value, page } = this.#condition(data, '1', SUBJECT_RULES);
    const subject = subjectOf(value, this.#now());
    this.#checkName(subject);
    const found = this.#register
      .ofOwner(subject.idNumber)
      .filter(({ owners }) => owners.some((owner) => isOwner(owner, subject)));
    return this.#answer({ subject, found }, page, ({ idNumber }) => idNumber === subject.idNumber);
  }

  /** 9800102. The name guards against guessing: a certificate of somebody else is answered like one that there is not. */
  byCertificate(data: MarkupElement): string {
    const { value, page } = this.#condition(data, '2', { QLRMC: must(upTo(100)), BDCQZH: must(upTo(200)) });
    const certificate = normalCertificate(value('BDCQZH'));
    if (!isRealEstateCertificate(certificate)) throw new Refusal('1004');
    const found = this.#register
      .ofCertificate(certificate)
      .filter(({ owners }) => owners.some(({ name }) => name === value('QLRMC')));
    return this.#answer({ subject: undefined, found }, page, ({ name }) => name === value('QLRMC'));
  }

  /** 9800103. Current rights only. */
  byUnit(data: MarkupElement): string {
    const { value, page, account } = this.#condition(data, '3', { BDCDYH: may(/^/) });
    if (!isRealEstateUnit(value('BDCDYH'))) throw new Refusal('1003');
    const found = this.#register.currentOfUnit(value('BDCDYH')).map(([, property]) => property);
    return this.#answer({ subject: undefined, found }, page, () => account.department);
  }

  /** A query that may still be printed for this person. Throws `Refusal` 2003 or 2001. */
  printable(number: string, subject: Subject): AnsweredQuery {
    const query = this.#answered.get(number);
    if (!query || this.#now() - query.at > PRINTABLE_MS) throw new Refusal('2003');
    this.#checkName(subject);
    const about = query.subject
      ? query.subject.name === subject.name && isSameNumber(query.subject.idNumber, subject.idNumber)
      : query.found.some(({ owners }) => owners.some((owner) => isOwner(owner, subject)));
    if (!about) throw new Refusal('2001');
    return query;
  }

  /** CXTJ: what all three queries have (wire spec 3.2). */
  #condition(data: MarkupElement, kind: string, own: AttributeRules) {
    const record = onlyRecord(data, 'CXTJ');
    const value = attributesOf(record, {
      CXLX: must(new RegExp(`^${kind}$`)),
      CXMD: may(/^/),
      CXR: must(upTo(32)),
      CXSQSBH: may(/^.{0,32}$/su),
      Page: must(/^[1-9]\d{0,5}$/),
      Size: must(/^[1-9]\d{0,5}$/),
      ...own,
    });
    const account = Object.hasOwn(this.#accounts, value('CXR')) ? this.#accounts[value('CXR')] : undefined;
    if (!account) throw new Refusal('1101');
    if (!/^[1-5]$/.test(value('CXMD')) || value('CXSQSBH').trim() === '') throw new Refusal('1103');
    const page = { number: Number(value('Page')), size: Number(value('Size')) };
    if (page.size > LARGEST_PAGE) throw new Refusal('2002');
    return { value, page, account };
  }

  /** Resident ID cards are checked against the people the registry knows; other papers there is nothing to check against. */
  #checkName({ name, idType, idNumber }: Subject): void {
    const known = idType === '1' ? this.#register.nameOf(idNumber) : undefined;
    if (known !== undefined && known !== name) throw new Refusal('2001');
  }

  #answer(
    query: Pick<AnsweredQuery, 'subject' | 'found'>,
    page: { readonly number: number; readonly size: number },
    shows: (owner: Property['owners'][number]) => boolean,
  ): string {
    const at = this.#now();
    const number = `CX${this.#serials.next('query', 5)}`;
    this.#forget(at);
    this.#answered.set(number, { ...query, number, at });

    const entries: Entry[] = query.found.flatMap(entriesOf);
    const shown = entries.slice((page.number - 1) * page.size, page.number * page.size);
    return markup(
      'CXJG',
      [
        ['CXBH', number],
        ['Records', String(entries.length)],
        ['Page', String(page.number)],
        ['Size', String(page.size)],
        ['CXSJ', chinaIso(at)],
      ],
      shown.map((entry) => writeEntry(entry, shows)).join(''),
    );
  }

  /** Drops the oldest queries that are too old to print; they stand in the order of their time. */
  #forget(now: number): void {
    for (const [number, { at }] of this.#answered) {
      if (now - at <= PRINTABLE_MS) return;
      this.#answered.delete(number);
    }
  }
}

/** 15 and 18 digits are numbers of the same person (wire spec 3.2). */
function isSameNumber(one: string, other: string): boolean {
  return one === other || oldNumber(one) === other || oldNumber(other) === one;
}

function isOwner(owner: Property['owners'][number], { name, idNumber }: Subject): boolean {
  return owner.name === name && owner.idNumber === idNumber;
}
