import { createHash } from 'node:crypto';
import type { CaseSeed, Population } from '../../../seeds/model.ts';
import { instantFromChina } from '../../values/china-time.ts';
import { type Acceptance, CaseFile, type CaseStatus, FROM_BEFORE, STATUS_NAMES } from './case-file.ts';
import { type ListedItem, listedItems } from './item-guides.ts';

/** A record that the platform holds. */
export interface HeldRecord {
  readonly projectNo: string;
  readonly dataVer: number;
  /** What it says, apart from when and in which batch it was sent. */
  readonly content: string;
  /** Taken back with `D`; its version still counts. */
  readonly deleted: boolean;
}

/** A fee order and how its payment stands. */
export interface FeeOrder {
  readonly rowGuid: string;
  readonly projectNo: string;
  readonly payCode: string;
  readonly amountFen: number;
  /** `0` unpaid, `1` paid, `2` void. */
  payState: '0' | '1' | '2';
}

const HIGHEST_SERIAL = 9_999;

/** Wrong passwords that lock a case for the rest of the day; the day is this simulator's choice (wire spec section 4, 2301). */
const WRONG_PASSWORDS = 5;

/** Everything the platform keeps. */
export class Platform {
  readonly items: ReadonlyMap<string, ListedItem> = listedItems();
  readonly cases = new Map<string, CaseFile>();
  readonly fees = new Map<string, FeeOrder>();
  /** By kind of record and rowGuid. */
  readonly #records = new Map<string, HeldRecord>();
  /** The last serial given out or seen, by item and day. */
  readonly #serials = new Map<string, number>();
  readonly #wrongPasswords = new Map<string, { day: string; count: number }>();
  readonly #population: Population;
  readonly #payStates: ReadonlyMap<string, '0' | '1' | '2'>;

  constructor(population: Population) {
    this.#population = population;
    const states = { unpaid: '0', paid: '1', void: '2' } as const;
    this.#payStates = new Map(population.nonTax.notices.map(({ payCode, state }) => [payCode, states[state]]));
    this.reset();
  }

  reset(): void {
    for (const map of [this.cases, this.fees, this.#records, this.#serials, this.#wrongPasswords]) map.clear();
    for (const seed of this.#population.cases) {
      this.addCase(restoredCase(seed, this.items.get(seed.number.slice(0, 31))?.name ?? seed.itemId));
    }
  }

  addCase(file: CaseFile): void {
    this.cases.set(file.number, file);
    this.#noteSerial(file.number);
  }

  /** The next number of an item on a day (`yyyyMMdd`), from 0001; undefined when the 9999 of the day are used up (wire spec 3.1). */
  nextNumber(taskCode: string, day: string): string | undefined {
    const series = `${taskCode}${day}`;
    const serial = (this.#serials.get(series) ?? 0) + 1;
    if (serial > HIGHEST_SERIAL) return undefined;
    this.#serials.set(series, serial);
    return `${series}${String(serial).padStart(4, '0')}`;
  }

  /** The query password of a number: the same for the same number, so that runs can be compared. */
  passwordOf(number: string): string {
    const digest = createHash('sha256').update(`${number}/${this.#population.seed}`).digest();
    return String(digest.readUInt32BE() % 1_000_000).padStart(6, '0');
  }

  /** Whether a password opens a case: five wrong ones in a row lock it for the rest of the day. */
  tryPassword(file: CaseFile, password: string, day: string): 'right' | 'wrong' | 'locked' {
    const tries = this.#wrongPasswords.get(file.number);
    const count = tries?.day === day ? tries.count : 0;
    if (count >= WRONG_PASSWORDS) return 'locked';
    if (password === file.acceptance.password) {
      this.#wrongPasswords.delete(file.number);
      return 'right';
    }
    this.#wrongPasswords.set(file.number, { day, count: count + 1 });
    return 'wrong';
  }

  record(kind: string, rowGuid: string): HeldRecord | undefined {
    return this.#records.get(`${kind}/${rowGuid}`);
  }

  hold(kind: string, rowGuid: string, record: HeldRecord): void {
    this.#records.set(`${kind}/${rowGuid}`, record);
  }

  /** How a payment stands at the non-tax system when its order is attached. */
  payStateOf(payCode: string): '0' | '1' | '2' {
    return this.#payStates.get(payCode) ?? '0';
  }

  /** A number that others bring must not be given out again. */
  #noteSerial(number: string): void {
    const match = /^(.{31}\d{8})(\d{4})$/.exec(number);
    if (!match?.[1]) return;
    const serial = Number(match[2]);
    if (serial > (this.#serials.get(match[1]) ?? 0)) this.#serials.set(match[1], serial);
  }
}

function restoredCase(seed: CaseSeed, taskName: string): CaseFile {
  const acceptance: Acceptance = {
    password: seed.password,
    taskCode: seed.number.slice(0, 31),
    taskName,
    applicantName: seed.applicantName,
    applicantDocument: seed.applicantIdNumber,
    acceptedAt: seed.acceptedAt,
    promiseDate: seed.promiseDate,
  };
  if (!Object.hasOwn(STATUS_NAMES, seed.status)) throw new Error(`case ${seed.number}: no such status`);
  const steps = seed.steps.map((step) => ({ ...step, rowGuid: FROM_BEFORE }));
  return CaseFile.restored(seed.number, acceptance, {
    status: seed.status as CaseStatus,
    steps,
    ...(seed.result && { closing: { type: seed.result.type, at: seed.result.at } }),
    closedAt: seed.result ? instantFromChina(seed.result.at) : 0,
  });
}
