import sandbox from '../../../seeds/sandbox.json' with { type: 'json' };
import { billFile } from './bill-file.ts';
import type { Receipt } from './receipts.ts';

/** What finance is set up with. The defaults are the sandbox's; the golden files have a token and a key of their own. */
export interface NonTaxSimulatorSettings {
  /** The token shared with the units, hashed in front of every message (wire spec 1.1). */
  readonly token: string;
  /** Account and key of the JSON dialect (wire spec 8). */
  readonly restAppId: string;
  readonly restKey: string;
  readonly division: string;
  /** Finance's node code, `F` + division (wire spec 2). */
  readonly node: string;
  /** The fiscal special account (财政专户) that everything is paid into. */
  readonly account: {
    readonly type: string;
    readonly name: string;
    readonly number: string;
    readonly bankNumber: string;
  };
  /** Put before a PayCode, gives the address in the QR code. */
  readonly payAddress: string;
  /** Where e-bills are shown: `/code/number/check` is put behind it. */
  readonly billAddress: string;
  /** How long a unit may be silent within its frame, milliseconds (wire spec 1). */
  readonly readTimeoutMs: number;
  /** How 5996 is delivered: tries are one more than pauses; milliseconds. */
  readonly notice: { readonly timeoutMs: number; readonly pausesMs: readonly number[] };
  /** The file that 8982 gives out. */
  readonly billFile: (receipt: Receipt) => Buffer;
}

/** The settings of the sandbox, with some replaced. */
export function simulatorSettings(replaced: Partial<NonTaxSimulatorSettings> = {}): NonTaxSimulatorSettings {
  return {
    token: sandbox.nonTax.token,
    restAppId: sandbox.nonTax.restAppId,
    restKey: sandbox.nonTax.restKey,
    division: '421202',
    node: 'F421202',
    account: { type: '1', name: '咸宁市咸安区财政局', number: '42050100000000000017', bankNumber: '0105' },
    payAddress: 'https://pay.example.invalid/fs/qrcode?billId=',
    billAddress: 'https://bill.example.invalid/e',
    readTimeoutMs: 10_000,
    notice: { timeoutMs: 10_000, pausesMs: [200, 1_000, 3_000, 9_000] },
    billFile,
    ...replaced,
  };
}
