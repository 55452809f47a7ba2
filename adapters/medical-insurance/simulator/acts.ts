import { type Act, ActRefused } from '../../simulator/core.ts';
import { chinaDate } from '../../values/china-time.ts';
import type { Platform } from './platform.ts';
import type { Certificate, ChronicFiling, Insurance, OutOfAreaFiling } from './register.ts';

type Parameters = Readonly<Record<string, unknown>>;

/** What people at the agency do, over whatever platform is open when they do it. */
export function departmentActs(open: () => Platform): Readonly<Record<string, Act>> {
  return {
    review: {
      about: 'The agency reviews an out-of-area or a chronic disease filing.',
      parameters: { reference: 'trt_dcla_detl_sn of the filing', decision: 'approve or refuse' },
      run: (parameters) => review(open(), parameters),
    },
    'suspend-insurance': {
      about: "The agency suspends a person's insurance from today on.",
      parameters: { psnNo: 'psn_no', insuranceKind: 'insutype; every kind when left out' },
      run: (parameters) => setInsurance(open(), parameters, '2'),
    },
    'resume-insurance': {
      about: "The agency takes back the suspension of a person's insurance.",
      parameters: { psnNo: 'psn_no', insuranceKind: 'insutype; every kind when left out' },
      run: (parameters) => setInsurance(open(), parameters, '1'),
    },
    'issue-certificate': {
      about:
        'Gives a person an electronic credential or a social security card, which 1101, 2401 and settlements then take.',
      parameters: { psnNo: 'psn_no', type: '01 electronic credential, 03 social security card' },
      run: (parameters) => issueCertificate(open(), parameters),
    },
    'expire-sign-in': {
      about: 'Sign-in numbers given so far stop being valid.',
      parameters: { operator: "opter_no; every operator's when left out" },
      run: (parameters) => ({ expired: open().signIns.expire(optional(parameters, 'operator')) }),
    },
    'infcode-as-text': {
      about: 'The platform writes infcode as text from now on, as half of the known ones do.',
      parameters: { on: 'true, the default, or false' },
      run: (parameters) => {
        const { on = true } = parameters;
        if (typeof on !== 'boolean') throw new ActRefused('on: true or false');
        open().infcodeAsText = on;
        return { on };
      },
    },
  };
}

function review({ core, register }: Platform, parameters: Parameters): unknown {
  const reference = text(parameters, 'reference');
  const decision = text(parameters, 'decision');
  if (decision !== 'approve' && decision !== 'refuse') throw new ActRefused('decision: approve or refuse');
  const outOfArea = register.outOfAreaFilings.get(reference);
  const chronic = register.chronicFilings.get(reference);
  if (outOfArea) decideOutOfArea(outOfArea, decision);
  else if (chronic) decideChronic(chronic, decision);
  else throw new ActRefused('reference: no out-of-area or chronic disease filing has this serial');
  const kind = outOfArea ? 'out-of-area-filing-reviewed' : 'chronic-filing-reviewed';
  core.record({ kind, reference, subject: (outOfArea ?? chronic)?.psnNo ?? '', decision });
  return { reference, decision };
}

function decideOutOfArea(filing: OutOfAreaFiling, decision: 'approve' | 'refuse'): void {
  if (filing.reviewed) throw new ActRefused('reference: this filing was reviewed before');
  filing.reviewed = true;
  filing.valid = decision === 'approve';
  filing.uploaded = decision === 'approve';
}

function decideChronic(filing: ChronicFiling, decision: 'approve' | 'refuse'): void {
  if (filing.review !== 'pending') throw new ActRefused('reference: this filing was reviewed before');
  filing.review = decision === 'approve' ? 'approved' : 'refused';
}

function setInsurance({ core, register }: Platform, parameters: Parameters, status: '1' | '2'): unknown {
  const psnNo = text(parameters, 'psnNo');
  const kind = optional(parameters, 'insuranceKind');
  const rows = register.persons.get(psnNo)?.insurances.filter((row) => kind === undefined || row.kind === kind) ?? [];
  const changed = rows.filter((row) => row.status === (status === '2' ? '1' : '2'));
  if (changed.length === 0) throw new ActRefused('psnNo: no insurance that this would change');
  for (const row of changed) {
    change(row, status, chinaDate(core.now()));
    core.record({
      kind: status === '2' ? 'insurance-suspended' : 'insurance-resumed',
      reference: row.kind,
      subject: psnNo,
    });
  }
  return { changed: changed.map((row) => row.kind) };
}

function change(row: Insurance, status: '1' | '2', today: string): void {
  row.status = status;
  row.pausedOn = status === '2' ? today : null;
}

function issueCertificate({ register, serials }: Platform, parameters: Parameters): unknown {
  const psnNo = text(parameters, 'psnNo');
  const type = text(parameters, 'type');
  if (!register.persons.has(psnNo)) throw new ActRefused('psnNo: no such person');
  if (type !== '01' && type !== '03') throw new ActRefused('type: 01 or 03');
  const serial = serials.certificate();
  const certificate: Certificate = {
    type,
    psnNo,
    number: type === '01' ? `DEMO-TOKEN-${serial}` : `A${serial}`,
    cardSerial: type === '03' ? `421202D156${serial}` : '',
  };
  register.certificates.set(certificate.number, certificate);
  return { mdtrt_cert_type: type, mdtrt_cert_no: certificate.number, card_sn: certificate.cardSerial };
}

function text(parameters: Parameters, name: string): string {
  const value = parameters[name];
  if (typeof value !== 'string' || value === '') throw new ActRefused(`${name}: text, not empty`);
  return value;
}

function optional(parameters: Parameters, name: string): string | undefined {
  return parameters[name] === undefined ? undefined : text(parameters, name);
}
