import { describe, expect, test } from 'vitest';
import type { SubsidyPaymentSeed } from '../../seeds/model.ts';
import { breaking, byKey, POPULATIONS, referencesOf } from './populations.ts';

/** disability-subsidy 3.0, state-transitions. */
const ALLOWED = new Set(
  '10-20 10-30 10-11 10-12 20-21 20-30 20-11 21-30 21-11 30-40 30-32 30-11 40-50 40-42 40-11 50-51 51-52'.split(' '),
);

describe.each(POPULATIONS)('subsidies of %s', (_, population) => {
  const { subsidy, residents } = population;
  const known = byKey(residents, ({ idNumber }) => idNumber);
  const certificates = byKey(subsidy.certificates, ({ number }) => number);
  const applications = byKey(subsidy.applications, ({ number }) => number);

  test('belong to about seven residents in a hundred with a certificate', () => {
    expect(subsidy.certificates.length / residents.length).toBeGreaterThan(0.05);
    expect(subsidy.certificates.length / residents.length).toBeLessThan(0.09);
    expect(
      breaking(subsidy.certificates, ({ idNumber, name, hukouDivision }) => {
        const holder = known.get(idNumber);
        return holder?.name === name && holder.hukouDivision === hukouDivision;
      }),
    ).toEqual([]);
  });

  test('rest on certificates whose dates agree with their status', () => {
    expect(
      breaking(
        subsidy.certificates,
        ({ idNumber, firstIssuedOn, issuedOn, validTo, status }) =>
          firstIssuedOn > (known.get(idNumber)?.birthDate ?? '9') &&
          firstIssuedOn <= issuedOn &&
          issuedOn <= '2026-03-31' &&
          validTo < '2026-03-31' === (status === '4'),
      ),
    ).toEqual([]);
  });

  test('are applied for with the applicant’s certificate, each in one case of O03', () => {
    const referred = referencesOf(population, 'subsidy-application');
    expect(referred.map(({ reference }) => reference.reference).sort()).toEqual([...applications.keys()].sort());
    expect(
      breaking(referred, ({ case: one, reference }) => {
        const application = applications.get(reference.reference);
        const certificate = certificates.get(application?.certificateNumber ?? '');
        return (
          one.itemId === 'O03' &&
          application?.applicantIdNumber === one.applicantIdNumber &&
          certificate?.idNumber === one.applicantIdNumber &&
          certificate.issuedOn <= application.acceptedAt &&
          application.acceptedAt === one.acceptedAt
        );
      }),
    ).toEqual([]);
  });

  test('stand in the application where the case stands', () => {
    const statusOf: Readonly<Record<string, string>> = {
      '11': '21',
      '32': '44',
      '42': '44',
      '50': '3',
      '51': '3',
      '52': '3',
    };
    expect(
      breaking(
        referencesOf(population, 'subsidy-application'),
        ({ case: one, reference }) =>
          (statusOf[applications.get(reference.reference)?.status ?? ''] ?? '2') === one.status,
      ),
    ).toEqual([]);
  });

  test('are decided in the allowed order, and accepted where mode and divisions say', () => {
    expect(
      breaking(subsidy.applications, ({ steps, status, updatedAt, mode, acceptDivision, hukouDivision }) => {
        const moved = steps.slice(1).every((step, index) => ALLOWED.has(`${steps[index]?.status}-${step.status}`));
        const rising = steps.every(
          (step, index) => step.sequence === index + 1 && step.at >= (steps[index - 1]?.at ?? ''),
        );
        const last = steps.at(-1);
        return (
          moved &&
          rising &&
          steps[0]?.status === '10' &&
          last?.status === status &&
          last.at === updatedAt &&
          updatedAt <= '2026-03-31 17:30:00' &&
          (mode === '1') === (acceptDivision.slice(0, 6) === hukouDivision.slice(0, 6))
        );
      }),
    ).toEqual([]);
  });

  test('are granted by Hubei’s rules, and refused against them', () => {
    const circumstances = byKey(subsidy.circumstances, ({ idNumber }) => idNumber);
    const entitled = (idNumber: string, certificateNumber: string, type: string) => {
      const own = circumstances.get(idNumber);
      const certificate = certificates.get(certificateNumber);
      if (certificate?.status !== '1' || own?.specialHardship || own?.workInjuryNursing) return false;
      if (type === '1') return own?.economicStatus === '1' && !own.orphan;
      return certificate.grade <= '2' && own?.needsLongTermCare === true && !own.elderlyNursing;
    };
    expect(
      breaking(subsidy.applications, ({ applicantIdNumber, certificateNumber, subsidyTypes, status }) =>
        subsidyTypes.every(
          (type) => entitled(applicantIdNumber, certificateNumber, type) === !['32', '42'].includes(status),
        ),
      ),
    ).toEqual([]);
  });

  test('are drawn after they were granted, and by nobody else who applied', () => {
    const drawn = new Set(subsidy.enrolments.map(({ idNumber, subsidyType }) => `${idNumber}/${subsidyType}`));
    expect(drawn.size).toBe(subsidy.enrolments.length);
    expect(
      breaking(subsidy.applications, ({ applicantIdNumber, subsidyTypes, status }) =>
        subsidyTypes.every((type) => drawn.has(`${applicantIdNumber}/${type}`) === ['50', '51', '52'].includes(status)),
      ),
    ).toEqual([]);
    const paid = new Set(subsidy.payments.map(({ idNumber, subsidyType }) => `${idNumber}/${subsidyType}`));
    expect(
      breaking(
        subsidy.enrolments,
        ({ idNumber, subsidyType, state }) => (state === '50') === !paid.has(`${idNumber}/${subsidyType}`),
      ),
    ).toEqual([]);
  });

  test('are paid at the rate of the month, once a month, within the enrolment', () => {
    const enrolments = byKey(subsidy.enrolments, ({ idNumber, subsidyType }) => `${idNumber}/${subsidyType}`);
    expect(
      breaking(subsidy.payments, (payment) => {
        const enrolment = enrolments.get(`${payment.idNumber}/${payment.subsidyType}`);
        return (
          enrolment !== undefined &&
          payment.month >= enrolment.startMonth &&
          payment.month <= (enrolment.endMonth ?? '999999') &&
          payment.amountFen === (rateOf(payment, enrolment.payDivision) ?? payment.amountFen) &&
          payment.paidOn?.slice(0, 7).replace('-', '') === payment.month
        );
      }),
    ).toEqual([]);
    const months = subsidy.payments.map(({ idNumber, subsidyType, month }) => `${idNumber}/${subsidyType}/${month}`);
    expect(new Set(months).size).toBe(months.length);
  });

  test('add up: what was transferred is every month’s rate since the enrolment began', () => {
    const recent = subsidy.enrolments.filter(
      ({ startMonth, state, payDivision }) => startMonth >= '202501' && state !== '50' && payDivision.startsWith('42'),
    );
    expect(recent.length).toBeGreaterThan(2);
    expect(
      breaking(recent, ({ idNumber, subsidyType, startMonth, endMonth }) => {
        const rows = subsidy.payments.filter((row) => row.idNumber === idNumber && row.subsidyType === subsidyType);
        const transferred = rows
          .filter(({ result }) => result === '1')
          .reduce((sum, row) => sum + row.amountFen + row.arrearsFen, 0);
        return transferred === owedFen(subsidyType, startMonth, endMonth ?? '202603');
      }),
    ).toEqual([]);
    expect(subsidy.payments.some(({ arrearsFen }) => arrearsFen > 0)).toBe(true);
  });
});

function rateOf(
  { subsidyType, month }: Pick<SubsidyPaymentSeed, 'subsidyType' | 'month'>,
  payDivision = '42',
): number | undefined {
  if (!payDivision.startsWith('42')) return undefined;
  if (month >= '202601') return subsidyType === '1' ? 11_000 : 12_500;
  return subsidyType === '1' ? 7_000 : 10_000;
}

function owedFen(subsidyType: string, from: string, to: string): number {
  let sum = 0;
  for (let month = from; month <= to; month = nextMonth(month)) sum += rateOf({ subsidyType, month }) ?? 0;
  return sum;
}

function nextMonth(month: string): string {
  return month.endsWith('12') ? `${Number(month.slice(0, 4)) + 1}01` : String(Number(month) + 1);
}
