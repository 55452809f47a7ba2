import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { InsuredPersonSeed } from '../../seeds/model.ts';
import { FEE_ROWS, maternityContent, referralContent } from './fixture/posting-contents.ts';
import { FIRST, openPostingDesk, type PostingDesk } from './fixture/posting-desk.ts';
import type { Incident, Script } from './fixture/scripted-line.ts';

let desk: PostingDesk;
/** 2302 and 2404 are turned off. */
let plain: PostingDesk;

beforeAll(async () => {
  desk = await openPostingDesk();
  plain = await openPostingDesk({ takesBack: false });
});

afterEach(async () => {
  await desk.tidy();
  await plain.tidy();
});

afterAll(async () => {
  await desk.close();
  await plain.close();
});

const NOTHING = [0, 0, 0, 0];
const NO_JSON: Incident = { type: 'text/plain', body: '系统维护中' };

/** Does the step's work and loses every word of it: the answer, and what is asked for afterwards. */
function losing(transaction: string, questions: readonly string[]): Script {
  let isLost = false;
  return ({ infno }) => {
    if (infno === transaction && !isLost) {
      isLost = true;
      return () => '';
    }
    return isLost && questions.includes(infno) ? NO_JSON : undefined;
  };
}

/** A posting whose step is in doubt for good: six questions, and a person has to look. */
async function inDoubt(person: InsuredPersonSeed, transaction: string, questions: readonly string[]): Promise<string> {
  const content = transaction.startsWith('25') ? referralContent(person) : maternityContent(person);
  const id = await desk.post(content);
  desk.script(losing(transaction, questions));
  const began = desk.core.now();
  expect(await desk.run(id)).toMatchObject({ state: 'manual', failure: { code: 'OUTCOME_UNKNOWN' } });
  expect(desk.core.now() - began).toBeGreaterThanOrEqual(2_562_000);
  desk.script(() => undefined);
  return id;
}

/** How the platform is asked what became of each. */
const ASKED: Readonly<Record<string, readonly string[]>> = {
  '2501': ['5304'],
  '2401': ['5303'],
  '2301': ['2303'],
  '2304': ['5203'],
};

describe('what the platform cannot tell', () => {
  it.each(Object.entries(ASKED))(
    'of %s says what is to be found out, in both languages',
    async (transaction, questions) => {
      const person = desk.patient();
      const id = await inDoubt(person, transaction, questions);
      const effect = desk.ledger(person).at(-1);
      const item = await desk.item(id);
      expect(item.reason).toBe('CANNOT_TELL');
      // The message under which the agency finds it comes first.
      expect(item.messageReferences[0]).toBe(effect?.msgid);
      expect(item.question).toContain(String(effect?.msgid));
      expect(item.questionZh).toContain(String(effect?.msgid));
      const told = JSON.stringify(item);
      for (const personal of [person.name, person.idNumber, person.psnNo]) expect(told).not.toContain(personal);
      const before = desk.ledger(person).slice(0, -1);
      const visit = before.find(({ kind }) => kind === 'admission');
      if (visit) expect(item.question).toContain(visit.reference);
      expect(item.done).toEqual(visit ? (transaction === '2304' ? ['FEES', 'ADMISSION'] : ['ADMISSION']) : []);
      expect(item.resolutions).toContain('ask-again');
    },
  );

  it.each(Object.entries(ASKED))('of %s is asked again, once it can tell', async (transaction, questions) => {
    const person = desk.patient();
    const id = await inDoubt(person, transaction, questions);
    await desk.resolve(id, 'ask-again');
    expect(await desk.run(id)).toMatchObject({ state: 'settled', failure: null });
    expect(desk.standing(person)).toEqual(transaction === '2501' ? [1, 0, 0, 0] : [0, 1, FEE_ROWS, 1]);
    expect(new Set(desk.kinds(person)).size).toBe(transaction === '2501' ? 1 : 3);
    expect((await desk.transitions(id)).find(({ cause }) => cause === 'RESOLVED')).toMatchObject({
      from: 'manual',
      actor: 'hospital',
      reason: '已电话核实',
    });
  });

  it('of 2401 is not admitted twice though a person says that it was not', async () => {
    const person = desk.patient();
    const id = await inDoubt(person, '2401', ['5303']);
    await desk.resolve(id, 'not-done');
    await desk.run(id);
    expect(desk.kinds(person).filter((kind) => kind === 'admission')).toHaveLength(1);
  });

  it.each(['2301', '2304'])(
    'of %s cannot be said to be done: only the platform tells what it came to',
    async (transaction) => {
      const id = await inDoubt(desk.patient(), transaction, ASKED[transaction] ?? []);
      await expect(desk.resolve(id, 'done')).rejects.toMatchObject({ details: { field: 'input.resolution' } });
      expect(await desk.posting(id)).toMatchObject({ state: 'manual' });
    },
  );

  it('of 2304, said not to have been done, is not settled twice: the platform refuses, and what stands is left to a person', async () => {
    const person = desk.patient();
    const id = await inDoubt(person, '2304', ['5203']);
    await desk.resolve(id, 'not-done');
    const posting = await desk.run(id);
    expect(desk.kinds(person).filter((kind) => kind === 'settlement')).toHaveLength(1);
    expect(posting.state).toBe('manual');
  });

  it.each(Object.keys(ASKED))('of %s is closed: nothing more is sent', async (transaction) => {
    const person = desk.patient();
    const id = await inDoubt(person, transaction, ASKED[transaction] ?? []);
    const before = desk.kinds(person);
    await desk.resolve(id, 'close');
    expect(await desk.posting(id)).toMatchObject({ state: 'rejected', dueAt: null });
    expect(desk.kinds(person)).toEqual(before);
    await expect(desk.resolve(id, 'ask-again')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('a settlement that is not what it was tried to be', () => {
  const altered: Script = ({ infno }) => {
    if (infno !== '2304') return undefined;
    return (answer) => {
      const document = JSON.parse(answer);
      const { setlinfo, setldetail } = document.output;
      // A fen from one fund to the patient: every sum holds.
      setlinfo.fund_pay_sumamt = (Math.round(setlinfo.fund_pay_sumamt * 100) - 1) / 100;
      setlinfo.hifp_pay = setlinfo.fund_pay_sumamt;
      setlinfo.psn_part_amt = (Math.round(setlinfo.psn_part_amt * 100) + 1) / 100;
      setlinfo.psn_cash_pay = (Math.round(setlinfo.psn_cash_pay * 100) + 1) / 100;
      setldetail[0].fund_payamt = setlinfo.fund_pay_sumamt;
      return JSON.stringify(document);
    };
  };

  async function differing(person: InsuredPersonSeed): Promise<string> {
    const id = await desk.post(maternityContent(person));
    desk.script(altered);
    expect(await desk.run(id)).toMatchObject({ state: 'manual', failure: { code: 'AMOUNTS_DIFFER' } });
    desk.script(() => undefined);
    return id;
  }

  it('by a fen is not undone by machine, and both figures are told', async () => {
    const person = desk.patient();
    const item = await desk.item(await differing(person));
    expect(desk.standing(person)).toEqual([0, 1, FEE_ROWS, 1]);
    const settlement = desk.ledger(person).at(-1);
    const [amountFen, accountFen, cashFen] = [settlement?.amountFen, settlement?.accountFen, settlement?.cashFen].map(
      Number,
    );
    for (const text of [item.question, item.questionZh]) {
      expect(text).toContain(String(settlement?.reference));
      expect(text).toContain(`${amountFen}/0/${accountFen}/0/${cashFen}`);
      expect(text).toContain(`${Number(amountFen) - 1}/0/${accountFen}/0/${Number(cashFen) + 1}`);
    }
    expect(item).toMatchObject({ reason: 'AMOUNTS_DIFFER', resolutions: ['done', 'give-up', 'close'] });
  });
});

/** Of a trial's answer: in yuan. */
interface TrialAnswer {
  readonly output: {
    readonly setlinfo: { hosp_part_amt: number; psn_cash_pay: number };
    readonly setldetail: { fund_payamt: number }[];
  };
}

describe('a trial', () => {
  const FAULTY: readonly (readonly [string, (output: TrialAnswer['output']) => void])[] = [
    [
      'the payers do not make up the total',
      ({ setlinfo }) => {
        setlinfo.hosp_part_amt = 0.01;
      },
    ],
    [
      "the person's parts do not make up theirs",
      ({ setlinfo }) => {
        setlinfo.psn_cash_pay += 1;
      },
    ],
    [
      "the funds' lines do not make up what they pay",
      ({ setldetail }) => {
        for (const line of setldetail) line.fund_payamt += 1;
      },
    ],
  ];

  it.each(FAULTY)('in which %s settles nothing', async (_what, change) => {
    const person = desk.patient();
    const id = await desk.post(maternityContent(person));
    desk.script(({ infno }) => {
      if (infno !== '2303') return undefined;
      return (answer) => {
        const document = JSON.parse(answer) as TrialAnswer;
        change(document.output);
        return JSON.stringify(document);
      };
    });
    expect(await desk.run(id)).toMatchObject({ state: 'rejected', settlementId: null });
    expect(desk.kinds(person)).not.toContain('settlement');
    expect(desk.standing(person)).toEqual(NOTHING);
  });
});

describe('where taking back is turned off', () => {
  it('a cancelled settlement leaves fees and admission to a person, step by step', async () => {
    const person = plain.patient();
    const { id } = await plain.done(maternityContent(person));
    await plain.cancel(id);
    expect(await plain.run(id)).toMatchObject({ state: 'manual', step: 'CANCEL_FEES' });
    expect(plain.standing(person)).toEqual([0, 1, FEE_ROWS, 0]);
    const item = await plain.item(id);
    expect(item).toMatchObject({ reason: 'CANNOT_UNDO', done: ['FEES', 'ADMISSION'] });
    const visit = String(plain.ledger(person)[0]?.reference);
    expect(item.question).toContain(visit);
    expect(item.questionZh).toContain(visit);
    expect(item.resolutions).toEqual(['done', 'not-done', 'close']);
    await plain.resolve(id, 'done');
    expect(await plain.run(id)).toMatchObject({ state: 'manual', step: 'CANCEL_ADMISSION' });
    await plain.resolve(id, 'done');
    expect(await plain.run(id)).toMatchObject({ state: 'cancelled' });
    expect(plain.kinds(person).at(-1)).toBe('settlement-cancelled');
  });

  it('and on again, not-done lets the machine undo it', async () => {
    const person = plain.patient();
    const { id } = await plain.done(maternityContent(person));
    await plain.cancel(id);
    expect(await plain.run(id)).toMatchObject({ state: 'manual' });
    await plain.resolve(id, 'not-done');
    // As it stands, it comes back to the person, and nothing was sent.
    const before = plain.kinds(person);
    expect(await plain.run(id)).toMatchObject({ state: 'manual', step: 'CANCEL_FEES' });
    expect(plain.kinds(person)).toEqual(before);
    await plain.resolve(id, 'close');
    expect(await plain.posting(id)).toMatchObject({ state: 'cancelled' });
  });

  it('lost fees of which nothing can be told come to a person, not to a second upload', async () => {
    const person = plain.patient();
    const id = await plain.post(maternityContent(person));
    let cuts = 0;
    plain.script(({ infno }) => (infno === '2301' && cuts++ === 0 ? 'cut' : undefined));
    expect(await plain.run(id)).toMatchObject({ state: 'manual', step: 'FEES' });
    expect(plain.kinds(person)).toEqual(['admission']);
    await plain.resolve(id, 'not-done');
    expect(await plain.run(id)).toMatchObject({ state: 'settled' });
    expect(plain.standing(person)).toEqual([0, 1, FEE_ROWS, 1]);
  });
});

it('everything that is kept in the clear names nobody', async () => {
  const rows = await desk.store.postings.list({ provider: FIRST }, { limit: 500 });
  const plainly = JSON.stringify(rows);
  expect(rows.length).toBeGreaterThan(15);
  expect(plainly).not.toMatch(/钟[零一二三四五六七八九]|421202199\d{10}|42120000000000000030/);
});
