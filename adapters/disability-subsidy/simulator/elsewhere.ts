import { randomUUID } from 'node:crypto';
import { type Act, ActRefused, type SimulatorCore } from '../../simulator/core.ts';
import { Fields } from './fields.ts';
import type { Procedure } from './procedure.ts';
import type { Certificate, Records } from './records.ts';
import { Refusal } from './refusal.ts';
import { submit } from './submission.ts';

type Parameters = Readonly<Record<string, unknown>>;

interface Country {
  readonly core: SimulatorCore;
  readonly procedure: Procedure;
  records(): Records;
}

/** Who files for a place that is not ours. */
const OTHER_PLACE = { rid: 'another-place', operator: '异地受理员' };

/** What happens in other districts (disability-subsidy 3.0): people move there, and apply there. */
export function actsElsewhere(country: Country): Readonly<Record<string, Act>> {
  return {
    'move-hukou': {
      about: 'The hukou of a certificate holder moves to another place; where they live stays as it is.',
      parameters: { idCard: 'the holder', division: 'the new township or street, 12 digits' },
      run: (parameters) => moveHukou(country, parameters),
    },
    'apply-elsewhere': {
      about: 'A certificate holder applies where they live, through a window that is not ours (跨省通办).',
      parameters: {
        idCard: 'the holder',
        division: 'the township or street that accepts, 12 digits',
        subsidyTypes: 'list of 1 living, 2 nursing',
      },
      run: (parameters) => applyElsewhere(country, parameters),
    },
  };
}

function moveHukou({ core, records }: Country, parameters: Parameters): unknown {
  const certificate = certificateOf(records(), parameters);
  const division = divisionOf(parameters);
  const resident = records().residents.get(certificate.idNumber);
  if (resident) records().residents.set(certificate.idNumber, { ...resident, hukouDivision: division });
  certificate.hukouDivision = division;
  core.record({ kind: 'hukou-moved', reference: certificate.number, subject: certificate.idNumber, division });
  return { certNo: certificate.number, hukouDivision: division };
}

function applyElsewhere({ core, records, procedure }: Country, parameters: Parameters): unknown {
  const certificate = certificateOf(records(), parameters);
  const division = divisionOf(parameters);
  const { idNumber, name, hukouDivision } = certificate;
  const known = records().circumstances.get(idNumber);
  const flag = (set: boolean | undefined) => (set ? '1' : '0');
  const form = {
    clientSerialNo: randomUUID(),
    applyMode: hukouDivision.startsWith(division.slice(0, 6)) ? '1' : '2',
    acceptDivision: division,
    hukouDivision,
    residenceDivision: division,
    subsidyTypes: parameters.subsidyTypes,
    applicant: {
      name,
      idCard: idNumber,
      sex: Number(idNumber.charAt(16)) % 2 === 1 ? '1' : '2',
      nation: '01',
      birthDate: `${idNumber.slice(6, 10)}-${idNumber.slice(10, 12)}-${idNumber.slice(12, 14)}`,
      phone: '13800000000',
      address: '异地示例路1号（虚构）',
    },
    certificate: { certNo: certificate.number, category: certificate.category, grade: certificate.grade },
    household: { hukouType: '2', economicStatus: known?.economicStatus ?? '0', dibaoNo: '44030520220315001' },
    exclusions: {
      tekun: flag(known?.specialHardship),
      orphan: flag(known?.orphan),
      workInjuryNursing: flag(known?.workInjuryNursing),
      elderlyNursing: flag(known?.elderlyNursing),
    },
    bank: { bankCode: '105', bankName: '建设银行', accountName: name, accountNo: '6217995270007654320' },
    materials: [{ materialCode: '01', name: '身份证', form: '2', fileId: 'f-elsewhere' }],
  };
  try {
    return submit(new Fields(form, ''), OTHER_PLACE, core, records(), procedure);
  } catch (error) {
    if (error instanceof Refusal) throw new ActRefused(`${error.code} ${error.message}`);
    throw error;
  }
}

function certificateOf(records: Records, { idCard }: Parameters): Certificate {
  const held = typeof idCard === 'string' ? (records.certificatesOf.get(idCard) ?? []) : [];
  const certificate = held.find(({ status }) => status === '1');
  if (!certificate) throw new ActRefused('idCard: nobody with a valid certificate');
  return certificate;
}

function divisionOf({ division }: Parameters): string {
  if (typeof division === 'string' && /^[1-9]\d{11}$/.test(division)) return division;
  throw new ActRefused('division: 12 digits');
}
