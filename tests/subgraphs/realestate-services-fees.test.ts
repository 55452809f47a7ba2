import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../adapters/database/store.ts';
import type { FaultKind } from '../../adapters/simulator/core.ts';
import { fen } from '../../adapters/values/fen.ts';
import { type RegistrationFeeNews, tellRegistry } from '../../subgraphs/services/registration-fees.ts';
import { type Desk, FEES, openCase, openDesk, REGISTRATION_FEES, SUN } from './fixture/property-desk.ts';
import { coversPartOfItsSchema } from './fixture/running-subgraph.ts';

const DEADLINE_MS = 400;

let desk: Desk;

beforeAll(async () => {
  desk = await openDesk({ line: { deadline: { readMs: 30_000, writeMs: DEADLINE_MS } } });
});

afterEach(() => {
  desk.core.reset();
});

afterAll(() => desk.close());

coversPartOfItsSchema(() => desk.realestate, REGISTRATION_FEES);

const reportingOf = async (caseId: string, { realestate }: Desk = desk) => {
  const selection = 'registrationFeeReporting { upToDate waiting stuck lastFailure }';
  const { data } = await realestate.entities([{ __typename: 'Case', id: caseId }], selection);
  return data._entities[0].registrationFeeReporting;
};

const resume = (input: object, { realestate }: Desk = desk) =>
  realestate.ask(
    'mutation ($input: ResumeRegistrationFeeInput!) { resumeRegistrationFee(input: $input) { resumed case { id } } }',
    { input: { operator: 'registry', idempotencyKey: randomUUID(), ...input } },
  );

/** An application that the registry has accepted, and what it is told of its fee, in order. */
function accepted({ act }: Desk = desk) {
  const acceptanceNumber = String(act('accept-registration', { applicantIdNumber: SUN.idNumber }).acceptanceNumber);
  const payCode = `42120226300000${acceptanceNumber.slice(-6)}`;
  const item = {
    code: '103043211',
    name: '不动产登记费',
    unitPriceFen: fen(8_000),
    quantity: 1,
    amountFen: fen(8_000),
  };
  const payment = {
    acceptanceNumber,
    payCode,
    paidAt: '2026-03-16T10:33:22+08:00',
    tradeNumber: 'T1',
    totalFen: fen(8_000),
  };
  const linked: RegistrationFeeNews = { kind: 'fee-linked', link: { acceptanceNumber, payCode, items: [item] } };
  const paid: RegistrationFeeNews = { kind: 'fee-paid', payment };
  const eReceipt = { code: '42010126', number: '0000012345' };
  const receipted: RegistrationFeeNews = { kind: 'fee-paid', payment: { ...payment, eReceipt } };
  return { acceptanceNumber, payCode, linked, paid, receipted };
}

/** What the registry has done about a pay code, in order. */
const effects = (payCode: string, { core }: Desk = desk) =>
  core.ledger.filter((entry) => entry.payCode === payCode).map(({ kind }) => kind);

const workedOff = (at: Desk = desk) =>
  at.until(async () => expect(await at.store.tasks.count(FEES)).toEqual({ waiting: 0, stuck: 0 }), FEES);

/** Tells all of it to the registry, at once, as a day's end may. */
const tellAll = (store: Store, caseId: string, news: readonly RegistrationFeeNews[]) =>
  store.write(async (tx) => {
    for (const one of news) await tellRegistry(tx, store.tasks, caseId, one, Date.now());
  });

describe('a registration fee', () => {
  it('is told to the registry in order: linked, paid, and its e-receipt; the case then names the application', async () => {
    const caseId = await desk.newCase();
    const { acceptanceNumber, payCode, linked, paid, receipted } = accepted();
    await tellAll(desk.store, caseId, [linked, paid, receipted]);
    await workedOff();
    expect(effects(payCode)).toEqual(['fee-linked', 'fee-paid', 'receipt-told']);
    expect((await desk.store.registry.references([caseId])).get(caseId)).toEqual([
      { system: 'real-estate', kind: 'registration', reference: acceptanceNumber, values: {} },
    ]);
  });

  it('told twice of each, has each once', async () => {
    const caseId = await desk.newCase();
    const { payCode, linked, paid, receipted } = accepted();
    await tellAll(desk.store, caseId, [linked, linked, paid, paid, receipted, receipted]);
    await workedOff();
    expect(effects(payCode)).toEqual(['fee-linked', 'fee-paid', 'receipt-told']);
    expect(desk.core.calls.calls).toEqual({ LinkFee: 6 });
  });

  const FAULTS: readonly (readonly [FaultKind, { delayMs?: number }])[] = [
    ['drop-before-work', {}],
    ['drop-after-work', {}],
    ['late-answer', { delayMs: 3 * DEADLINE_MS }],
    ['truncate', {}],
    ['busy', {}],
    ['bad-signature', {}],
    ['wrong-charset', {}],
    ['html-error', {}],
    ['http-status', {}],
    ['garbage', {}],
    ['duplicate-answer', {}],
  ];

  it.each(FAULTS.flatMap(([kind, more]) => [1, 2, 3].map((step) => [kind, step, more] as const)))(
    'struck by %s at step %i is told again, and has each once',
    async (kind, step, more) => {
      const caseId = await desk.newCase();
      const { payCode, linked, paid, receipted } = accepted();
      const news = [linked, paid, receipted];
      await tellAll(desk.store, caseId, news.slice(0, step - 1));
      await workedOff();
      desk.core.addFault({ match: 'LinkFee', kind, times: 1, ...more });
      await tellAll(desk.store, caseId, news.slice(step - 1));
      await workedOff();
      expect(effects(payCode)).toEqual(['fee-linked', 'fee-paid', 'receipt-told']);
    },
  );

  it('waits for a registry that is away, and is told when it is back', async () => {
    const caseId = await desk.newCase();
    const { payCode, linked, paid } = accepted();
    desk.core.addFault({ kind: 'refuse-connection' });
    await tellAll(desk.store, caseId, [linked, paid]);
    await desk.until(async () =>
      expect(desk.realestate.faults.map(({ error }) => error.message)).toContainEqual(
        expect.stringContaining('cannot be reached'),
      ),
    );
    expect(await desk.store.tasks.count(FEES)).toEqual({ waiting: 2, stuck: 0 });
    desk.core.clearFaults();
    await workedOff();
    expect(effects(payCode)).toEqual(['fee-linked', 'fee-paid']);
  });
});

describe('what the registry refuses', () => {
  it.each([
    ['an application that it does not know', '2005', (news: Link) => ({ ...news, acceptanceNumber: '209901010001' })],
    ['another amount than it has assessed', '2004', (news: Link) => ({ ...news, items: news.items.map(half) })],
  ] as const)('%s, waits for a person, and what follows it waits too', async (_, departmentCode, spoiled) => {
    const refusing = await openDesk();
    const caseId = await refusing.newCase();
    const { payCode, linked, paid } = accepted(refusing);
    if (linked.kind !== 'fee-linked') throw new Error('no link');
    await tellAll(refusing.store, caseId, [{ kind: 'fee-linked', link: spoiled(linked.link) }, paid]);
    await refusing.until(async () => expect(await refusing.store.tasks.count(FEES)).toEqual({ waiting: 2, stuck: 1 }));
    const [backlog] = await refusing.store.tasks.backlogs(FEES, [caseId]);
    expect(backlog?.lastError).toMatch(
      new RegExp(`^(?:NOT_FOUND|DEPARTMENT_REJECTED) real-estate ${departmentCode} \\d{18}$`),
    );
    expect(effects(payCode, refusing)).toEqual([]);
    expect(refusing.realestate.faults.map(({ place }) => place)).toEqual([`realestate fee-linked of case ${caseId}`]);
    await refusing.close();
  });

  it('because our account was closed for a while, goes on once a person lets it', async () => {
    const refusing = await openDesk();
    const { store } = refusing;
    const caseId = await refusing.newCase();
    const { payCode, linked, paid } = accepted(refusing);
    refusing.core.addFault({ match: 'LinkFee', kind: 'expired-secret' });
    await tellAll(store, caseId, [linked, paid]);
    await refusing.until(async () => expect(await store.tasks.count(FEES)).toEqual({ waiting: 2, stuck: 1 }));
    refusing.core.clearFaults();
    expect(await reportingOf(caseId, refusing)).toEqual({
      upToDate: false,
      waiting: 2,
      stuck: true,
      lastFailure: expect.stringMatching(/^DEPARTMENT_REJECTED real-estate 1101 /),
    });
    const idempotencyKey = randomUUID();
    const resumed = { data: { resumeRegistrationFee: { resumed: 1, case: { id: caseId } } } };
    expect(await resume({ caseId, idempotencyKey }, refusing)).toEqual(resumed);
    await workedOff(refusing);
    expect(effects(payCode, refusing)).toEqual(['fee-linked', 'fee-paid']);
    expect(await resume({ caseId, idempotencyKey }, refusing)).toEqual(resumed);
    expect((await resume({ caseId }, refusing)).data.resumeRegistrationFee.resumed).toBe(0);
    const nothing = { upToDate: true, waiting: 0, stuck: false, lastFailure: null };
    expect(await reportingOf(caseId, refusing)).toEqual(nothing);
    desk.realestate.coverage.add(refusing.realestate.coverage);
    await refusing.close();
  });

  it('is told again for a case that is there, by an account that is there, under a key', async () => {
    const caseId = await desk.newCase();
    const refusals = await Promise.all([
      resume({ caseId: randomUUID() }),
      resume({ caseId, operator: 'nobody' }),
      resume({ caseId, idempotencyKey: null }),
    ]);
    expect(refusals.map(({ errors }) => errors?.[0]?.extensions)).toMatchObject([
      { code: 'NOT_FOUND', field: 'input.caseId' },
      { code: 'INVALID_INPUT', field: 'input.operator' },
      { code: 'INVALID_INPUT', field: 'input.idempotencyKey' },
    ]);
  });

  it('holds up nothing of another case', async () => {
    const refusing = await openDesk();
    const [one, other] = [await refusing.newCase(), await refusing.newCase()];
    const [first, second] = [accepted(refusing), accepted(refusing)];
    await tellAll(refusing.store, one, [first.paid]);
    await tellAll(refusing.store, other, [second.linked, second.paid]);
    await refusing.until(async () => expect(await refusing.store.tasks.count(FEES)).toEqual({ waiting: 1, stuck: 1 }));
    expect([effects(first.payCode, refusing), effects(second.payCode, refusing)]).toEqual([
      [],
      ['fee-linked', 'fee-paid'],
    ]);
    await refusing.close();
  });
});

describe('a process that died', () => {
  it('while it told the registry leaves the rest to the next, which tells at once', async () => {
    const before = await openDesk();
    const { linked, paid, payCode } = accepted(before);
    const next = await openDesk({
      registry: before.registry,
      async fill(store) {
        await tellAll(store, await openCase(store, SUN), [linked, paid]);
        const taken = { limit: 10, now: Date.now() + 1_000, leaseMs: 3_600_000 };
        expect(await store.write((tx) => store.tasks.take(tx, FEES, taken))).toHaveLength(1);
      },
    });
    await next.until(async () => expect(effects(payCode, next)).toEqual(['fee-linked', 'fee-paid']));
    await next.close();
    await before.close();
  });
});

type Link = Extract<RegistrationFeeNews, { kind: 'fee-linked' }>['link'];

function half(item: Link['items'][number]): Link['items'][number] {
  return { ...item, unitPriceFen: fen(item.unitPriceFen / 2), amountFen: fen(item.amountFen / 2) };
}
