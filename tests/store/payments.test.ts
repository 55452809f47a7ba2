import { describe, expect, it } from 'vitest';
import { openStore } from '../../adapters/database/store.ts';
import { KEYS, testHomes } from './homes.ts';

const PAY_CODE = '42120226300000001001';

describe.each(await testHomes())('payment notices on $name', ({ newPlace }) => {
  async function withNotice() {
    const store = await openStore({ ...(await newPlace()), ...KEYS });
    const applicant = {
      idNumber: '421202198803056219',
      name: '孙䶮',
      hukouDivision: null,
      residenceDivision: null,
    };
    await store.write(async (tx) => {
      await store.registry.upsertResident(tx, applicant);
      await store.registry.openCase(tx, {
        id: 'case-1',
        itemId: 'S01',
        applicantHandle: store.registry.handle(applicant.idNumber),
        applicantName: applicant.name,
        agent: null,
        mobile: null,
        channel: 'window',
        operator: 'clerk',
        organisation: { code: '11421202MB2A91048P', name: '汀泗桥镇便民服务中心', division: '421202100000' },
        status: '1',
        projectType: '1',
        promiseDays: 0,
        appliedAt: 1,
        visitsPromised: 0,
        visitsMade: 0,
      });
      await store.payments.add(tx, {
        payCode: PAY_CODE,
        caseId: 'case-1',
        operator: 'clerk',
        service: 'public-rental-rent',
        unitCode: '042001',
        amountFen: 41_250,
        payee: { accountType: '1', account: '42050100000000000017' },
        dueDate: '2026-04-15',
        registrationNumber: null,
        replaces: null,
        notice: { payer: applicant.name },
        at: 10,
      });
    });
    return store;
  }

  const kept = (over: object = {}) => ({
    payCode: PAY_CODE,
    tradeNumber: 'T1',
    amountFen: 41_250,
    paidAt: 20,
    channel: '50',
    state: 'accepted' as const,
    reference: '1',
    notice: { payer: { name: '孙䶮' } },
    at: 21,
    ...over,
  });

  it('are kept with all that was told, and found by code and by case', async () => {
    const store = await withNotice();
    const payment = {
      payCode: PAY_CODE,
      caseId: 'case-1',
      state: 'opening',
      operator: 'clerk',
      service: 'public-rental-rent',
      unitCode: '042001',
      amountFen: 41_250,
      payee: { accountType: '1', account: '42050100000000000017' },
      dueDate: '2026-04-15',
      registrationNumber: null,
      replaces: null,
      checkCode: null,
      notice: { payer: '孙䶮' },
      createdAt: 10,
      tradeNumber: null,
      channel: null,
      paidAt: null,
      receiptNumber: null,
    };
    expect(await store.payments.byCode(PAY_CODE)).toEqual(payment);
    expect(await store.payments.ofCase('case-1')).toEqual([payment]);
    expect(await store.payments.byCode('42120226300000009999')).toBeUndefined();
    await store.close();
  });

  it('move on only as the table of their states allows', async () => {
    const store = await withNotice();
    const move = (state: 'unpaid' | 'paid' | 'void' | 'expired' | 'not-opened') =>
      store.write((tx) => store.payments.change(tx, PAY_CODE, { state, at: 11 }));
    expect([await move('paid'), await move('void')]).toEqual([false, false]);
    expect([await move('unpaid'), await move('unpaid')]).toEqual([true, false]);
    expect([await move('expired'), await move('void')]).toEqual([true, false]);
    expect([await move('paid'), await move('expired')]).toEqual([true, false]);
    expect((await store.payments.byCode(PAY_CODE))?.state).toBe('paid');
    await store.close();
  });

  it('are moved on once by two at the same time', async () => {
    const store = await withNotice();
    await store.write((tx) => store.payments.change(tx, PAY_CODE, { state: 'unpaid', at: 11 }));
    const payment = { tradeNumber: 'T1', channel: '50', paidAt: 12 };
    const moved = await Promise.all(
      Array.from({ length: 8 }, () =>
        store.write(async (tx) => {
          await store.payments.held(tx, PAY_CODE);
          return store.payments.change(tx, PAY_CODE, { state: 'paid', at: 12, payment });
        }),
      ),
    );
    expect(moved.filter(Boolean)).toHaveLength(1);
    expect(await store.payments.byCode(PAY_CODE)).toMatchObject(payment);
    await store.close();
  });

  it('keep what finance told once for each trade number; the receipt’s number is noted once', async () => {
    const store = await withNotice();
    await store.write(async (tx) => {
      await store.payments.keepNotice(tx, kept({ state: 'amount-differs', amountFen: 1 }));
      await store.payments.keepNotice(tx, kept());
      await store.payments.keepNotice(tx, kept({ tradeNumber: 'T2', state: 'other-trade', at: 22 }));
    });
    expect(
      (await store.payments.noticesOf(PAY_CODE)).map(({ tradeNumber, state, amountFen }) => [
        tradeNumber,
        state,
        amountFen,
      ]),
    ).toEqual([
      ['T1', 'accepted', 41_250],
      ['T2', 'other-trade', 41_250],
    ]);
    const note = (number: string) => store.write((tx) => store.payments.noteReceipt(tx, PAY_CODE, number, 30));
    expect([await note('0000000001'), await note('0000000002')]).toEqual([true, false]);
    expect((await store.payments.byCode(PAY_CODE))?.receiptNumber).toBe('0000000001');
    await store.close();
  });
});
