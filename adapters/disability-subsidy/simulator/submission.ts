import type { SimulatorCore } from '../../simulator/core.ts';
import { chinaCompactDate, chinaDateTime } from '../../values/china-time.ts';
import type { Fields } from './fields.ts';
import { checkCardNumber, checkCertificateNumber, checkIdNumber } from './identifiers.ts';
import { deskOf, isHukouTownship, type Procedure } from './procedure.ts';
import type { Application, Certificate, Records } from './records.ts';
import { malformed, Refusal } from './refusal.ts';
import { checkEntitlement, type Facts } from './rules.ts';
import { OPEN } from './status.ts';

/** A submission that is well-formed (wire spec 3.3). */
interface Form {
  readonly clientSerial: string;
  readonly acceptDivision: string;
  readonly hukouDivision: string;
  readonly residenceDivision: string;
  readonly subsidyTypes: readonly string[];
  readonly idNumber: string;
  readonly name: string;
  readonly certificateNumber: string;
  readonly claims: Facts;
  readonly accountName: string;
  readonly account: string;
  readonly agentName: string | null;
}

export interface Sender {
  readonly rid: string;
  readonly operator: string;
}

/** LB03: checks the form, then its claims, then the registers; files it (wire spec 3.3). */
export function submit(
  body: Fields,
  sender: Sender,
  core: SimulatorCore,
  records: Records,
  procedure: Procedure,
): Record<string, unknown> {
  const form = readForm(body, core.now());
  const earlier = records.filedBefore(sender.rid, form.clientSerial);
  if (earlier !== undefined) return receipt(earlier, '1', earlier.status);

  const certificate = checkClaims(form, records);
  checkRegisters(form, certificate, records);
  checkOtherSubsidies(form, records);

  const application = file(form, sender, core, records);
  procedure.passOn(application);
  return receipt(application, '0', '10');
}

function readForm(body: Fields, now: number): Form {
  const clientSerial = body.text('clientSerialNo', /^.{1,40}$/su);
  const mode = body.text('applyMode', /^[12]$/);
  const acceptDivision = body.division('acceptDivision');
  const hukouDivision = body.division('hukouDivision');
  if (mode === '1' && acceptDivision.slice(0, 6) !== hukouDivision.slice(0, 6)) throw malformed('acceptDivision');
  const household = body.object('household');
  household.text('hukouType', /^[12]$/);
  const economicStatus = household.text('economicStatus', /^[012]$/);
  if (economicStatus === '1') household.text('dibaoNo');
  const exclusions = body.object('exclusions');
  exclusions.text('elderlyNursing', /^[01]$/);
  const excluded = (name: string) => exclusions.text(name, /^[01]$/) === '1';
  const certificate = body.object('certificate');
  const applicant = readApplicant(body.object('applicant'), now);
  const bank = body.object('bank');
  bank.text('bankCode');
  bank.text('bankName');
  readMaterials(body.objects('materials', 0));
  return {
    clientSerial,
    acceptDivision,
    hukouDivision,
    residenceDivision: body.division('residenceDivision'),
    subsidyTypes: body.codes('subsidyTypes', /^[12]$/, 1),
    ...applicant,
    certificateNumber: checkCertificateNumber(certificate.text('certNo'), applicant.idNumber, now),
    claims: {
      category: certificate.text('category', /^[1-7]$/),
      grade: certificate.text('grade', /^[1-4]$/),
      economicStatus,
      specialHardship: excluded('tekun'),
      orphan: excluded('orphan'),
      workInjuryNursing: excluded('workInjuryNursing'),
    },
    accountName: bank.text('accountName'),
    account: bank.text('accountNo'),
    agentName: readAgent(body.optionalObject('agent'), now),
  };
}

function readApplicant(applicant: Fields, now: number): { idNumber: string; name: string } {
  const name = applicant.text('name');
  applicant.text('nation', /^\d{2}$/);
  applicant.text('phone', /^[\d-]{7,20}$/);
  applicant.text('address');
  const sex = applicant.text('sex', /^[12]$/);
  const birthDate = applicant.date('birthDate');
  const idNumber = checkIdNumber(applicant.text('idCard'), now);
  if (Number(idNumber.charAt(16)) % 2 !== Number(sex) % 2) throw malformed(applicant.at('sex'));
  if (birthDate.replaceAll('-', '') !== idNumber.slice(6, 14)) throw malformed(applicant.at('birthDate'));
  return { idNumber, name };
}

function readAgent(agent: Fields | null, now: number): string | null {
  if (agent === null) return null;
  agent.text('relation');
  agent.text('phone', /^[\d-]{7,20}$/);
  const idNumber = agent.optionalText('idCard');
  if (idNumber !== null) checkIdNumber(idNumber, now);
  return agent.text('name');
}

/** Materials of LB03 and LB05. */
export function readMaterials(materials: readonly Fields[]): void {
  for (const material of materials) {
    material.text('materialCode', /^0[1-7]$/);
    material.text('name');
    material.text('form', /^[123]$/);
    material.text('fileId');
  }
}

/** What the application itself shows, its certificate included. Transcript 14: the grade is looked at before the certificate's status. */
function checkClaims(form: Form, records: Records): Certificate {
  checkEntitlement(form.hukouDivision, form.subsidyTypes, form.claims);
  const certificate = records.certificates.get(form.certificateNumber);
  const guardian = certificate?.guardian?.name;
  checkCardNumber(form.account);
  if (![form.name, form.agentName, guardian].includes(form.accountName)) throw new Refusal('LB2007');
  if (certificate === undefined || certificate.idNumber !== form.idNumber || certificate.name !== form.name) {
    throw new Refusal('LB1003');
  }
  if (certificate.status !== '1') throw new Refusal('LB2001');
  if (certificate.category !== form.claims.category || certificate.grade !== form.claims.grade) {
    throw new Refusal('LB1003');
  }
  return certificate;
}

/** Population and low-income registers. */
function checkRegisters(form: Form, certificate: Certificate, records: Records): void {
  const hukou = records.residents.get(form.idNumber)?.hukouDivision ?? certificate.hukouDivision;
  if (!isSamePlace(form.hukouDivision, hukou)) throw new Refusal('LB2002');
  const known = records.circumstances.get(form.idNumber);
  checkEntitlement(form.hukouDivision, form.subsidyTypes, {
    category: certificate.category,
    grade: certificate.grade,
    economicStatus: known?.economicStatus ?? '0',
    specialHardship: known?.specialHardship ?? false,
    orphan: known?.orphan ?? false,
    workInjuryNursing: known?.workInjuryNursing ?? false,
  });
}

/** Drawn elsewhere (LB2006), applied for already (LB3001), drawn here without an application of this system (LB2006). */
function checkOtherSubsidies(form: Form, records: Records): void {
  const drawn = (records.enrolmentsOf.get(form.idNumber) ?? []).filter(
    ({ state, subsidyType }) => state !== '52' && form.subsidyTypes.includes(subsidyType),
  );
  const district = form.hukouDivision.slice(0, 6);
  if (drawn.some(({ payDivision }) => !payDivision.startsWith(district))) throw new Refusal('LB2006');
  const open = (records.applicationsOf.get(form.idNumber) ?? []).find(
    ({ status, remainingTypes }) => OPEN.has(status) && remainingTypes.some((type) => form.subsidyTypes.includes(type)),
  );
  if (open !== undefined) throw new Refusal('LB3001', undefined, { applicationNo: open.number });
  if (drawn.length > 0) throw new Refusal('LB2006');
}

function file(form: Form, sender: Sender, core: SimulatorCore, records: Records): Application {
  const now = core.now();
  const at = chinaDateTime(now);
  const application: Application = {
    number: records.nextNumber(`LB${form.acceptDivision.slice(0, 6)}${chinaCompactDate(now)}`),
    clientSerial: form.clientSerial,
    acceptDivision: form.acceptDivision,
    hukouDivision: form.hukouDivision,
    residenceDivision: form.residenceDivision,
    idNumber: form.idNumber,
    name: form.name,
    certificateNumber: form.certificateNumber,
    subsidyTypes: form.subsidyTypes,
    remainingTypes: form.subsidyTypes,
    account: form.account,
    acceptedAt: at,
    status: '10',
    updatedAt: at,
    steps: [
      {
        sequence: 1,
        status: '10',
        ...deskOf('10', form),
        handler: sender.operator,
        at,
        opinion: '材料齐全，予以受理',
      },
    ],
    decisions: new Map(),
    returnTo: undefined,
    rounds: 0,
  };
  records.addApplication(application, sender.rid);
  core.record({
    kind: 'application-submitted',
    reference: application.number,
    subject: application.idNumber,
    clientSerial: application.clientSerial,
    subsidyTypes: application.subsidyTypes,
  });
  return application;
}

function receipt(application: Application, duplicate: '0' | '1', status: string): Record<string, unknown> {
  const district = `${application.hukouDivision.slice(0, 6)}000000`;
  return {
    applicationNo: application.number,
    status,
    duplicate,
    nextDivision: isHukouTownship(application) ? district : application.hukouDivision,
  };
}

/** The same township, or one names the place and the other a whole that holds it. */
function isSamePlace(one: string, other: string): boolean {
  const [wide, narrow] = [one.replace(/(000)+$/, ''), other.replace(/(000)+$/, '')].sort(
    (a, b) => a.length - b.length,
  ) as [string, string];
  return narrow.startsWith(wide.slice(0, 9));
}
