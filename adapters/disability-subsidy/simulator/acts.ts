import { type Act, ActRefused, type SimulatorCore } from '../../simulator/core.ts';
import { chinaDateTime } from '../../values/china-time.ts';
import type { Grants, Standing } from './grants.ts';
import { applicationBehind, payMonth } from './payroll.ts';
import type { Procedure } from './procedure.ts';
import type { Application, Certificate, Enrolment, Records } from './records.ts';
import { Refusal } from './refusal.ts';
import { STAGE_OF, type Stage, type Verdict } from './status.ts';

type Parameters = Readonly<Record<string, unknown>>;

export interface Office {
  readonly core: SimulatorCore;
  readonly grants: Grants;
  readonly procedure: Procedure;
  records(): Records;
  /** Announces maintenance until a time, or its end. */
  maintain(until: string | undefined): void;
}

const MONTH = /^\d{4}(0[1-9]|1[0-2])$/;
const TRANSACTION = /^LB0[1-8]$/;

/** What people on the department's side do (contract, "Simulators"). */
export function departmentActs(office: Office): Readonly<Record<string, Act>> {
  return {
    review: {
      about: 'The deciding body of any district gives its decision on an application, as LB07 would from its own side.',
      parameters: {
        applicationNo: 'the application',
        stage: '1 township, 2 federation, 3 civil affairs; the one that is due unless given',
        decision: '1 pass, 2 refuse, 3 ask for a supplement; 1 unless given',
        subsidyTypes: 'list of the types passed; all that are open unless given',
        opinion: 'its words',
        reviewer: 'who decides',
        startMonth: 'yyyyMM, for stage 3; the month of acceptance unless given',
      },
      run: (parameters) => review(office, parameters),
    },
    'ask-supplement': {
      about: 'The body whose turn it is asks for a supplement.',
      parameters: { applicationNo: 'the application', opinion: 'what is missing' },
      run: (parameters) => review(office, { ...parameters, decision: '3' }),
    },
    withdraw: {
      about: 'The applicant withdraws, which is open until the federation reviews.',
      parameters: { applicationNo: 'the application' },
      run: (parameters) => withdraw(office, parameters),
    },
    'pay-month': {
      about: 'The districts pay a month: one payment for each running enrolment, arrears added, nothing twice.',
      parameters: {
        month: 'yyyyMM',
        division: 'digits the paying division begins with; all unless given',
        idCard: 'only this person',
        result: '1 paid, 2 failed; 1 unless given',
        failReason: 'why it failed',
      },
      run: (parameters) => pay(office, parameters),
    },
    'lapse-certificate': {
      about: 'A certificate becomes invalid and its holder is no longer paid.',
      parameters: {
        certNo: 'the certificate',
        status: '2 frozen, 3 cancelled, 4 expired, 5 moved away; 4 unless given',
      },
      run: (parameters) => lapse(office, parameters),
    },
    stop: {
      about: 'Payment of an application that is being paid is stopped.',
      parameters: { applicationNo: 'the application', reason: 'why' },
      run: (parameters) => stop(office, parameters),
    },
    resume: {
      about: 'Payment of a stopped application goes on.',
      parameters: { applicationNo: 'the application', reason: 'why' },
      run: (parameters) => resume(office, parameters),
    },
    'expire-secrets': {
      about: 'Secrets end now; calls signed with them are refused (-5).',
      parameters: {
        transaction: 'LB01 … LB08; all unless given',
        renewingMs: 'for so long business calls are told to come back (-50)',
      },
      run: (parameters) => expire(office, parameters),
    },
    'set-secret-lifetime': {
      about: 'Secrets given from now on last so long; to the end of the day in China when left out.',
      parameters: { ms: 'milliseconds' },
      run: (parameters) => setLifetime(office, parameters),
    },
    'set-grant': {
      about: 'A service is granted, missing from the grant list (E-106), or refused (-1).',
      parameters: { transaction: 'LB01 … LB08; all unless given', standing: 'granted, unlisted or refused' },
      run: (parameters) => setGrant(office, parameters),
    },
    maintain: {
      about: 'The business system is down for maintenance (LB9001) until a time; up again when left out.',
      parameters: { until: 'yyyy-MM-dd HH:mm:ss' },
      run: (parameters) => {
        office.maintain(text(parameters, 'until', /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/));
      },
    },
  };
}

function review(office: Office, parameters: Parameters): unknown {
  const application = applicationOf(office, parameters);
  const stage = (text(parameters, 'stage', /^[123]$/) ?? STAGE_OF[application.status]) as Stage | undefined;
  if (stage === undefined) throw new ActRefused(`no decision is due in status ${application.status}`);
  const verdict = (text(parameters, 'decision', /^[123]$/) ?? '1') as Verdict;
  const passed = verdict === '1' ? typesOf(parameters, application) : [];
  return orRefused(() => {
    office.procedure.review(application, {
      stage,
      verdict,
      subsidyTypes: passed,
      rejectedTypes: application.remainingTypes.filter((type) => !passed.includes(type)),
      opinion: text(parameters, 'opinion') ?? { '1': '同意', '2': '不符合条件', '3': '请补充材料' }[verdict],
      reviewer: text(parameters, 'reviewer') ?? '王某',
      reviewedAt: chinaDateTime(office.core.now()),
      startMonth: text(parameters, 'startMonth', MONTH) ?? application.acceptedAt.slice(0, 7).replace('-', ''),
    });
    return { applicationNo: application.number, status: application.status };
  });
}

function withdraw(office: Office, parameters: Parameters): unknown {
  const application = applicationOf(office, parameters);
  return orRefused(() => {
    office.procedure.step(application, '60', application.name, '申请人撤回');
    office.core.record({ kind: 'withdrawn', reference: application.number, subject: application.idNumber });
    return { applicationNo: application.number, status: application.status };
  });
}

function pay(office: Office, parameters: Parameters): unknown {
  const month = text(parameters, 'month', MONTH);
  if (month === undefined) throw new ActRefused('month: yyyyMM');
  const run = {
    month,
    division: text(parameters, 'division', /^\d{1,12}$/) ?? '',
    idNumber: text(parameters, 'idCard'),
    result: (text(parameters, 'result', /^[12]$/) ?? '1') as '1' | '2',
    failure: text(parameters, 'failReason') ?? '账户状态异常',
  };
  return payMonth(run, office.core, office.records(), office.procedure);
}

function lapse(office: Office, parameters: Parameters): unknown {
  const certificate = office.records().certificates.get(text(parameters, 'certNo') ?? '');
  if (certificate === undefined) throw new ActRefused('certNo: no such certificate');
  const status = text(parameters, 'status', /^[2345]$/) ?? '4';
  if (certificate.status === status) return { certNo: certificate.number, status };
  certificate.status = status;
  office.core.record({
    kind: 'certificate-lapsed',
    reference: certificate.number,
    subject: certificate.idNumber,
    status,
  });
  for (const enrolment of office.records().enrolmentsOf.get(certificate.idNumber) ?? []) {
    if (enrolment.state === '51' && !hasOtherCertificate(office, certificate)) end(office, enrolment, '残疾人证失效');
  }
  return { certNo: certificate.number, status };
}

function stop(office: Office, parameters: Parameters): unknown {
  const application = applicationOf(office, parameters);
  if (application.status !== '51') throw new ActRefused(`not being paid: status ${application.status}`);
  for (const enrolment of enrolmentsBehind(office, application, '51')) {
    end(office, enrolment, text(parameters, 'reason') ?? '不再符合条件');
  }
  return { applicationNo: application.number, status: application.status };
}

function resume(office: Office, parameters: Parameters): unknown {
  const application = applicationOf(office, parameters);
  if (application.status !== '52') throw new ActRefused(`not stopped: status ${application.status}`);
  for (const enrolment of enrolmentsBehind(office, application, '52')) {
    enrolment.state = '51';
    enrolment.endMonth = null;
  }
  office.procedure.step(application, '51', '系统', text(parameters, 'reason') ?? '恢复发放');
  office.core.record({ kind: 'resumed', reference: application.number, subject: application.idNumber });
  return { applicationNo: application.number, status: application.status };
}

function expire(office: Office, parameters: Parameters): unknown {
  const renewingMs = whole(parameters, 'renewingMs') ?? 0;
  const sids = office.grants.sidsOf(text(parameters, 'transaction', TRANSACTION));
  for (const sid of sids) office.grants.expire(sid, renewingMs);
  return { sids };
}

function setLifetime(office: Office, parameters: Parameters): void {
  office.grants.setLifetime(whole(parameters, 'ms'));
}

function setGrant(office: Office, parameters: Parameters): unknown {
  const standing = text(parameters, 'standing', /^(granted|unlisted|refused)$/) as Standing | undefined;
  if (standing === undefined) throw new ActRefused('standing: granted, unlisted or refused');
  const sids = office.grants.sidsOf(text(parameters, 'transaction', TRANSACTION));
  for (const sid of sids) office.grants.setStanding(sid, standing);
  return { sids, standing };
}

/** Stops an enrolment with this month, and the application behind it. */
function end(office: Office, enrolment: Enrolment, reason: string): void {
  const application = applicationBehind(enrolment, office.records());
  enrolment.state = '52';
  enrolment.endMonth = chinaDateTime(office.core.now()).slice(0, 7).replace('-', '');
  if (application?.status === '51') office.procedure.step(application, '52', '系统', reason);
  office.core.record({
    kind: 'stopped',
    reference: application?.number ?? `${enrolment.payDivision} ${enrolment.subsidyType}`,
    subject: enrolment.idNumber,
    subsidyType: enrolment.subsidyType,
  });
}

function enrolmentsBehind(office: Office, application: Application, state: string): Enrolment[] {
  const records = office.records();
  return (records.enrolmentsOf.get(application.idNumber) ?? []).filter(
    (enrolment) => enrolment.state === state && applicationBehind(enrolment, records) === application,
  );
}

function hasOtherCertificate({ records }: Office, lapsed: Certificate): boolean {
  return (records().certificatesOf.get(lapsed.idNumber) ?? []).some(({ status }) => status === '1');
}

function applicationOf(office: Office, parameters: Parameters): Application {
  const application = office.records().applications.get(text(parameters, 'applicationNo') ?? '');
  if (application === undefined) throw new ActRefused('applicationNo: no such application');
  return application;
}

function typesOf(parameters: Parameters, application: Application): readonly string[] {
  const { subsidyTypes } = parameters;
  if (subsidyTypes === undefined) return application.remainingTypes;
  const fits = Array.isArray(subsidyTypes) && subsidyTypes.every((type) => application.remainingTypes.includes(type));
  if (!fits) throw new ActRefused(`subsidyTypes: some of ${application.remainingTypes.join(', ')}`);
  return subsidyTypes as string[];
}

function text(parameters: Parameters, name: string, pattern = /./): string | undefined {
  const value = parameters[name];
  if (value === undefined) return undefined;
  const given = typeof value === 'number' ? String(value) : value;
  if (typeof given !== 'string' || !pattern.test(given)) throw new ActRefused(`${name}: not as listed`);
  return given;
}

function whole(parameters: Parameters, name: string): number | undefined {
  const value = parameters[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new ActRefused(`${name}: a whole number of milliseconds`);
  }
  return value;
}

/** What a message would be refused, an act is refused too. */
function orRefused<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof Refusal) throw new ActRefused(`${error.code} ${error.message}`);
    throw error;
  }
}
