import type { SimulatorCore } from '../../simulator/core.ts';
import { instantFromChina } from '../../values/china-time.ts';
import { type Fen, yuanFromFen } from '../../values/fen.ts';
import type { Fields } from './fields.ts';
import { checkCertificateNumber, checkIdNumber } from './identifiers.ts';
import type { Procedure } from './procedure.ts';
import type { Application, Records } from './records.ts';
import { malformed, Refusal } from './refusal.ts';
import { STATUS_NAMES, type Stage, type Verdict } from './status.ts';
import { readMaterials, type Sender, submit } from './submission.ts';

const APPLICATION_NUMBER = /^LB\d{20}$/;
const STATUS = /^(10|11|12|20|21|30|32|40|42|50|51|52|60)$/;
const LONGEST_SPAN_MS = 31 * 24 * 3_600_000;
const MOST_MONTHS = 24;

/** The business system behind the exchange: LB01 to LB08 (wire spec 3). Each takes a `body` and gives the members of `data`. */
export class Transactions {
  readonly #core: SimulatorCore;
  readonly #records: () => Records;
  readonly #procedure: Procedure;
  /** The requester's district, six digits: it sees what was accepted there and what has its hukou there. */
  readonly #district: string;

  constructor(core: SimulatorCore, records: () => Records, procedure: Procedure, district: string) {
    this.#core = core;
    this.#records = records;
    this.#procedure = procedure;
    this.#district = district;
  }

  run(code: string, body: Fields, sender: Sender): Record<string, unknown> {
    switch (code) {
      case 'LB01':
        return this.#certificate(body);
      case 'LB02':
        return this.#enrolments(body);
      case 'LB03':
        return submit(body, sender, this.#core, this.#records(), this.#procedure);
      case 'LB04':
        return this.#progress(body);
      case 'LB05':
        return this.#supplement(body, sender);
      case 'LB06':
        return this.#pending(body);
      case 'LB07':
        return this.#decide(body);
      case 'LB08':
        return this.#payments(body);
      default:
        throw malformed('head.txCode');
    }
  }

  #certificate(body: Fields): Record<string, unknown> {
    const name = body.text('name');
    const idNumber = checkIdNumber(body.text('idCard'), this.#core.now());
    const wanted = body.optionalText('certNo');
    if (wanted !== null) checkCertificateNumber(wanted, idNumber, this.#core.now());
    const held = (this.#records().certificatesOf.get(idNumber) ?? []).filter(
      (certificate) => certificate.name === name && (wanted === null || certificate.number === wanted),
    );
    const certificate = held.find(({ status }) => status === '1') ?? held.at(-1);
    if (certificate === undefined) return { matched: '0' };
    return {
      matched: '1',
      certNo: certificate.number,
      category: certificate.category,
      grade: certificate.grade,
      certStatus: certificate.status,
      firstIssueDate: certificate.firstIssuedOn,
      issueDate: certificate.issuedOn,
      validTo: certificate.validTo,
      hukouDivision: certificate.hukouDivision,
      guardian: certificate.guardian,
      subCategories: certificate.category === '7' ? certificate.subCategories : [],
    };
  }

  #enrolments(body: Fields): Record<string, unknown> {
    const idNumber = checkIdNumber(body.text('idCard'), this.#core.now());
    const enrolments = (this.#records().enrolmentsOf.get(idNumber) ?? []).map((enrolment) => ({
      subsidyType: enrolment.subsidyType,
      payDivision: enrolment.payDivision,
      startMonth: enrolment.startMonth,
      endMonth: enrolment.endMonth,
      monthlyAmount: yuanFromFen(enrolment.monthlyFen as Fen),
      state: enrolment.state,
    }));
    return { enrolments };
  }

  #progress(body: Fields): Record<string, unknown> {
    const application = this.#application(body);
    if (!this.#involves(application)) throw new Refusal('LB1005');
    return {
      applicationNo: application.number,
      status: application.status,
      statusName: STATUS_NAMES[application.status],
      subsidyTypes: application.subsidyTypes,
      steps: application.steps.map((step) => ({
        seq: String(step.sequence),
        status: step.status,
        division: step.division,
        dept: step.department,
        handler: step.handler,
        time: step.at,
        opinion: step.opinion,
      })),
    };
  }

  #supplement(body: Fields, sender: Sender): Record<string, unknown> {
    const application = this.#application(body);
    const round = body.number('roundNo', 1, 99);
    readMaterials(body.objects('materials', 1));
    if (!this.#involves(application)) throw new Refusal('LB1005');
    this.#procedure.supplement(application, round, { handler: sender.operator, opinion: `第${round}次补正` });
    return stateOf(application);
  }

  #pending(body: Fields): Record<string, unknown> {
    const division = body.division('hukouDivision');
    const statuses = body.codes('statusIn', STATUS, 1);
    const from = body.time('updatedFrom');
    const to = body.time('updatedTo');
    const span = instantFromChina(to) - instantFromChina(from);
    if (span < 0 || span > LONGEST_SPAN_MS) throw malformed('updatedTo');
    const pageNo = body.number('pageNo', 1, 999_999);
    const pageSize = body.number('pageSize', 1, 100);
    if (!division.startsWith(this.#district)) throw new Refusal('LB1005');

    const level = division.replace(/(000)+$/, '');
    const found = (this.#records().applicationsFor.get(division.slice(0, 6)) ?? [])
      .filter(
        ({ hukouDivision, status, updatedAt }) =>
          hukouDivision.startsWith(level) && statuses.includes(status) && updatedAt >= from && updatedAt <= to,
      )
      .sort((one, other) => order(one.updatedAt, other.updatedAt) || order(one.number, other.number));
    return {
      total: String(found.length),
      pageNo: String(pageNo),
      pageSize: String(pageSize),
      rows: found.slice((pageNo - 1) * pageSize, pageNo * pageSize).map((application) => ({
        applicationNo: application.number,
        acceptDivision: application.acceptDivision,
        name: application.name,
        idCard: application.idNumber,
        certNo: application.certificateNumber,
        subsidyTypes: application.subsidyTypes,
        status: application.status,
        updatedAt: application.updatedAt,
      })),
    };
  }

  #decide(body: Fields): Record<string, unknown> {
    const application = this.#application(body);
    const rejected = body.optionalObjects('rejectedTypes').map((item) => {
      item.text('reasonCode', /^R(0[1-9]|10)$/);
      item.text('reason');
      return item.text('subsidyType', /^[12]$/);
    });
    const review = {
      stage: body.text('stage', /^[123]$/) as Stage,
      verdict: body.text('decision', /^[123]$/) as Verdict,
      subsidyTypes: body.codes('subsidyTypes', /^[12]$/, 0),
      rejectedTypes: rejected,
      opinion: body.text('opinion'),
      reviewer: body.text('reviewer'),
      reviewedAt: body.time('reviewTime'),
      startMonth: body.optionalText('startMonth', /^\d{4}(0[1-9]|1[0-2])$/),
    };
    // Transcript 23: the state is looked at before the right to decide.
    this.#procedure.checkDue(application, review);
    if (!application.hukouDivision.startsWith(this.#district)) throw new Refusal('LB1005');
    this.#procedure.review(application, review);
    return stateOf(application);
  }

  #payments(body: Fields): Record<string, unknown> {
    const idNumber = checkIdNumber(body.text('idCard'), this.#core.now());
    const from = body.month('monthFrom');
    const to = body.month('monthTo');
    const months = monthCount(to) - monthCount(from) + 1;
    if (months < 1 || months > MOST_MONTHS) throw malformed('monthTo');
    const rows = (this.#records().paymentsOf.get(idNumber) ?? [])
      .filter(({ month }) => month >= from && month <= to)
      .sort((one, other) => order(one.month, other.month) || order(one.number, other.number))
      .map((payment) => ({
        payNo: payment.number,
        subsidyType: payment.subsidyType,
        month: payment.month,
        amount: yuanFromFen(payment.amountFen as Fen),
        arrears: yuanFromFen(payment.arrearsFen as Fen),
        payDate: payment.paidOn,
        accountNo: mask(payment.account),
        result: payment.result,
        failReason: payment.failure === '' ? null : payment.failure,
      }));
    return { rows };
  }

  #application(body: Fields): Application {
    const application = this.#records().applications.get(body.text('applicationNo', APPLICATION_NUMBER));
    if (application === undefined) throw new Refusal('LB1004');
    return application;
  }

  /** True for the district that accepted, that of the hukou and that of the residence. */
  #involves({ acceptDivision, hukouDivision, residenceDivision }: Application): boolean {
    return [acceptDivision, hukouDivision, residenceDivision].some((division) => division.startsWith(this.#district));
  }
}

function stateOf({ number, status }: Application): Record<string, unknown> {
  return { applicationNo: number, status };
}

function mask(account: string): string {
  return account.slice(0, 4) + '*'.repeat(Math.max(1, account.length - 8)) + account.slice(-4);
}

function monthCount(month: string): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(4));
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
