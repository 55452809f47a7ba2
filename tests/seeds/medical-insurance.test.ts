import { describe, expect, test } from 'vitest';
import { disagreeingSums } from '../../adapters/medical-insurance/settlement-sums.ts';
import { fen } from '../../adapters/values/fen.ts';
import type { SettlementSeed } from '../../seeds/model.ts';
import { breaking, byKey, POPULATIONS, type Referred, referencesOf } from './populations.ts';

describe.each(POPULATIONS)('medical insurance of %s', (_, population) => {
  const { residents, medical } = population;
  const persons = byKey(medical.persons, ({ psnNo }) => psnNo);
  const idNumberOf = (psnNo: string) => persons.get(psnNo)?.idNumber;
  /** A reference's person is the applicant. */
  const ownedByApplicant = ({ case: { applicantIdNumber }, reference }: Referred) =>
    idNumberOf(reference.values.psnNo ?? '') === applicantIdNumber;

  test('insures about three residents in five, under the names they have', () => {
    expect(medical.persons.length / residents.length).toBeGreaterThan(0.5);
    expect(medical.persons.length / residents.length).toBeLessThan(0.7);
    const known = byKey(residents, ({ idNumber }) => idNumber);
    expect(
      breaking(medical.persons, ({ idNumber, name, sex, birthDate }) => {
        const resident = known.get(idNumber);
        return resident?.name === name && resident.sex === sex && resident.birthDate === birthDate;
      }),
    ).toEqual([]);
  });

  test('insures every person it holds a record of, in the kind that the record names', () => {
    const insured = (row: { psnNo: string; insuranceKind: string }) =>
      persons.get(row.psnNo)?.insurances.some(({ kind }) => kind === row.insuranceKind) === true;
    expect(breaking(medical.outOfAreaFilings, insured)).toEqual([]);
    expect(breaking(medical.referrals, insured)).toEqual([]);
    expect(breaking(medical.chronicFilings, insured)).toEqual([]);
    expect(breaking(medical.fixedProviders, insured)).toEqual([]);
    expect(breaking(medical.visits, insured)).toEqual([]);
    expect(breaking(medical.settlements, insured)).toEqual([]);
  });

  test('insures no one before birth, nor from a day to come', () => {
    expect(
      breaking(medical.persons, ({ birthDate, insurances }) =>
        insurances.every(({ since }) => since >= birthDate && since <= '2026-03-31'),
      ),
    ).toEqual([]);
  });

  test('has a case for every filing, referral, recognition and settlement, by the person it is about', () => {
    const { outOfAreaFilings, referrals, chronicFilings, settlements } = medical;
    for (const [kind, rows] of [
      ['out-of-area-filing', outOfAreaFilings.map(({ serial }) => serial)],
      ['referral', referrals.map(({ serial }) => serial)],
      ['chronic-disease-filing', chronicFilings.map(({ serial }) => serial)],
      ['maternity-settlement', settlements.map(({ id }) => id)],
    ] as const) {
      const referred = referencesOf(population, kind);
      expect(referred.map(({ reference }) => reference.reference).sort(), kind).toEqual([...rows].sort());
      expect(breaking(referred, ownedByApplicant), kind).toEqual([]);
    }
  });

  test('files each category under its own item, for people who live where they filed for', () => {
    const filings = byKey(medical.outOfAreaFilings, ({ serial }) => serial);
    const known = byKey(residents, ({ idNumber }) => idNumber);
    const itemOf = (reason: string, memo: string) => (reason === '02' ? 'S07' : memo.startsWith('12') ? 'S08' : 'S09');
    expect(
      breaking(referencesOf(population, 'out-of-area-filing'), ({ case: one, reference }) => {
        const filing = filings.get(reference.reference);
        const resident = known.get(one.applicantIdNumber);
        return (
          filing !== undefined &&
          itemOf(filing.reason, filing.memo) === one.itemId &&
          resident?.residenceDivision.startsWith(filing.destination) === true &&
          resident.address === filing.destinationAddress &&
          filing.reviewed === (one.status === '3')
        );
      }),
    ).toEqual([]);
    expect(new Set(medical.outOfAreaFilings.map(({ reason, memo }) => itemOf(reason, memo))).size).toBe(3);
  });

  test('has referrals by the three hospitals, and their cases were accepted there', () => {
    const referrals = byKey(medical.referrals, ({ serial }) => serial);
    const referred = referencesOf(population, 'referral');
    expect(
      breaking(referred, ({ case: one, reference: { reference, values } }) => {
        const referral = referrals.get(reference);
        return (
          one.itemId === 'S11' &&
          one.channel === 'hospital' &&
          referral?.fromProviderCode === one.organisation.code &&
          referral.from === values.from &&
          referral.to === values.to
        );
      }),
    ).toEqual([]);
    expect(new Set(medical.referrals.map(({ fromProviderCode }) => fromProviderCode)).size).toBe(3);
    const providers = byKey(medical.providers, ({ code }) => code);
    expect(
      breaking(medical.referrals, ({ toProviderCode, toProviderName, toRegion }) => {
        const to = providers.get(toProviderCode);
        return to?.name === toProviderName && to.region === toRegion;
      }),
    ).toEqual([]);
  });

  test('recognises diseases in cases that were granted, and names the disease in the reference', () => {
    const filings = byKey(medical.chronicFilings, ({ serial }) => serial);
    expect(
      breaking(
        referencesOf(population, 'chronic-disease-filing'),
        ({ case: one, reference }) =>
          one.itemId === 'S10' &&
          one.status === '3' &&
          filings.get(reference.reference)?.diseaseCode === reference.values.diseaseCode,
      ),
    ).toEqual([]);
  });

  test('settles maternity stays of women, at the hospital that has the visit and the case', () => {
    const settlements = byKey(medical.settlements, ({ id }) => id);
    const visits = byKey(medical.visits, ({ id }) => id);
    expect(
      breaking(referencesOf(population, 'maternity-settlement'), ({ case: one, reference: { reference, values } }) => {
        const settlement = settlements.get(reference);
        const visit = visits.get(values.visitId ?? '');
        return (
          one.itemId === 'S12' &&
          settlement !== undefined &&
          settlement.visitId === visit?.id &&
          visit.psnNo === settlement.psnNo &&
          visit.medType === '52' &&
          [visit.providerCode, one.organisation.code].every((code) => code === settlement.providerCode) &&
          persons.get(settlement.psnNo)?.sex === 'female' &&
          settlement.settledAt === one.acceptedAt &&
          settlement.refunded === (one.status === '-1')
        );
      }),
    ).toEqual([]);
  });

  test('settles to the fen: payers, person and scope make the total, and the account stands among the funds', () => {
    expect(breaking(medical.settlements, sumsAgree)).toEqual([]);
    expect(
      breaking(medical.settlements, (one) =>
        Object.values(one).every((value) => typeof value !== 'number' || value >= 0),
      ),
    ).toEqual([]);
  });

  test('has settlements with the fund’s own line, merged into the employees’ pool, and from the residents’', () => {
    const first = new Set(medical.settlements.map(({ funds }) => funds[0]?.type));
    expect(first).toEqual(new Set(['510100', '310100', '390100']));
  });

  test('leaves on the account what the last settlement left', () => {
    const standing = medical.settlements.filter(({ refunded, insuranceKind }) => !refunded && insuranceKind === '310');
    expect(
      breaking(
        standing,
        ({ psnNo, balanceFen }) =>
          persons.get(psnNo)?.insurances.some(({ kind, balanceFen: left }) => kind === '310' && left === balanceFen) ===
          true,
      ),
    ).toEqual([]);
  });
});

function sumsAgree(one: SettlementSeed): boolean {
  const disagree = disagreeingSums({
    totalFen: fen(one.totalFen),
    fundTotalFen: fen(one.fundTotalFen),
    hospitalFen: fen(0),
    personTotalFen: fen(one.personTotalFen),
    accountFen: fen(one.accountFen),
    cashFen: fen(one.cashFen),
    sharedAccountFen: fen(0),
    fullySelfPaidFen: fen(one.fullySelfPaidFen),
    overLimitFen: fen(one.overLimitFen),
    firstSelfPaidFen: fen(one.firstSelfPaidFen),
    inScopeFen: fen(one.inScopeFen),
  });
  const lines = one.funds.reduce((sum, { amountFen }) => sum + amountFen, 0);
  return disagree.length === 0 && lines === one.fundTotalFen + one.accountFen;
}
