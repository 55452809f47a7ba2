import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chinaDate } from '../../adapters/values/china-time.ts';
import { type Desk, openDesk } from './fixture/payment-desk.ts';
import { SUN } from './fixture/people.ts';

const DAY_MS = 86_400_000;

let desk: Desk;

beforeAll(async () => {
  desk = await openDesk({ settings: { notices: { mostFen: 1_000_000, watch: { leastPauseMs: 3_600_000 } } } });
});

afterAll(() => desk.close());

/** What is refused leaves nothing behind: no call, no notice, no event. */
async function refused(caseId: string, over: object, code: string, field: string): Promise<string> {
  const calls = desk.core.calls.total;
  const { data, errors } = await desk.open(caseId, over);
  expect(data ?? { openPayment: null }).toEqual({ openPayment: null });
  expect(errors).toMatchObject([{ extensions: { code, messageZh: expect.stringMatching(/\p{Script=Han}/u) } }]);
  expect(`${errors?.[0]?.extensions.field ?? ''} ${errors?.[0]?.message}`).toContain(field);
  expect(desk.core.calls.total).toBe(calls);
  expect(await desk.store.payments.ofCase(caseId)).toEqual([]);
  expect(await desk.events(caseId)).toEqual([]);
  return String(errors?.[0]?.extensions.messageZh);
}

const REGISTRATION = { service: 'REGISTRATION_RESIDENTIAL', amount: null };

describe('a form is refused', () => {
  it.each([
    ['a negative amount', { amount: -1 }, 'input.amount'],
    ['no money', { amount: 0 }, 'input.amount'],
    ['an amount that is missing', { amount: null }, 'input.amount'],
    ['an amount above the limit', { amount: 1_000_001 }, 'input.amount'],
    ['months that come to more than the limit', { amount: 500_000, quantity: 3 }, 'input.amount'],
    ['another amount than the fee table’s', { service: 'ID_CARD_LOST', amount: 2_000 }, 'input.amount'],
    ['no month at all', { quantity: 0 }, 'input.quantity'],
    ['more months than ten years have', { amount: 1, quantity: 121 }, 'input.quantity'],
    ['what is free of charge', { service: 'ID_CARD_FIRST_ISSUE', amount: null }, 'input.service'],
    ['a telephone number that is none', { payerPhone: '12345' }, 'input.payerPhone'],
    ['a registration fee without its application', REGISTRATION, 'input.registrationNumber'],
    [
      'an application number of a day that never was',
      { ...REGISTRATION, registrationNumber: '202602300001' },
      'input.registrationNumber',
    ],
    ['an application number for rent', { registrationNumber: '202603160007' }, 'input.registrationNumber'],
    ['a last day that is over', { dueDate: chinaDate(Date.now() - DAY_MS) }, 'input.dueDate'],
    ['a last day in two years', { dueDate: chinaDate(Date.now() + 731 * DAY_MS) }, 'input.dueDate'],
    ['a memo of 201 bytes', { memo: `${'甲'.repeat(100)}a` }, 'input.memo'],
    ['a memo of 51 rare characters', { memo: '𠮷'.repeat(51) }, 'input.memo'],
    ['a memo in two lines', { memo: '一\n二' }, 'input.memo'],
    ['an account of nobody', { operator: 'nobody' }, 'input.operator'],
    ['no key', { idempotencyKey: null }, 'input.idempotencyKey'],
  ])('for %s', async (_, over, field) => {
    await refused(await desk.newCase(), over, 'INVALID_INPUT', field);
  });

  it.each([
    ['fractions of a fen', { amount: 0.5 }, 'amount'],
    ['an amount that is text', { amount: '412.50' }, 'amount'],
    ['a day that never was', { dueDate: '2026-02-30' }, 'dueDate'],
    ['a service that is none', { service: 'PARKING' }, 'service'],
  ])('for %s, by its form alone', async (_, over, field) => {
    const caseId = await desk.newCase();
    const { errors } = await desk.open(caseId, over);
    expect(errors?.[0]?.message).toContain(field);
    expect(await desk.store.payments.ofCase(caseId)).toEqual([]);
  });

  it('for a case of another item, and says of which it is', async () => {
    const text = await refused(await desk.newCase({ itemId: 'S03' }), {}, 'INVALID_INPUT', 'input.caseId');
    expect(text).toContain('S01');
  });

  it.each(['3', '5', '-1'])('for a case that has ended (%s)', async (status) => {
    await refused(await desk.newCase({ status }), {}, 'INVALID_INPUT', 'input.caseId');
  });

  it('for a case that is not there', async () => {
    await refused('no such case', {}, 'NOT_FOUND', 'input.caseId');
  });

  it('for a name that finance cannot take: 26 rare characters', async () => {
    const applicant = { ...SUN, name: '𠮷'.repeat(26), idNumber: '421202198803056235' };
    await refused(await desk.newCase({ applicant }), {}, 'INVALID_INPUT', 'input.caseId');
  });

  it('for a second notice of the same case while the first can be paid, and after it was', async () => {
    const caseId = await desk.newCase();
    const payCode = await desk.opened(caseId);
    const again = () => desk.open(caseId);
    const open = await again();
    expect(open.errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: 'input.caseId' } }]);
    expect(open.errors?.[0]?.message).toContain(payCode);
    await desk.act('pay', { payCode, wait: true });
    const paid = await again();
    expect(paid.errors?.[0]?.message).toContain('has been paid');
    expect(await desk.store.payments.ofCase(caseId)).toHaveLength(1);
  });

  it('for two notices of one case at once: one is opened', async () => {
    const caseId = await desk.newCase();
    const answers = await Promise.all([desk.open(caseId), desk.open(caseId), desk.open(caseId)]);
    expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(1);
    const payments = await desk.store.payments.ofCase(caseId);
    expect(payments.map(({ state }) => state)).toEqual(['unpaid']);
  });
});

describe('a name is carried to finance and its e-receipt', () => {
  it.each([
    ['with rare characters', '孙䶮㙍𠮷'],
    ['of 50 characters', '阿'.repeat(50)],
    ['with a middle dot', '买买提·艾合买提'],
  ])('%s', async (_, name) => {
    const caseId = await desk.newCase({ applicant: { ...SUN, name } });
    const { data, errors } = await desk.open(caseId);
    expect(errors).toBeUndefined();
    const { code, payerName } = data.openPayment.payment;
    expect(payerName).toBe(name);
    await desk.act('pay', { payCode: code, wait: true });
    await desk.until(async () => expect(await desk.events(caseId)).toContain('receipt-issued'));
    const asked = await desk.nontax.ask(`{ payment(code: "${code}") { payerName } }`);
    expect(asked.data.payment.payerName).toBe(name);
  });
});
