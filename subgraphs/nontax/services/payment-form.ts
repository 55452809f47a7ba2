import { parseAcceptanceNumber } from '../../../adapters/identifiers/acceptance-number.ts';
import { parseMobileNumber } from '../../../adapters/identifiers/mobile-number.ts';
import { type FeeService, feeOn } from '../../../adapters/non-tax/fees.ts';
import type { PaymentItem } from '../../../adapters/non-tax/records/payment.ts';
import type { CollectingUnitSettings } from '../../../adapters/non-tax/settings.ts';
import { fitsFinance, LONGEST_TEXT } from '../../../adapters/non-tax/text-lengths.ts';
import { chinaDate } from '../../../adapters/values/china-time.ts';
import { fen, yuanFromFen } from '../../../adapters/values/fen.ts';
import { identifierInput, invalidInput } from '../../invalid-input.ts';
import type { MutationInput } from '../../services/mutation.ts';
import type { NontaxSettings } from '../settings.ts';

/** What a notice is opened for. Amounts in fen, days `yyyy-MM-dd`. */
export interface PaymentForm extends MutationInput {
  readonly caseId: string;
  readonly service: FeeService;
  /** Months, cases or cards. */
  readonly quantity: number;
  /** The contract's amount for one, where the fee table has none. */
  readonly amount?: number | null;
  readonly payerPhone: string;
  readonly registrationNumber?: string | null;
  readonly dueDate?: string | null;
  readonly memo?: string | null;
}

const MOST_QUANTITY = 120;
const LATEST_DUE_DAYS = 365;
const DAY_MS = 86_400_000;

const REGISTRATION: ReadonlySet<FeeService> = new Set(['registration-residential', 'registration-non-residential']);

/** What a form says, checked. */
export interface CheckedForm {
  readonly item: PaymentItem;
  readonly unit: CollectingUnitSettings;
  readonly phone: string;
  /** 受理编号 at the real-estate registry. */
  readonly registrationNumber: string | null;
  readonly memo: string | null;
}

/** Checks what an operator filled in. `day` is today. Throws `INVALID_INPUT` naming the place. */
export function checkedForm(form: PaymentForm, settings: NontaxSettings, day: string): CheckedForm {
  const { memo } = form;
  if (memo != null && !fitsFinance(memo, LONGEST_TEXT.memo)) {
    throw invalidInput('input.memo', {
      en: `must have at most ${LONGEST_TEXT.memo} bytes in GB18030, in one line.`,
      zh: `按GB18030不应超过${LONGEST_TEXT.memo}字节，且不含换行等控制字符。`,
    });
  }
  return {
    item: chargedItem(form, settings, day),
    unit: collectingUnit(form.service, settings),
    phone: identifierInput('input.payerPhone', form.payerPhone, parseMobileNumber),
    registrationNumber: registrationNumberOf(form),
    memo: memo ?? null,
  };
}

/** The line of a notice by the fee table: how much, and for what. Throws `INVALID_INPUT` naming the place. */
export function chargedItem(
  { service, quantity, amount }: Pick<PaymentForm, 'service' | 'quantity' | 'amount'>,
  { fees, notices }: NontaxSettings,
  day: string,
): PaymentItem {
  const row = feeOn(fees, service, day);
  if (!row) throw invalidInput('input.service', { en: 'no fee is set for it today.', zh: '目前没有收费标准。' });
  if (row.amountFen === 0) {
    throw invalidInput('input.service', { en: 'is free of charge: nothing is to be paid.', zh: '免收费，无需缴款。' });
  }
  if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > MOST_QUANTITY) {
    throw invalidInput('input.quantity', {
      en: `must be from 1 to ${MOST_QUANTITY}.`,
      zh: `应为1至${MOST_QUANTITY}。`,
    });
  }
  const one = row.amountFen ?? amount;
  if (one == null) {
    throw invalidInput('input.amount', {
      en: 'is needed: the amount of the contract.',
      zh: '不能为空，应填合同约定金额。',
    });
  }
  if (amount != null && amount !== one) {
    const set = yuanFromFen(fen(one));
    throw invalidInput('input.amount', { en: `is set by the fee table: ${set} yuan.`, zh: `收费标准为${set}元。` });
  }
  if (!Number.isSafeInteger(one) || one <= 0) {
    throw invalidInput('input.amount', { en: 'must be above zero.', zh: '应大于零。' });
  }
  const total = one * quantity;
  if (total > notices.mostFen) {
    const most = yuanFromFen(fen(notices.mostFen));
    throw invalidInput('input.amount', {
      en: `makes a notice above ${most} yuan, the largest that is opened here.`,
      zh: `合计超过单张缴款书上限${most}元。`,
    });
  }
  return { code: row.itemCode, name: row.itemName, amountFen: fen(total), unit: row.unit, quantity };
}

/**
 * The last day to pay, with its default. Throws `INVALID_INPUT` for a day that is over or more than a year ahead; `now` is in
 * milliseconds since 1970.
 */
export function dueDateOf(given: string | null | undefined, { notices }: NontaxSettings, now: number): string {
  if (given == null) return chinaDate(now + notices.validDays * DAY_MS);
  const latest = chinaDate(now + LATEST_DUE_DAYS * DAY_MS);
  if (given >= chinaDate(now) && given <= latest) return given;
  throw invalidInput('input.dueDate', { en: `must lie between today and ${latest}.`, zh: `应在今日至${latest}之间。` });
}

/** Throws `INVALID_INPUT` where finance's messages cannot carry the applicant's name. */
export function checkPayerName(name: string): void {
  if (fitsFinance(name, LONGEST_TEXT.payerName)) return;
  throw invalidInput('input.caseId', {
    en: `the applicant's name is longer than finance takes, ${LONGEST_TEXT.payerName} bytes in GB18030.`,
    zh: `申请人姓名超过非税系统的长度限制（GB18030编码${LONGEST_TEXT.payerName}字节）。`,
  });
}

function collectingUnit(service: FeeService, { units }: NontaxSettings): CollectingUnitSettings {
  const unit = units.find(({ collects }) => collects.includes(service));
  if (unit) return unit;
  throw invalidInput('input.service', {
    en: 'no collecting unit is set for it.',
    zh: '没有设置执收单位。',
  });
}

function registrationNumberOf({ service, registrationNumber }: PaymentForm): string | null {
  const field = 'input.registrationNumber';
  if (REGISTRATION.has(service)) {
    if (registrationNumber == null) {
      throw invalidInput(field, {
        en: 'is needed: the number under which the registry accepted the application.',
        zh: '不能为空，应填不动产登记受理编号。',
      });
    }
    return identifierInput(field, registrationNumber, parseAcceptanceNumber);
  }
  if (registrationNumber == null) return null;
  throw invalidInput(field, { en: 'belongs to registration fees only.', zh: '仅适用于不动产登记费。' });
}
