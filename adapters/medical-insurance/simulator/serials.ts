import { chinaCompactDateTime } from '../../values/china-time.ts';

/** Which filing a serial belongs to is written in the first of its last five digits (golden files). */
const FILING_DIGIT = {
  referral: 1,
  'chronic-filing': 2,
  'fixed-provider-filing': 3,
  'out-of-area-filing': 4,
  'maternity-filing': 5,
} as const;

export type FilingKind = keyof typeof FILING_DIGIT;

/** The province whose platform this is (湖北省). */
const RECEIVER_REGION = '420000';

/** The numbers that the platform gives out, each series counted from its own beginning. */
export class Serials {
  readonly #given = new Map<string, number>();

  /** inf_refmsgid: receiver region, second, serial of 10 (wire spec 2.2). */
  message(instant: number): string {
    return `${RECEIVER_REGION}${chinaCompactDateTime(instant)}7${this.#digits('message', 9)}`;
  }

  /** sign_no: city region, a letter, 13 digits (wire spec 3.1). */
  signIn(region: string): string {
    return `${region.slice(0, 4)}00G${String(900_116 + this.#next('sign-in')).padStart(13, '0')}`;
  }

  /** trt_dcla_detl_sn: region, epoch milliseconds, 11 digits (wire spec 2.4). */
  filing(kind: FilingKind, region: string, instant: number): string {
    return `${region}${instant}${String(FILING_DIGIT[kind]).padStart(7, '0')}${this.#digits(kind, 4)}`;
  }

  /** mdtrt_id, the next that is not taken. */
  visit(region: string, taken: (id: string) => boolean): string {
    return this.#untaken('visit', taken, (serial) => `${region}${String(310_000 + serial).padStart(12, '0')}`);
  }

  /** setl_id, the next that is not taken. */
  settlement(region: string, taken: (id: string) => boolean): string {
    return this.#untaken('settlement', taken, (serial) => `${region}${String(710_000 + serial).padStart(12, '0')}`);
  }

  /** file_qury_no of an uploaded or a result file (wire spec 3.13); `day` is `yyyy-MM-dd`. */
  file(kind: 'upload' | 'result', day: string): string {
    return `fsi/demo/${day.replaceAll('-', '')}/${kind}${this.#digits(kind, 4)}`;
  }

  /** Token of an electronic credential or number of a social security card, and the card's recognition code. */
  certificate(): string {
    return this.#digits('certificate', 8);
  }

  #untaken(series: string, taken: (id: string) => boolean, write: (serial: number) => string): string {
    let id = write(this.#next(series));
    while (taken(id)) id = write(this.#next(series));
    return id;
  }

  #digits(series: string, width: number): string {
    return String(this.#next(series) % 10 ** width).padStart(width, '0');
  }

  #next(series: string): number {
    const serial = (this.#given.get(series) ?? 0) + 1;
    this.#given.set(series, serial);
    return serial;
  }
}
