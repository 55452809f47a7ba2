import type { SimulatorCore } from '../../simulator/core.ts';
import { chinaCompactDate, chinaDate } from '../../values/china-time.ts';
import type { Procedure } from './procedure.ts';
import type { Application, Enrolment, Payment, Records } from './records.ts';
import { monthlyFen } from './rules.ts';

export interface PayRun {
  readonly month: string;
  /** The head of the paying division; all when empty. */
  readonly division: string;
  /** One person, or all. */
  readonly idNumber: string | undefined;
  /** `1` paid, or `2` failed with this reason. */
  readonly result: '1' | '2';
  readonly failure: string;
}

/** Pays a month (wire spec 3.8): one row for each enrolment that runs, arrears added, nothing twice. */
export function payMonth(
  run: PayRun,
  core: SimulatorCore,
  records: Records,
  procedure: Procedure,
): { paid: number; failed: number; amountFen: number } {
  const sums = { paid: 0, failed: 0, amountFen: 0 };
  for (const [idNumber, enrolments] of records.enrolmentsOf) {
    if (run.idNumber !== undefined && run.idNumber !== idNumber) continue;
    for (const enrolment of enrolments) {
      if (!enrolment.payDivision.startsWith(run.division) || !isDue(enrolment, run.month, records)) continue;
      const payment = pay(enrolment, run, core, records);
      const transferred = payment.amountFen + payment.arrearsFen;
      if (payment.result === '1') {
        begin(enrolment, records, procedure);
        sums.paid += 1;
        sums.amountFen += transferred;
      } else sums.failed += 1;
      core.record({
        kind: payment.result === '1' ? 'paid' : 'payment-failed',
        reference: payment.number,
        subject: idNumber,
        amountFen: transferred,
        subsidyType: payment.subsidyType,
        month: payment.month,
      });
    }
  }
  return sums;
}

/** The application whose money this is, if it went through this system. */
export function applicationBehind(enrolment: Enrolment, records: Records): Application | undefined {
  return records.applicationsOf
    .get(enrolment.idNumber)
    ?.findLast(
      ({ status, remainingTypes, hukouDivision }) =>
        ['50', '51', '52'].includes(status) &&
        remainingTypes.includes(enrolment.subsidyType) &&
        enrolment.payDivision.startsWith(hukouDivision.slice(0, 6)),
    );
}

function pay(enrolment: Enrolment, run: PayRun, core: SimulatorCore, records: Records): Payment {
  const { idNumber, subsidyType, payDivision } = enrolment;
  const account = accountOf(enrolment, records);
  const result = account === undefined ? '2' : run.result;
  const failure = account === undefined ? '未登记银行账户' : run.failure;
  enrolment.monthlyFen = amountOf(enrolment, run.month);
  const owed = owedMonths(enrolment, run.month, records);
  const payment: Payment = {
    number: records.nextNumber(`${payDivision.slice(0, 6)}${chinaCompactDate(core.now())}`),
    idNumber,
    subsidyType,
    month: run.month,
    amountFen: enrolment.monthlyFen,
    arrearsFen: owed.reduce((sum, month) => sum + amountOf(enrolment, month), 0),
    paidOn: chinaDate(core.now()),
    account: account ?? '0000000000000000',
    result,
    failure: result === '1' ? '' : failure,
  };
  records.addPayment(payment);
  return payment;
}

/** Running in the month, and neither the month nor a later one settled. */
function isDue(enrolment: Enrolment, month: string, records: Records): boolean {
  if (enrolment.state === '52' || enrolment.startMonth > month) return false;
  if (enrolment.endMonth !== null && enrolment.endMonth < month) return false;
  return (settledTo(enrolment, records) ?? '') < month;
}

/** The last month with a row that is paid or on its way; its arrears settled all before it. */
function settledTo(enrolment: Enrolment, records: Records): string | undefined {
  const settled = rowsOf(enrolment, records).filter(({ result }) => result === '0' || result === '1');
  return settled.reduce<string | undefined>(
    (last, { month }) => (last === undefined || month > last ? month : last),
    undefined,
  );
}

/** Earlier months without money: since the last settled one, or since the start when nothing was ever settled. */
function owedMonths(enrolment: Enrolment, month: string, records: Records): string[] {
  const settled = settledTo(enrolment, records);
  const failed = rowsOf(enrolment, records)
    .map((row) => row.month)
    .sort();
  // An enrolment that is being paid but has no row was paid before this system kept any.
  const first = settled !== undefined ? after(settled) : enrolment.state === '50' ? enrolment.startMonth : failed[0];
  const months: string[] = [];
  for (let owed = first ?? month; owed < month; owed = after(owed)) months.push(owed);
  return months;
}

/** The first payment moves enrolment and application from granted to being paid. */
function begin(enrolment: Enrolment, records: Records, procedure: Procedure): void {
  if (enrolment.state !== '50') return;
  enrolment.state = '51';
  const application = applicationBehind(enrolment, records);
  if (application?.status === '50') procedure.step(application, '51', '系统', '首次发放');
}

/** Where this system knows the place's rates they hold, month by month. */
function amountOf(enrolment: Enrolment, month: string): number {
  const known = enrolment.payDivision.startsWith('42')
    ? monthlyFen(enrolment.payDivision, enrolment.subsidyType, month)
    : 0;
  return known || enrolment.monthlyFen;
}

function accountOf(enrolment: Enrolment, records: Records): string | undefined {
  return applicationBehind(enrolment, records)?.account ?? rowsOf(enrolment, records).at(-1)?.account;
}

function rowsOf({ idNumber, subsidyType }: Enrolment, records: Records): Payment[] {
  return (records.paymentsOf.get(idNumber) ?? []).filter((payment) => payment.subsidyType === subsidyType);
}

function after(month: string): string {
  const months = Number(month.slice(0, 4)) * 12 + Number(month.slice(4));
  return `${Math.floor(months / 12)}${((months % 12) + 1).toString().padStart(2, '0')}`;
}
