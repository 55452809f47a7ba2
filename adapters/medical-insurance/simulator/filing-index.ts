import { node, required, text, type Values } from './fields.ts';
import { refusal } from './refusal.ts';

/** Input of every cancellation of a filing (wire spec 3.3, 2502). */
export const CANCELLATION = {
  data: node({ psn_no: required(text(30)), trt_dcla_detl_sn: required(text(30)), memo: text(500) }),
};

export type Cancellation = Values<typeof CANCELLATION>['data'];

/** The filings of one kind, found by serial and by person. */
export class FilingIndex<Filing extends { readonly serial: string; readonly psnNo: string }> {
  readonly #bySerial = new Map<string, Filing>();
  readonly #byPerson = new Map<string, Filing[]>();

  constructor(filings: Iterable<Filing>) {
    for (const filing of filings) this.add(filing);
  }

  add(filing: Filing): void {
    this.#bySerial.set(filing.serial, filing);
    const own = this.#byPerson.get(filing.psnNo);
    if (own) own.push(filing);
    else this.#byPerson.set(filing.psnNo, [filing]);
  }

  /** The filing of that serial, whoever's. */
  get(serial: string): Filing | undefined {
    return this.#bySerial.get(serial);
  }

  /** A person's filings, the oldest first. */
  of(psnNo: string): readonly Filing[] {
    return this.#byPerson.get(psnNo) ?? [];
  }

  /** The filing that a cancellation names. Throws the `Refusal` when this person has none of that serial. */
  named({ psn_no, trt_dcla_detl_sn }: Cancellation): Filing {
    const filing = this.#bySerial.get(trt_dcla_detl_sn);
    if (filing?.psnNo !== psn_no) throw refusal('filingNotFound');
    return filing;
  }

  remove(filing: Filing): void {
    this.#bySerial.delete(filing.serial);
    this.#byPerson.set(
      filing.psnNo,
      this.of(filing.psnNo).filter((other) => other !== filing),
    );
  }
}
