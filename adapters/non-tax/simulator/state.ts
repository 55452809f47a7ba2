import type { PaymentNoticeSeed, Population } from '../../../seeds/model.ts';
import { chinaDate, instantFromChina } from '../../values/china-time.ts';
import { fen } from '../../values/fen.ts';
import { NoticeBook, payInfoOf } from './notices.ts';
import { ReceiptBook } from './receipts.ts';
import type { NonTaxSimulatorSettings } from './settings.ts';
import type { Statement } from './statements.ts';
import { type Registers, registersOf } from './units.ts';

const DAY_MS = 86_400_000;

/** Serial numbers that finance gives out; each is the last one given. */
interface Serials {
  message: number;
  notice: number;
  trade: number;
  tradeId: number;
  payNumber: number;
}

/** Everything finance knows. Made anew by a reset. */
export interface NonTaxState {
  readonly registers: Registers;
  readonly notices: NoticeBook;
  readonly receipts: ReceiptBook;
  readonly statements: Map<string, Statement>;
  /** Business numbers of the JSON dialect: the notice each opened, and what it said (wire spec 8, busNo). */
  readonly businessNumbers: Map<
    string,
    { readonly content: string; readonly answer: Readonly<Record<string, string>> }
  >;
  next(serial: keyof Serials): number;
}

/** The state that a population describes. `now` is the department's clock. */
export function stateOf(population: Population, settings: NonTaxSimulatorSettings, now: number): NonTaxState {
  const { nonTax } = population;
  const registers = registersOf(nonTax);
  const notices = new NoticeBook();
  const receipts = new ReceiptBook();
  // The population is told as of a day; what was payable then shall be payable when the simulator starts, years later too.
  const dueShiftMs = instantFromChina(chinaDate(now)) - instantFromChina(population.asOf);
  for (const seed of nonTax.notices) {
    addNotice(notices, seed, { settings, node: registers.units.get(seed.unitCode)?.node ?? null, dueShiftMs });
    addReceipt(receipts, seed);
  }
  const serials: Serials = { message: 0, notice: 0, trade: 0, tradeId: 0, payNumber: 88_000 };
  const next = (serial: keyof Serials): number => {
    serials[serial] += 1;
    return serials[serial];
  };
  return { registers, notices, receipts, statements: new Map(), businessNumbers: new Map(), next };
}

interface Placing {
  readonly settings: NonTaxSimulatorSettings;
  readonly node: string | null;
  readonly dueShiftMs: number;
}

function addNotice(notices: NoticeBook, seed: PaymentNoticeSeed, { settings, node, dueShiftMs }: Placing): void {
  const { account } = settings;
  const items = seed.items.map((item) => ({
    ...item,
    amountFen: fen(item.amountFen),
    quantity: String(item.quantity),
  }));
  notices.add({
    payCode: seed.payCode,
    billDate: compact(seed.billDate),
    dueDate: seed.dueDate === null ? null : shifted(seed.dueDate, dueShiftMs),
    unitCode: seed.unitCode,
    unitName: seed.unitName,
    payerName: seed.payerName,
    payerIdNumber: seed.payerIdNumber,
    originalFen: fen(seed.originalFen),
    lateFeeFen: fen(seed.lateFeeFen),
    payInfo: payInfoOf(items),
    accountType: account.type,
    accountName: account.name,
    account: account.number,
    crcCode: seed.crcCode,
    notifyNode: node,
    origin: 'population',
    content: null,
    state: seed.state,
    payment: seed.payment
      ? {
          date: compact(seed.payment.at.slice(0, 10)),
          time: compact(seed.payment.at.slice(11)),
          mode: seed.payment.mode,
          tradeNumber: seed.payment.tradeNumber,
          amountFen: fen(seed.originalFen + seed.lateFeeFen),
        }
      : null,
  });
}

function addReceipt(receipts: ReceiptBook, seed: PaymentNoticeSeed): void {
  const { eReceipt } = seed;
  if (!eReceipt) return;
  const receipt = {
    payCode: seed.payCode,
    typeCode: eReceipt.typeCode,
    typeName: eReceipt.typeName,
    code: eReceipt.code,
    versionName: eReceipt.versionName,
    number: eReceipt.number,
    check: eReceipt.check,
    payerName: seed.payerName,
    amountFen: fen(seed.originalFen + seed.lateFeeFen),
    issuedOn: compact(eReceipt.issuedOn),
    tradeId: `T${compact(eReceipt.issuedOn)}${eReceipt.number.slice(2)}`,
    content: null,
  };
  receipts.issue(receipt, seed.unitCode);
}

function compact(dateOrTime: string): string {
  return dateOrTime.replace(/[-:]/g, '');
}

function shifted(date: string, byMs: number): string {
  return chinaDate(instantFromChina(date) + Math.round(byMs / DAY_MS) * DAY_MS);
}
