import { beforeAll, describe, expect, it } from 'vitest';
import { feesOf, maternityEntry, referralEntry } from './fixture/entries.ts';
import { EFFECTS, openPostRoom, type PostRoom, WITH_OWN_FUND } from './fixture/post-room.ts';

let room: PostRoom;

beforeAll(async () => {
  room = await openPostRoom({ settings: { feeRowsPerCall: 4 } });
});

describe('a referral', () => {
  it('is filed once, and its serial kept', async () => {
    const person = room.patient();
    const id = await room.postOne(referralEntry(person));
    const posting = await room.ended(id);
    expect(await room.states(id)).toEqual(['stored', 'sending', 'settled']);
    const [filed] = room.ledger(person);
    expect(room.kinds(person)).toEqual(EFFECTS.referral);
    expect(room.workList.outcomeOf(posting)).toEqual({ kind: 'referral', serial: filed?.reference });
    expect(posting.progress).toMatchObject({ messageIds: [filed?.msgid] });
  });

  it('that stands at the platform already is not filed again', async () => {
    const person = room.patient();
    await room.ended(await room.postOne(referralEntry(person)));
    const again = await room.ended(await room.postOne(referralEntry(person)));
    expect(room.kinds(person)).toEqual(EFFECTS.referral);
    expect(again.state).toBe('settled');
    expect(room.workList.outcomeOf(again)).toEqual({ kind: 'referral', serial: null });
    expect(await room.causes(again.id)).toEqual(['TAKEN', 'FOUND_FILED']);
    await expect(room.cancel(again.id)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('for a part of the time of another to the same hospital is rejected', async () => {
    const person = room.patient();
    await room.ended(await room.postOne(referralEntry(person)));
    const other = await room.ended(await room.postOne(referralEntry(person, { from: '2026-02-01' })));
    expect(other).toMatchObject({ state: 'rejected', failure: { code: 'FILED_ALREADY' } });
    expect(room.kinds(person)).toEqual(EFFECTS.referral);
  });

  it('is cancelled at the platform when the hospital takes it back', async () => {
    const person = room.patient();
    const id = await room.postOne(referralEntry(person));
    await room.ended(id);
    await room.cancel(id);
    expect(await room.ended(id)).toMatchObject({ state: 'cancelled', undoneAt: expect.any(Number) });
    expect(room.kinds(person)).toEqual(EFFECTS.referralCancelled);
  });

  it.each([
    ['of somebody whom the platform does not know', { name: '路人甲', idNumber: '421202199011049998' }, 'NOT_INSURED'],
  ])('%s is rejected', async (_, person, code) => {
    const posting = await room.ended(await room.postOne(referralEntry(person)));
    expect(posting).toMatchObject({ state: 'rejected', failure: { code } });
  });
});

describe('a maternity settlement', () => {
  it('is admitted, its fees uploaded in slices, tried and settled, each once', async () => {
    const person = room.patient();
    const fees = feesOf(9);
    const id = await room.postOne(maternityEntry(person, { fees }));
    const posting = await room.ended(id);
    const [admission, , , , settlement] = room.ledger(person);
    expect(room.kinds(person)).toEqual(['admission', 'fee-upload', 'fee-upload', 'fee-upload', 'settlement']);
    expect(room.ledger(person).flatMap(({ rows }) => rows ?? [])).toEqual([4, 4, 3]);
    expect(room.workList.outcomeOf(posting)).toMatchObject({
      visitId: admission?.reference,
      settlementId: settlement?.reference,
      totalFen: fees.reduce((sum, { amount }) => sum + amount, 0),
      fundTotalFen: settlement?.amountFen,
      cashFen: settlement?.cashFen,
      accountFen: settlement?.accountFen,
      maternityPaymentFen: settlement?.amountFen,
      maternityMerged: true,
    });
    expect(posting).toMatchObject({ settlementId: settlement?.reference, failure: null });
    expect(posting.settledAt).not.toBeNull();
  });

  it('is paid from the maternity fund where that has a line of its own', async () => {
    const posting = await room.ended(await room.postOne(maternityEntry(WITH_OWN_FUND)));
    const [, , settlement] = room.ledger(WITH_OWN_FUND);
    expect(room.workList.outcomeOf(posting)).toMatchObject({
      maternityMerged: false,
      maternityPaymentFen: settlement?.amountFen,
      funds: expect.arrayContaining([expect.objectContaining({ type: '510100', amountFen: settlement?.amountFen })]),
    });
  });

  it('is undone in reverse when the hospital takes it back', async () => {
    const person = room.patient();
    const id = await room.postOne(maternityEntry(person, { fees: feesOf(9) }));
    await room.ended(id);
    await room.cancel(id);
    const posting = await room.ended(id);
    expect(posting.state).toBe('cancelled');
    expect(room.kinds(person).slice(-3)).toEqual(['settlement-cancelled', 'fees-taken-back', 'admission-cancelled']);
    const refund = room.ledger(person).find(({ kind }) => kind === 'settlement-cancelled');
    expect(posting.progress?.refunded?.refund).toMatchObject({ id: refund?.refund, totalFen: refund?.totalFen });
    expect(posting.undoneAt).toBe(posting.progress?.refunded?.at);
  });

  it('that the hospital has admitted otherwise is left to whoever began it', async () => {
    const person = room.patient();
    const entry = maternityEntry(person);
    await room.ended(await room.postOne(entry));
    const again = await room.ended(await room.postOne({ ...entry, document: `${entry.document}B` }));
    expect(again).toMatchObject({ state: 'rejected', failure: { code: 'ADMITTED_ALREADY' } });
    expect(room.kinds(person)).toEqual(EFFECTS.maternity);
  });

  it('of somebody whose insurance rests is rejected before anything is done', async () => {
    const person = room.patient();
    room.platform.act('suspend-insurance', { psnNo: person.psnNo });
    const posting = await room.ended(await room.postOne(maternityEntry(person)));
    expect(posting).toMatchObject({ state: 'rejected', failure: { code: 'NOT_INSURED' } });
    expect(room.kinds(person)).toEqual(['insurance-suspended']);
  });
});

describe('money', () => {
  const expected = (fundTotal: number, cashPaid: number) => ({ settlement: { expected: { fundTotal, cashPaid } } });

  it('that comes out on trial as the hospital expects is settled', async () => {
    const first = room.patient();
    await room.ended(await room.postOne(maternityEntry(first)));
    const settled = room.ledger(first).at(-1);
    const person = room.patient();
    const entry = maternityEntry(person, expected(Number(settled?.amountFen), Number(settled?.cashFen)));
    expect((await room.ended(await room.postOne(entry))).state).toBe('settled');
  });

  it('that does not is not settled: what was done is undone', async () => {
    const person = room.patient();
    const posting = await room.ended(await room.postOne(maternityEntry(person, expected(1, 1))));
    expect(posting).toMatchObject({ state: 'rejected', failure: { code: 'AMOUNTS_DIFFER' }, undoneAt: null });
    expect(room.kinds(person)).toEqual(['admission', 'fee-upload', 'fees-taken-back', 'admission-cancelled']);
    expect(await room.states(posting.id)).toEqual(['stored', 'sending', 'undoing', 'rejected']);
  });

  /** A platform that answers with other figures for the transactions that `alters` names. */
  async function lying(alters: (asked: string) => boolean, alter: (answer: string) => string) {
    return openPostRoom({
      alter: (answer, request) => {
        const { infno } = JSON.parse(request?.toString('utf8') || '{}');
        return alters(infno) ? Buffer.from(alter(answer.toString('utf8'))) : answer;
      },
    });
  }
  const otherCash = (answer: string) => answer.replace(/"psn_cash_pay":[\d.]+/, '"psn_cash_pay":1.23');
  const otherFund = (answer: string) => answer.replace(/("fund_pay_type":"310100".*?"fund_payamt":)[\d.]+/, '$17.00');

  it.each([
    ['sums', otherCash],
    ['lines of the funds', otherFund],
  ])('whose %s do not hold on trial is not settled', async (_, alter) => {
    const other = await lying((infno) => infno === '2303', alter);
    const person = other.patient();
    const posting = await other.ended(await other.postOne(maternityEntry(person)));
    expect(posting).toMatchObject({ state: 'rejected', failure: { code: 'SUMS_DO_NOT_HOLD' } });
    expect(other.kinds(person)).not.toContain('settlement');
  });

  it('that was settled otherwise than tried is not reversed by machine: a person sees both figures', async () => {
    const other = await lying((infno) => infno === '2304', otherCash);
    const person = other.patient();
    const id = await other.postOne(maternityEntry(person));
    const posting = await other.ended(id);
    const settlement = other.ledger(person).at(-1);
    expect(other.kinds(person)).toEqual(EFFECTS.maternity);
    expect(posting).toMatchObject({ state: 'manual', settlementId: settlement?.reference, settledAt: null });
    const item = await other.item(id);
    expect(item).toMatchObject({ reason: 'AMOUNTS_DIFFER', resolutions: ['done', 'give-up', 'close'] });
    expect(item.question).toContain('/123');
    expect(item.question).toContain(`/${settlement?.cashFen}`);
    await other.resolve(id, 'done');
    expect(await other.ended(id)).toMatchObject({ state: 'settled', settlementId: settlement?.reference });
    expect(other.kinds(person)).toEqual(EFFECTS.maternity);
  });

  it('whose sums hold, but that is divided otherwise than tried by a fen, is shown to a person too', async () => {
    const byAFen = (answer: string) => {
      const { output, ...envelope } = JSON.parse(answer);
      const { psn_cash_pay, acct_pay } = output.setlinfo;
      Object.assign(output.setlinfo, { psn_cash_pay: psn_cash_pay + 0.01, acct_pay: acct_pay - 0.01 });
      return JSON.stringify({ ...envelope, output });
    };
    const other = await lying((infno) => infno === '2304', byAFen);
    const person = other.patient();
    const id = await other.postOne(maternityEntry(person));
    expect((await other.ended(id)).state).toBe('manual');
    expect((await other.item(id)).reason).toBe('AMOUNTS_DIFFER');
    expect(other.kinds(person)).toEqual(EFFECTS.maternity);
  });

  it('the same, and the person has it undone', async () => {
    const other = await lying((infno) => infno === '2304', otherCash);
    const person = other.patient();
    const id = await other.postOne(maternityEntry(person));
    await other.ended(id);
    await other.resolve(id, 'give-up');
    expect(await other.ended(id)).toMatchObject({ state: 'rejected', undoneAt: expect.any(Number) });
    expect(other.kinds(person)).toEqual(EFFECTS.maternityCancelled);
  });
});

describe('with taking back turned off', () => {
  it('what was done before the settlement is left to a person, who is told what it is', async () => {
    const other = await openPostRoom({ settings: { takingBack: { enabled: false } } });
    const person = other.patient();
    const id = await other.postOne(maternityEntry(person, { settlement: { expected: { cashPaid: 1 } } }));
    expect((await other.ended(id)).state).toBe('manual');
    expect(await other.item(id)).toMatchObject({
      reason: 'CANNOT_UNDO',
      done: ['FEES', 'ADMISSION'],
      resolutions: ['done', 'not-done', 'close'],
    });
    await other.resolve(id, 'done');
    expect(await other.ended(id)).toMatchObject({ state: 'manual', step: 'CANCEL_ADMISSION' });
    await other.resolve(id, 'done');
    expect(await other.ended(id)).toMatchObject({ state: 'rejected', failure: { code: 'AMOUNTS_DIFFER' } });
    expect(other.kinds(person)).toEqual(['admission', 'fee-upload']);
  });

  it('a settlement is cancelled all the same, and the rest left to a person', async () => {
    const other = await openPostRoom({ settings: { takingBack: { enabled: false } } });
    const person = other.patient();
    const id = await other.postOne(maternityEntry(person));
    await other.ended(id);
    await other.cancel(id);
    expect(await other.ended(id)).toMatchObject({ state: 'manual', undoneAt: expect.any(Number) });
    await other.resolve(id, 'close');
    expect((await other.read(id)).state).toBe('cancelled');
    expect(other.kinds(person)).toEqual([...EFFECTS.maternity, 'settlement-cancelled']);
  });
});

describe('a refusal', () => {
  it('of the settlement undoes what was done, in reverse, and keeps the platform’s words', async () => {
    const person = room.patient();
    const id = await room.postOne(maternityEntry(person));
    const suspending = room.engineOver({
      client: before(room, 'settle', () => room.platform.act('suspend-insurance', { psnNo: person.psnNo })),
    });
    const posting = await room.ended(id, { by: suspending });
    expect(posting).toMatchObject({ state: 'rejected', failure: { code: 'DEPARTMENT_REJECTED' } });
    expect(posting.failure?.detailZh).toContain('人员参保状态不正常');
    expect(JSON.stringify(posting.failure)).not.toContain(person.name);
    expect(room.kinds(person)).toEqual([
      'admission',
      'fee-upload',
      'insurance-suspended',
      'fees-taken-back',
      'admission-cancelled',
    ]);
  });

  it('of a cancellation leaves the settlement standing as it was', async () => {
    const person = room.patient();
    const id = await room.postOne(maternityEntry(person));
    const settled = await room.ended(id);
    // Somebody else cancels it first.
    const { personNumber, insuredRegion } = settled.progress?.person ?? { personNumber: '', insuredRegion: '' };
    const { visitId, id: settlementId } = settled.progress?.settlement ?? { visitId: '', id: '' };
    await room.client.cancelSettlement({ personNumber, insuredRegion, visitId, settlementId });
    await room.cancel(id);
    const posting = await room.ended(id);
    expect(posting).toMatchObject({ state: 'settled', failure: { code: 'DEPARTMENT_REJECTED' } });
    expect(await room.causes(id)).toEqual(['TAKEN', 'DONE', 'CANCELLED_BY_HOSPITAL', 'UNDOING_REFUSED']);
  });

  it('because the person is insured elsewhere by now has them looked up once more', async () => {
    let answers = 0;
    const other = await openPostRoom({
      alter(answer, request) {
        if (!request?.includes('"infno":"1101"')) return answer;
        answers += 1;
        return answers > 1 ? answer : Buffer.from(answer.toString('utf8').replaceAll('421202"', '421221"'));
      },
    });
    const person = other.patient();
    expect((await other.ended(await other.postOne(referralEntry(person)))).state).toBe('settled');
    expect(answers).toBe(2);
    expect(other.kinds(person)).toEqual(EFFECTS.referral);
  });
});

/** The client, which has something happen before it does one of its methods. */
function before({ client }: PostRoom, method: 'settle', happens: () => unknown) {
  return new Proxy(client, {
    get(target, name) {
      if (name === method) happens();
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
