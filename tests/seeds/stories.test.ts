import { describe, expect, test } from 'vitest';
import { DEFAULT_SEED, NAMED, populate } from '../../seeds/population.ts';

const population = populate({ seed: DEFAULT_SEED, residents: 20 });
const { medical, nonTax, realEstate, subsidy } = population;

function idOf(story: string): string {
  const { idNumber } = NAMED[story] ?? { idNumber: '' };
  expect(idNumber).toHaveLength(18);
  return idNumber;
}

/** All that the departments hold about one named resident. */
function recordsOf(story: string) {
  const idNumber = idOf(story);
  const person = medical.persons.find((one) => one.idNumber === idNumber);
  const own = <Row extends { psnNo: string }>(rows: readonly Row[]) =>
    rows.filter(({ psnNo }) => psnNo === person?.psnNo);
  return {
    resident: population.residents.find((one) => one.idNumber === idNumber),
    cases: population.cases.filter(({ applicantIdNumber }) => applicantIdNumber === idNumber),
    person,
    filings: own(medical.outOfAreaFilings),
    referrals: own(medical.referrals),
    diseases: own(medical.chronicFilings),
    settlements: own(medical.settlements),
    notices: nonTax.notices.filter(({ payerIdNumber }) => payerIdNumber === idNumber),
    properties: realEstate.properties.filter(({ owners }) => owners.some((owner) => owner.idNumber === idNumber)),
    certificate: subsidy.certificates.find((one) => one.idNumber === idNumber),
    applications: subsidy.applications.filter(({ applicantIdNumber }) => applicantIdNumber === idNumber),
    enrolments: subsidy.enrolments.filter((one) => one.idNumber === idNumber),
    payments: subsidy.payments.filter((one) => one.idNumber === idNumber),
  };
}

describe('the story of', () => {
  test('the retiree in Shenzhen is known to all five departments', () => {
    const known = recordsOf('retiree-in-shenzhen');
    expect(known.cases.map(({ itemId, status }) => `${itemId} ${status}`)).toEqual(['O03 3', 'S01 3', 'S07 3']);
    expect(known.filings).toMatchObject([{ reason: '02', destination: '440305', to: null, valid: true }]);
    expect(known.notices).toMatchObject([
      { state: 'paid', originalFen: 8_000, eReceipt: { number: expect.any(String) } },
    ]);
    expect(known.properties).toMatchObject([{ mortgages: [{ securedFen: 15_000_000, unit: '万元' }] }]);
    expect(known.enrolments).toMatchObject([{ subsidyType: '2', state: '51', monthlyFen: 12_500 }]);
    expect(known.payments.map(({ amountFen }) => amountFen)).toEqual([10_000, 10_000, 10_000, 12_500, 12_500, 12_500]);
  });

  test('the mother in Changsha has an open-ended filing', () => {
    expect(recordsOf('long-term-resident-in-changsha').filings).toMatchObject([{ reason: '07', memo: '12', to: null }]);
  });

  test('the worker in Shanghai has a filing that ends', () => {
    expect(recordsOf('posted-worker-in-shanghai').filings).toMatchObject([
      { reason: '07', memo: '11', to: '2027-02-10' },
    ]);
  });

  test('the referral to Wuhan was made by a hospital of the district', () => {
    expect(recordsOf('referred-to-wuhan').referrals).toMatchObject([
      { fromProviderCode: 'H42120200101', toRegion: '420106' },
    ]);
  });

  test('the chronic disease was granted late, and a second application waits', () => {
    const { diseases, cases } = recordsOf('chronic-hypertension');
    expect(diseases).toMatchObject([{ diseaseCode: 'M03900' }]);
    expect(cases.map(({ status }) => status)).toEqual(['3', '21']);
    expect((cases[0]?.result?.at ?? '') > (cases[0]?.promiseDate ?? '')).toBe(true);
  });

  test('the three mothers: merged fund, own line, refunded and settled again', () => {
    expect(recordsOf('mother-fund-merged').settlements).toMatchObject([
      { providerCode: 'H42120200102', funds: [{ type: '310100' }, { type: '310200' }], poolFen: 593_250 },
    ]);
    expect(recordsOf('mother-own-fund-line').settlements).toMatchObject([
      { funds: [{ type: '510100' }, { type: '310200' }], poolFen: 0 },
    ]);
    const { settlements, cases } = recordsOf('mother-settlement-refunded');
    expect(settlements.map(({ refunded }) => refunded)).toEqual([true, false]);
    expect(new Set(settlements.map(({ visitId }) => visitId)).size).toBe(1);
    expect(cases.map(({ status }) => status)).toEqual(['-1', '2']);
  });

  test('the tenants: one owes, one has receipts, one got a new notice of another amount', () => {
    expect(recordsOf('tenant-unpaid-rent').notices.map(({ state }) => state)).toEqual(['paid', 'paid', 'unpaid']);
    expect(recordsOf('tenant-paid-with-e-receipt').notices.every(({ eReceipt }) => eReceipt !== undefined)).toBe(true);
    const { notices, cases } = recordsOf('tenant-notice-replaced');
    expect(notices.map(({ state, originalFen }) => [state, originalFen])).toEqual([
      ['void', 51_250],
      ['paid', 48_600],
    ]);
    expect(cases[0]?.references.map(({ reference }) => reference)).toEqual(notices.map(({ payCode }) => payCode));
  });

  test('the lost identity card is paid, by a man whose name is outside GBK', () => {
    const { notices, resident } = recordsOf('rare-name-id-card-replaced');
    expect(notices).toMatchObject([{ originalFen: 4_000, state: 'paid', payerName: '葛龑' }]);
    expect(resident?.name).toBe('葛龑');
  });

  test('the new flat is registered, paid for on both sides, mortgaged and owned by two', () => {
    const { properties, notices } = recordsOf('new-flat-buyer');
    expect(properties).toMatchObject([{ owners: [{}, { ownership: '1' }], mortgages: [{ state: '1' }] }]);
    expect(realEstate.registrations.find(({ payCode }) => payCode === notices[0]?.payCode)).toMatchObject({
      eReceipt: { number: notices[0]?.eReceipt?.number },
    });
  });

  test('the burdened owner has a mortgage, a seizure, a waiting seizure, and half a house with 𠮷 in its location', () => {
    const { properties } = recordsOf('mortgaged-and-seized');
    expect(properties[0]?.mortgages.map(({ unit }) => unit)).toEqual(['万元', '元']);
    expect(properties[0]?.seizures.map(({ kind }) => kind)).toEqual(['1', '2']);
    expect(properties[1]).toMatchObject({ rightType: '6', owners: [{ share: '50%' }, { share: '50%' }] });
    expect(properties[1]?.location).toContain('𠮷');
  });

  test('the old record has no unit number', () => {
    const { properties, cases } = recordsOf('old-record-owner');
    expect(properties).toMatchObject([{ unitNumber: '', certificateNumber: expect.stringContaining('咸房权证') }]);
    expect(cases.map(({ status }) => status)).toEqual(['3', '22']);
  });

  test('the pre-notice stands on a unit that is still the developer’s', () => {
    const { properties, notices } = recordsOf('pre-notice-holder');
    expect(properties).toEqual([]);
    expect(
      realEstate.properties.filter(({ preNotices }) => preNotices.some(({ holder }) => holder === '宋思颖')),
    ).toHaveLength(1);
    expect(notices).toMatchObject([{ state: 'unpaid' }]);
  });

  test('the two who apply across provinces, each way', () => {
    const away = recordsOf('cross-province-applicant');
    expect(away.resident).toMatchObject({
      residenceDivision: '330106008000',
      hukouDivision: expect.stringMatching(/^421202/),
    });
    expect(away.applications).toMatchObject([{ number: expect.stringMatching(/^LB330106/), mode: '2', status: '21' }]);
    const here = recordsOf('hukou-in-shenzhen-applicant');
    expect(here.applications).toMatchObject([{ number: expect.stringMatching(/^LB421202/), mode: '2', status: '30' }]);
    expect(here.certificate).toMatchObject({ number: expect.stringMatching(/71B1$/), subCategories: [{}, {}] });
  });

  test('both subsidies were paid with arrears at the old rate', () => {
    const { payments } = recordsOf('both-subsidies-with-arrears');
    expect(
      payments.map(({ subsidyType, month, amountFen, arrearsFen }) => [subsidyType, month, amountFen, arrearsFen]),
    ).toEqual([
      ['1', '202601', 11_000, 7_000],
      ['1', '202602', 11_000, 0],
      ['1', '202603', 11_000, 0],
      ['2', '202601', 12_500, 10_000],
      ['2', '202602', 12_500, 0],
      ['2', '202603', 12_500, 0],
    ]);
  });

  test('the refused application ended its case without a grant', () => {
    const { applications, cases, enrolments } = recordsOf('refused-application');
    expect(applications).toMatchObject([{ status: '32', subsidyTypes: ['2'], grade: '3' }]);
    expect(cases.at(-1)).toMatchObject({ itemId: 'O03', status: '44', result: { type: '1' } });
    expect(enrolments).toEqual([]);
  });
});
