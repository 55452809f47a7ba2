import { type Act, ActRefused } from '../../simulator/core.ts';
import { chinaDate, instantFromChina } from '../../values/china-time.ts';
import { type Fen, fen } from '../../values/fen.ts';
import { amountOf, type Notice } from './notices.ts';
import type { PaidNoticeSender } from './paid-notices.ts';
import { confirmPayment } from './payments.ts';
import { payableNotice } from './query.ts';
import { Refusal } from './refusal.ts';
import type { Finance } from './transaction.ts';

const DAY_MS = 86_400_000;

type Parameters = Readonly<Record<string, unknown>>;

/** What people on finance's side can be made to do. */
export function departmentActs(
  finance: Finance,
  sender: PaidNoticeSender,
  httpUrl: () => string,
): Readonly<Record<string, Act>> {
  return {
    pay: {
      about:
        'Somebody pays a notice through a channel; finance confirms it and tells the unit by 5996 if it asked for that.',
      parameters: {
        payCode: 'the notice',
        mode: 'PayMode, two digits; 50 unless told',
        tradeNumber: "the channel's trade number; the next one unless told",
        amountFen: "what was received; the notice's amount unless told",
        at: 'yyyy-MM-dd HH:mm:ss in China time; now unless told',
        wait: 'true: answers only when the unit has taken the notice or finance has given up',
      },
      run: (parameters) => pay(finance, sender, parameters),
    },
    'resend-notice': {
      about:
        'Finance sends 5996 of a paid notice once more, or several at once, or with another trade number or amount.',
      parameters: {
        payCode: 'the notice',
        times: 'how many at once, 1 to 20; 1 unless told',
        tradeNumber: 'another trade number than the real one',
        amountFen: 'another amount than the real one',
        wait: 'true: answers only when all deliveries have ended',
      },
      run: (parameters) => resend(finance, sender, parameters),
    },
    expire: {
      about: 'The last day to pay of an unpaid notice is over since yesterday.',
      parameters: { payCode: 'the notice' },
      run: (parameters) => expire(finance, parameters),
    },
    'set-notify': {
      about: 'Changes where 5996 goes.',
      parameters: { address: 'HOST:PORT of the listener; empty: nobody is told any more' },
      run: ({ address }) => {
        if (typeof address !== 'string' || !/^([^\s:]+:\d{1,5})?$/.test(address))
          throw new ActRefused('address: HOST:PORT, or empty');
        sender.setAddress(address === '' ? undefined : address);
        return { address };
      },
    },
    'http-address': {
      about:
        'Tells where the same department answers over HTTP: frames as application/octet-stream, and the JSON dialect.',
      parameters: {},
      run: () => ({ url: httpUrl() }),
    },
  };
}

async function pay(finance: Finance, sender: PaidNoticeSender, parameters: Parameters): Promise<unknown> {
  const { core, state } = finance;
  const notice = payable(() => payableNotice(state.notices.get(payCodeOf(parameters)), core.now()));
  const paid = confirmPayment(finance, notice, {
    at: timeOf(parameters, core.now()),
    mode: textOf(parameters, 'mode', /^\d{2}$/, 'two digits') ?? '50',
    tradeNumber: tradeNumberOf(parameters),
    amountFen: amountFenOf(parameters) ?? amountOf(notice),
  });
  const { payment } = paid;
  if (!payment) throw new ActRefused('payCode: not paid');
  const told = paid.notifyNode !== null && sender.hasAddress;
  const delivery = told ? sender.send(paid, paid.notifyNode, payment) : undefined;
  const notified = parameters.wait === true ? await delivery : undefined;
  return {
    payCode: paid.payCode,
    ...payment,
    notice: told ? 'sent' : 'not sent',
    ...(notified && { delivery: notified }),
  };
}

async function resend(finance: Finance, sender: PaidNoticeSender, parameters: Parameters): Promise<unknown> {
  const notice = finance.state.notices.get(payCodeOf(parameters));
  if (!notice?.payment) throw new ActRefused('payCode: no paid notice');
  const { notifyNode: node } = notice;
  if (node === null) throw new ActRefused('payCode: the unit did not ask for notices');
  if (!sender.hasAddress) throw new ActRefused('no listener is set');
  const payment = {
    ...notice.payment,
    tradeNumber: tradeNumberOf(parameters) ?? notice.payment.tradeNumber,
    amountFen: amountFenOf(parameters) ?? notice.payment.amountFen,
  };
  const times = numberOf(parameters, 'times', 1, 20) ?? 1;
  const deliveries = Promise.all(Array.from({ length: times }, () => sender.send(notice, node, payment)));
  return parameters.wait === true ? { deliveries: await deliveries } : { sent: times };
}

function expire({ state, core }: Finance, parameters: Parameters): unknown {
  const notice = payable(() => payableNotice(state.notices.get(payCodeOf(parameters)), core.now()));
  const dueDate = chinaDate(core.now() - DAY_MS);
  state.notices.setDueDate(notice, dueDate);
  return { payCode: notice.payCode, dueDate };
}

function payable(find: () => Notice): Notice {
  try {
    return find();
  } catch (error) {
    if (error instanceof Refusal) throw new ActRefused(`payCode: ${error.code} ${error.message}`);
    throw error;
  }
}

function payCodeOf(parameters: Parameters): string {
  const payCode = textOf(parameters, 'payCode', /^(\d{16}|\d{20})$/, '20 digits');
  if (payCode === undefined) throw new ActRefused('payCode: 20 digits');
  return payCode;
}

function tradeNumberOf(parameters: Parameters): string | undefined {
  return textOf(parameters, 'tradeNumber', /^[\x21-\x7e]{1,32}$/, 'up to 32 characters');
}

function amountFenOf(parameters: Parameters): Fen | undefined {
  const amount = numberOf(parameters, 'amountFen', 1, Number.MAX_SAFE_INTEGER);
  return amount === undefined ? undefined : fen(amount);
}

function timeOf({ at }: Parameters, now: number): number {
  if (at === undefined) return now;
  try {
    if (typeof at === 'string') return instantFromChina(at);
  } catch {
    // told below
  }
  throw new ActRefused('at: yyyy-MM-dd HH:mm:ss');
}

function textOf(parameters: Parameters, name: string, form: RegExp, about: string): string | undefined {
  const value = parameters[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !form.test(value)) throw new ActRefused(`${name}: ${about}`);
  return value;
}

function numberOf(parameters: Parameters, name: string, low: number, high: number): number | undefined {
  const value = parameters[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < low || value > high) {
    throw new ActRefused(`${name}: a whole number from ${low} to ${high}`);
  }
  return value;
}
