import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withIdCheck } from '../../seeds/population/check-digits.ts';
import { isFaulty, type KeptEntry, type ReadEntry, readEntry } from '../../subgraphs/medical/postings/entry.ts';
import { insuredWomen } from './fixture/insured-women.ts';
import { FEES, feeOf, TOTAL } from './fixture/medical-forms.ts';
import { maternityContent, referralContent } from './fixture/posting-contents.ts';
import { maternityEntry, referralEntry } from './fixture/posting-forms.ts';

const [PATIENT] = insuredWomen(1) as [ReturnType<typeof insuredWomen>[number]];
const MAN = withIdCheck(`${PATIENT.idNumber.slice(0, 14)}051`);

const AT = { hospital: 'H42120200101', now: Date.parse('2026-01-01T00:30:00+08:00') };

const read = (given: unknown, at = '') => readEntry(given, at, AT);

function right(given: unknown): ReadEntry {
  const entry = read(given);
  if (isFaulty(entry)) throw entry.faults[0];
  return entry;
}

/** The places of everything that is wrong. */
function places(given: unknown, at = ''): readonly unknown[] {
  const entry = read(given, at);
  return isFaulty(entry) ? entry.faults.map(({ details }) => details.field) : [];
}

const digest = (given: unknown) => right(given).kept.digest;

describe('an entry that is right', () => {
  it('is read as the referral that is sent', () => {
    const { kept, ...entry } = right(referralEntry(PATIENT, { insuranceKind: '310', caseId: 'case-1' }));
    expect(entry).toEqual({
      document: `ZZ-${PATIENT.idNumber.slice(6)}`,
      version: 1,
      caseId: 'case-1',
      totalFen: null,
    });
    const { filing, patient, kind } = referralContent(PATIENT);
    const told = { phone: '13900000104', address: '湖北省咸宁市咸安区示例路1号（虚构）' };
    const expected: KeptEntry = {
      kind,
      patient: { ...patient, ...told },
      insuranceKind: '310',
      filing: { ...filing, ...told, condition: '示例病情描述' },
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    };
    expect(kept).toEqual(expected);
  });

  it('is read as the admission, the fees and the settlement that are sent', () => {
    const entry = right(maternityEntry(PATIENT));
    expect(entry.totalFen).toBe(TOTAL);
    const { admission, benefit, settlement, fees } = entry.kept as KeptEntry & ReturnType<typeof maternityContent>;
    const expected = maternityContent(PATIENT);
    expect(benefit).toEqual(expected.benefit);
    expect(settlement).toEqual({ totalFen: TOTAL, useAccount: true, way: '01' });
    expect(admission).toEqual({
      ...expected.admission,
      admissionNumber: `ZY${PATIENT.idNumber.slice(6)}`,
      recordNumber: 'BL-1',
      contactName: '示例家属',
      phone: '13900000104',
    });
    expect(fees).toHaveLength(FEES.length);
    expect(fees[1]).toEqual({
      serial: 'F2',
      at: '2025-12-29 03:20:00',
      catalogueCode: '001109000010000-110900001',
      hospitalCode: 'SF10002',
      totalFen: 30_000,
      quantity: '5',
      unitPriceYuan: '60',
      orderedBy: {
        department: { code: 'A05.02', name: '产科专业' },
        doctor: { code: 'D421202000045', name: '示例产科医师' },
      },
      maternity: true,
      takeHome: false,
    });
  });

  it('keeps everything that may be said of a settlement', () => {
    const settlement = {
      total: TOTAL,
      useAccount: false,
      way: '02',
      invoice: '42010126',
      expected: { fundTotal: 1, cashPaid: 0 },
    };
    const { kept } = right(maternityEntry(PATIENT, { settlement }));
    expect(kept).toMatchObject({
      settlement: { useAccount: false, way: '02', invoice: '42010126', expected: { fundTotalFen: 1, cashFen: 0 } },
    });
  });

  it('has the digest that anybody can work out from what was sent', () => {
    const canonical = JSON.stringify({
      ...{
        condition: '示例病情描述',
        date: '2026-01-01',
        diagnosis: { code: 'I25.103', name: '冠状动脉粥样硬化性心脏病' },
      },
      ...{ document: 'ZZ1', from: '2026-01-01', hospital: { code: 'H42010600902', name: '武汉示例医院（虚构）' } },
      ...{ kind: 'REFERRAL', opinion: '同意转院', patient: { idNumber: PATIENT.idNumber, name: PATIENT.name } },
      ...{ reason: '本院不具备相应诊疗条件', referralType: '1', to: '2026-06-30', version: 1 },
    });
    const { idNumber, name } = PATIENT;
    expect(digest(referralEntry(PATIENT, { document: 'ZZ1', patient: { idNumber, name } }))).toBe(
      createHash('sha256').update(canonical).digest('hex'),
    );
  });

  it('has the same digest however it is written, and another for another content', () => {
    const entry = maternityEntry(PATIENT);
    const { admission } = entry;
    const reversed = Object.fromEntries(Object.entries(entry).reverse());
    expect(digest(reversed)).toBe(digest(entry));
    expect(digest({ ...entry, version: 1, treatmentType: '52', caseId: null })).toBe(digest(entry));
    const utc = { ...admission, admittedAt: '2025-12-28T00:30:00.500Z' };
    expect(digest({ ...entry, admission: utc })).toBe(digest(entry));
    expect(digest({ ...entry, version: 2 })).not.toBe(digest(entry));
    expect(digest({ ...entry, admission: { ...admission, bed: '13' } })).not.toBe(digest(entry));
  });
});

const admission = maternityEntry(PATIENT).admission;

describe('an entry that is wrong', () => {
  it.each([
    ['kind', { kind: 'BIRTH' }],
    ['kind', { kind: undefined }],
    ['document', { document: '' }],
    ['document', { document: 'ZZ 1' }],
    ['document', { document: 'Z'.repeat(65) }],
    ['document', { document: 7 }],
    ['version', { version: 0 }],
    ['version', { version: 1_000 }],
    ['version', { version: 1.5 }],
    ['version', { version: '1' }],
    ['patient', { patient: undefined }],
    ['patient', { patient: [] }],
    ['patient.idNumber', { patient: { name: '秦一', idNumber: '421202199006150011' } }],
    ['patient.name', { patient: { idNumber: PATIENT.idNumber, name: ' ' } }],
    ['patient.name', { patient: { idNumber: PATIENT.idNumber, name: 'a\u0000b' } }],
    ['patient.name', { patient: { idNumber: PATIENT.idNumber, name: 'a\ud800' } }],
    ['patient.phone', { patient: { idNumber: PATIENT.idNumber, name: '秦一', phone: '12' } }],
    ['patient.age', { patient: { idNumber: PATIENT.idNumber, name: '秦一', age: 30 } }],
    ['diagnosis.code', { diagnosis: { code: 'I25 103', name: '冠心病' } }],
    ['diagnosis', { diagnosis: 'I25.103' }],
    ['hospital.code', { hospital: { code: 'H42120200101', name: '咸安区第一人民医院' } }],
    ['hospital.code', { hospital: { code: 'P42010600902', name: '武汉示例药房（虚构）' } }],
    ['date', { date: '2026-01-02' }],
    ['date', { date: '2025-02-29' }],
    ['to', { to: '2025-12-31' }],
    ['to', { to: '2026-06-31' }],
    ['opinion', { opinion: '长'.repeat(201) }],
    ['operator', { operator: 'hospital' }],
    ['entry', { '姓名 秦一': 1 }],
  ])('of a referral is refused at %s: %j', (place, over) => {
    expect(places({ ...referralEntry(PATIENT), ...over })).toEqual([place]);
  });

  it.each([
    ['patient.idNumber', { patient: { idNumber: MAN, name: '秦一' } }],
    ['treatmentType', { treatmentType: '11' }],
    ['admission', { admission: null }],
    ['admission.admittedAt', { admission: { ...admission, admittedAt: '2026-01-01T08:30:00+08:00' } }],
    ['admission.admittedAt', { admission: { ...admission, admittedAt: '2025-12-28 08:30:00' } }],
    ['admission.admittedAt', { admission: { ...admission, admittedAt: '2025-12-28T24:30:00+08:00' } }],
    ['admission.admittedAt', { admission: { ...admission, admittedAt: 1_766_881_800_000 } }],
    ['admission.otherDiagnoses', { admission: { ...admission, otherDiagnoses: Array(21).fill(admission.diagnosis) } }],
    ['admission.otherDiagnoses.0.name', { admission: { ...admission, otherDiagnoses: [{ code: 'O80.000' }] } }],
    ['admission.maternity.weeks', { admission: { ...admission, maternity: { weeks: 46, parity: 1 } } }],
    ['admission.maternity.parity', { admission: { ...admission, maternity: { weeks: 39 } } }],
    ['admission.maternity.late', { admission: { ...admission, maternity: { weeks: 39, parity: 1, late: 'yes' } } }],
    ['fees', { fees: [] }],
    ['fees', { fees: {} }],
    ['fees.1', { fees: [FEES[0], 'F2', FEES[2]] }],
    ['fees.0.amount', { fees: [feeOf({ amount: 10_000.5 })] }],
    ['fees.0.amount', { fees: [feeOf({ amount: '10000' })] }],
    ['fees.0.amount', { fees: [feeOf({ amount: 0 })] }],
    ['fees.0.quantity', { fees: [feeOf({ quantity: 1 })], settlement: { total: 10_000 } }],
    ['fees.0.unitPrice', { fees: [feeOf({ unitPrice: '0.00' })], settlement: { total: 10_000 } }],
    ['fees.0.amount', { fees: [feeOf({ unitPrice: '100.01' })], settlement: { total: 10_000 } }],
    ['fees.0.at', { fees: [feeOf({ at: '2025-12-28T08:29:59+08:00' })], settlement: { total: 10_000 } }],
    ['fees.1.serial', { fees: [feeOf({}), feeOf({})], settlement: { total: 20_000 } }],
    ['settlement.total', { settlement: { total: TOTAL + 1 } }],
    ['settlement.total', { settlement: { total: -TOTAL } }],
    ['settlement.total', { settlement: { total: TOTAL / 1_000_000 } }],
    ['settlement.expected', { settlement: { total: TOTAL, expected: { fundTotal: TOTAL, cashPaid: 1 } } }],
    ['settlement.expected.cashPaid', { settlement: { total: TOTAL, expected: { cashPaid: -1 } } }],
  ])('of a maternity settlement is refused at %s', (place, over) => {
    expect(places({ ...maternityEntry(PATIENT), ...over })).toEqual([place]);
  });

  it('tells everything that is wrong, each with its place, in both languages and without the value', () => {
    const idNumber = '421202199006150011';
    const entry = read(
      {
        ...maternityEntry({ ...PATIENT, idNumber }, { treatmentType: '11', settlement: { total: 1 }, ward: 7 }),
        fees: [feeOf({ amount: 1.5 }), feeOf({ at: '2025-13-01T00:00:00+08:00' })],
      },
      'input',
    );
    const faults = isFaulty(entry) ? entry.faults : [];
    expect(faults.map(({ details }) => details.field).sort()).toEqual([
      'input.fees.0.amount',
      'input.fees.1.at',
      'input.fees.1.serial',
      'input.patient.idNumber',
      'input.treatmentType',
      'input.ward',
    ]);
    for (const { code, detail, details } of faults) {
      expect(code).toBe('INVALID_INPUT');
      expect(detail).toMatch(/^input\.\S+: \S/);
      expect(details.detailZh).toMatch(/^input\.\S+：\S*[\u4e00-\u9fff]/);
      expect(`${detail}${details.detailZh}`).not.toContain(idNumber);
    }
  });

  it('names so many places and no more', () => {
    const fees = Array.from({ length: 1_000 }, () => ({ x: 1 }));
    expect(places({ ...maternityEntry(PATIENT), fees })).toHaveLength(100);
  });

  it('may be anything: it is refused, and nothing is thrown', () => {
    const names = Object.keys({ ...maternityEntry(PATIENT), ...referralEntry(PATIENT) });
    fc.assert(
      fc.property(
        fc.constantFrom(...names, '__proto__', 'toString'),
        fc.jsonValue(),
        fc.jsonValue(),
        (name, value, whole) => {
          expect(places(whole)).not.toEqual([]);
          const given = JSON.parse(`{"${name}":${JSON.stringify(value)}}`);
          expect(places({ kind: 'REFERRAL', ...given })).not.toEqual([]);
          expect(places({ kind: 'MATERNITY_SETTLEMENT', ...given })).not.toEqual([]);
        },
      ),
    );
  });
});
