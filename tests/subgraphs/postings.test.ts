import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { POSTINGS } from './fixture/medical-platform.ts';
import { HOSPITAL, openPostingCounter, type PostingCounter } from './fixture/posting-counter.ts';
import { maternityDocument, referralDocument, referralEntry } from './fixture/posting-forms.ts';
import { coversPartOfItsSchema } from './fixture/running-subgraph.ts';

let counter: PostingCounter;

beforeAll(async () => {
  counter = await openPostingCounter();
});

afterEach(() => {
  counter.core.clearFaults();
  expect(counter.medical.takeFaults()).toEqual([]);
});

afterAll(() => counter.close());

coversPartOfItsSchema(() => counter.medical, POSTINGS);

const POSTING = `id kind hospital document { number version } state step storedAt changedAt settledAt case { id } total
  outcome {
    __typename
    ... on PostedReferral { serial }
    ... on PostedMaternitySettlement { visitId settlementId total fundTotal maternityPayment maternityMerged accountPaid cashPaid
      hospitalPaid funds { type name amount inScope limit } }
  }
  failure { code departmentCode text textZh }
  transitions { number at from to cause step messageReference operator reason }
  receipt { id storedAt digest token } callback { state attempts deliveredAt }`;

const posting = async (id: string) =>
  (await counter.asked(`query ($id: ID!) { posting(id: $id) { ${POSTING} } }`, { id })).posting;

const PAGE = 'edges { cursor node { id state } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

const list = async (filter: object, first = 10, after: string | null = null) =>
  (
    await counter.asked(
      `query ($filter: PostingFilter, $first: Int!, $after: String) { postings(filter: $filter, first: $first, after: $after) { ${PAGE} } }`,
      { filter, first, after },
    )
  ).postings;

const ids = ({ edges }: { edges: readonly { node: { id: string } }[] }) => edges.map(({ node }) => node.id);

describe('a referral that is posted', () => {
  it('is stored with a receipt, filed at the platform, told to its case and to its hospital', async () => {
    const person = counter.patient();
    const caseId = await counter.newCase('S11', person);
    const answer = await counter.done(
      'postReferral',
      referralDocument(person, { caseId }),
      `result posting { id hospital document { number version } receipt { id storedAt digest token } }`,
    );
    const { id, receipt } = answer.posting;
    expect(answer).toMatchObject({ result: 'STORED', posting: { hospital: HOSPITAL, receipt: { id } } });
    await counter.state(id, 'settled');
    const serial = counter.ledger(person).at(-1)?.reference;
    expect(await posting(id)).toMatchObject({
      kind: 'REFERRAL',
      document: { number: referralDocument(person).document, version: 1 },
      state: 'SETTLED',
      case: { id: caseId },
      total: null,
      outcome: { __typename: 'PostedReferral', serial },
      failure: null,
      receipt,
      transitions: [
        { number: 0, from: null, to: 'STORED', operator: 'hospital' },
        { number: 1, from: 'STORED', to: 'SENDING' },
        { number: 2, from: 'SENDING', to: 'SETTLED' },
      ],
    });
    expect(await counter.eventKinds(caseId)).toEqual(['referral-filed']);
    await vi.waitFor(() => expect(counter.told.filter((body) => body.includes(id))).toHaveLength(1));
    await vi.waitFor(async () =>
      expect((await posting(id)).callback).toMatchObject({
        state: 'DELIVERED',
        attempts: 1,
        deliveredAt: expect.any(String),
      }),
    );
    // The case has ended with it: the same document is known all the same.
    await counter.store.write((tx) =>
      tx.updateTable('registry_case').set({ status: '5' }).where('id', '=', caseId).execute(),
    );
    const again = await counter.done('postReferral', referralDocument(person, { caseId }));
    expect(again).toEqual({ result: 'DUPLICATE', posting: { id } });
  });

  it('is the same posting again under its key, a duplicate without it, and a conflict with other content', async () => {
    const person = counter.patient();
    const input = { ...referralDocument(person), idempotencyKey: `key-${person.psnNo}` };
    const first = await counter.done('postReferral', input);
    expect(first.result).toBe('STORED');
    expect(await counter.done('postReferral', input)).toEqual(first);
    const { idempotencyKey: _, ...document } = input;
    const duplicate = { result: 'DUPLICATE', posting: first.posting };
    expect(await counter.done('postReferral', document)).toEqual(duplicate);
    expect(await counter.batch([referralEntry(person)])).toMatchObject({
      duplicates: 1,
      entries: [{ status: 'DUPLICATE', postingId: first.posting.id }],
    });
    expect(await counter.refused('postReferral', { ...document, reason: '另一原因' })).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
      field: 'input.document',
      message: expect.stringContaining(first.posting.id),
      messageZh: expect.stringContaining(first.posting.id),
    });
    expect(await counter.refused('postReferral', { ...input, document: 'ZZ-other' })).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
      field: 'input.idempotencyKey',
      message: expect.stringContaining(first.posting.id),
    });
    expect(await counter.versions(document.document)).toBe(1);
    expect(await counter.versions('ZZ-other')).toBe(0);
  });

  it('is one effect when many copies come at once', async () => {
    const person = counter.patient();
    const input = { ...referralDocument(person), idempotencyKey: `key-${person.psnNo}` };
    const answers = await Promise.all(Array.from({ length: 20 }, () => counter.done('postReferral', input)));
    expect(new Set(answers.map(({ result, posting }) => `${result} ${posting.id}`)).size).toBe(1);
    await counter.state(answers[0].posting.id, 'settled');
    expect(counter.kinds(person)).toEqual(['referral']);
  });

  it('has a next version only when the last one has ended', async () => {
    const person = counter.patient();
    const { posting: first } = await counter.done('postReferral', referralDocument(person));
    await counter.state(first.id, 'settled');
    expect(await counter.refused('postReferral', referralDocument(person, { version: 2 }))).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'input.version',
      message: expect.stringMatching(/cancel that first/),
    });
    await counter.done(
      'cancelPosting',
      { idempotencyKey: `cancel-${first.id}`, posting: first.id, reason: '转往他院' },
      'posting { id }',
    );
    await counter.state(first.id, 'cancelled');
    const { posting: second } = await counter.done('postReferral', referralDocument(person, { version: 2 }));
    await counter.state(second.id, 'settled');
    expect(
      await counter.refused('postReferral', referralDocument(person, { version: 1, reason: '另一原因' })),
    ).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    });
    const asked = (version: number | null) =>
      counter.asked(`query ($document: PostingDocumentInput!) { posting(document: $document) { id } }`, {
        document: { hospital: HOSPITAL, number: referralDocument(person).document, version },
      });
    expect((await asked(null)).posting).toEqual(second);
    expect((await asked(1)).posting).toEqual(first);
    expect((await asked(3)).posting).toBeNull();
  });

  it.each([
    ['INVALID_INPUT', 'input.operator', { operator: 'village' }],
    ['INVALID_INPUT', 'input.operator', { operator: 'medical-security' }],
    ['INVALID_INPUT', 'input.operator', { operator: 'nobody' }],
    ['INVALID_INPUT', 'input.idempotencyKey', { idempotencyKey: 'short' }],
    ['INVALID_INPUT', 'input.hospital.code', { hospital: { code: HOSPITAL, name: '咸安区第一人民医院' } }],
    ['NOT_FOUND', 'input.caseId', { caseId: 'no-such-case' }],
  ])('is refused with %s at %s: %j', async (code, field, over) => {
    const person = counter.patient();
    expect(await counter.refused('postReferral', referralDocument(person, over))).toMatchObject({ code, field });
    expect(await counter.versions(referralDocument(person).document)).toBe(0);
  });

  it('is told all its places at once', async () => {
    const over = { hospital: { code: 'H1', name: '武汉示例医院（虚构）' }, date: '2026-01-02', opinion: '' };
    const { message, messageZh, field } = await counter.refused(
      'postReferral',
      referralDocument(counter.patient(), over),
    );
    expect(field).toBe('input.hospital.code');
    for (const place of ['input.hospital.code', 'input.date', 'input.opinion']) {
      expect(message).toContain(`${place}: `);
      expect(messageZh).toContain(`${place}：`);
    }
  });

  it('is for a case of its item, of the same patient, at this hospital', async () => {
    const person = counter.patient();
    const other = counter.patient();
    for (const caseId of [
      await counter.newCase('S12', person),
      await counter.newCase('S11', other),
      await counter.newCase('S11', person, { account: 'hospital-2' }),
      await counter.newCase('S11', person, { status: '5' }),
    ]) {
      expect(await counter.refused('postReferral', referralDocument(person, { caseId }))).toMatchObject({
        code: 'INVALID_INPUT',
        field: 'input.caseId',
      });
    }
    expect(await counter.versions(referralDocument(person).document)).toBe(0);
  });

  it('of somebody whom the platform does not know is rejected', async () => {
    const person = { ...counter.patient(), name: '查无此人' };
    const { posting: posted } = await counter.done('postReferral', referralDocument(person));
    await counter.state(posted.id, 'rejected');
    expect(await posting(posted.id)).toMatchObject({
      state: 'REJECTED',
      settledAt: null,
      outcome: null,
      failure: { code: 'NOT_INSURED', textZh: expect.any(String) },
    });
  });
});

describe('a maternity settlement that is posted', () => {
  it('is admitted, charged and settled; and undone when it is cancelled, as far as the platform can', async () => {
    const person = counter.patient();
    const caseId = await counter.newCase('S12', person);
    const { posting: posted } = await counter.done('postMaternitySettlement', maternityDocument(person, { caseId }));
    await counter.state(posted.id, 'settled');
    const settled = await posting(posted.id);
    const { total, fundTotal, accountPaid, cashPaid, hospitalPaid, maternityPayment, maternityMerged } =
      settled.outcome;
    expect(settled).toMatchObject({ kind: 'MATERNITY_SETTLEMENT', total: 685_000, settledAt: expect.any(String) });
    expect(total).toBe(685_000);
    expect(fundTotal + accountPaid + cashPaid + hospitalPaid).toBe(total);
    expect(maternityMerged).toBe(true);
    expect(maternityPayment).toBeGreaterThan(0);
    expect(await counter.eventKinds(caseId)).toContain('maternity-settled');

    const cancel = {
      idempotencyKey: `cancel-${posted.id}`,
      document: maternityDocument(person).document,
      reason: '金额有误',
    };
    expect(await counter.done('cancelPosting', cancel, 'posting { id }')).toEqual({ posting: posted });
    // 2302 and 2404 are off here: fees and admission are left for a person.
    await counter.state(posted.id, 'manual');
    expect(await counter.done('cancelPosting', cancel, 'posting { id state }')).toMatchObject({
      posting: { state: 'MANUAL' },
    });
    const work = await counter.asked(
      `query ($hospital: String) { workList(hospital: $hospital, first: 10, after: null) {
        edges { cursor node { posting { id state } since reason question questionZh messageReferences done resolutions } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      } }`,
      { hospital: HOSPITAL },
    );
    const item = work.workList.edges.at(-1).node;
    expect(item).toMatchObject({
      posting: { id: posted.id, state: 'MANUAL' },
      resolutions: expect.arrayContaining(['CLOSE']),
    });
    expect(item.done).toContain('ADMISSION');

    const closed = {
      idempotencyKey: `close-${posted.id}`,
      posting: posted.id,
      resolution: 'CLOSE',
      reason: '经办机构已撤销',
    };
    expect(await counter.refused('resolveWorkItem', { ...closed, operator: 'hospital-2' })).toMatchObject({
      field: 'input.operator',
    });
    expect(await counter.refused('resolveWorkItem', { ...closed, operator: 'finance' })).toMatchObject({
      field: 'input.operator',
    });
    const office = { ...closed, operator: 'medical-security' };
    expect(await counter.done('resolveWorkItem', office, 'posting { id }')).toEqual({ posting: posted });
    await counter.state(posted.id, 'cancelled');
    expect((await posting(posted.id)).transitions.at(-1)).toMatchObject({
      cause: 'RESOLVED',
      operator: 'medical-security',
      reason: '经办机构已撤销',
    });
    // The same word again is the same answer; another is too late.
    expect(await counter.done('resolveWorkItem', office, 'posting { id }')).toEqual({ posting: posted });
    expect(await counter.refused('resolveWorkItem', { ...office, idempotencyKey: `late-${posted.id}` })).toMatchObject({
      field: 'input.posting',
    });
  });

  it('that the platform refuses is rejected, with its words', async () => {
    const person = counter.patient();
    counter.refuses.add(person.psnNo);
    const { posting: posted } = await counter.done('postMaternitySettlement', maternityDocument(person));
    await counter.state(posted.id, 'rejected');
    expect(await posting(posted.id)).toMatchObject({
      failure: {
        code: 'DEPARTMENT_REJECTED',
        departmentCode: 'demoPsnBO_0009',
        textZh: expect.stringContaining('该人员已死亡'),
      },
    });
    expect(counter.kinds(person)).toEqual([]);
  });

  it('tells every place of its form', async () => {
    const over = { treatmentType: '11', settlement: { total: 1 } };
    const { message } = await counter.refused('postMaternitySettlement', maternityDocument(counter.patient(), over));
    expect(message).toContain('input.treatmentType: ');
    expect(message).toContain('input.settlement.total: ');
  });
});

describe('a posting', () => {
  it('is cancelled by its own hospital only, named by its id or its document, and with a key', async () => {
    const { posting: posted } = await counter.done('postReferral', referralDocument(counter.patient()));
    const cancel = { idempotencyKey: `cancel-${posted.id}`, posting: posted.id, reason: '填报有误' };
    const { idempotencyKey: _, ...keyless } = cancel;
    for (const [field, input] of [
      ['input.idempotencyKey', keyless],
      ['input.operator', { ...cancel, operator: 'hospital-2' }],
      ['input.operator', { ...cancel, operator: 'medical-security' }],
      ['input.posting', { ...cancel, document: 'ZZ-1' }],
      ['input.posting', { ...cancel, posting: null }],
      ['input.posting', { ...cancel, posting: 'none' }],
      ['input.document', { ...cancel, posting: null, document: 'none' }],
      ['input.version', { ...cancel, posting: null, document: 'none', version: 0 }],
      ['input.reason', { ...cancel, reason: '' }],
    ] as const) {
      expect(await counter.refused('cancelPosting', input)).toMatchObject({ field });
    }
    await counter.state(posted.id, 'settled');
  });

  it('is found by every condition, newest first, page by page', async () => {
    const person = counter.patient();
    const caseId = await counter.newCase('S11', person);
    const { posting: first } = await counter.done(
      'postReferral',
      referralDocument(person, { document: 'ZZ-listed', caseId }),
    );
    const { posting: second } = await counter.done(
      'postReferral',
      referralDocument(person, {
        document: 'ZZ-listed-2',
        operator: 'hospital-2',
        from: '2027-01-01',
        to: '2027-06-30',
      }),
    );
    const { idNumber } = person;
    expect(ids(await list({ idNumber }))).toEqual([second.id, first.id]);
    const page = await list({ idNumber }, 1);
    expect(page).toMatchObject({ pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    const next = await list({ idNumber }, 1, page.pageInfo.endCursor);
    expect(ids(next)).toEqual([first.id]);
    expect(next).toMatchObject({ pageInfo: { hasNextPage: false, hasPreviousPage: true } });
    expect(ids(await list({ idNumber, hospital: HOSPITAL }))).toEqual([first.id]);
    expect(ids(await list({ caseId }))).toEqual([first.id]);
    expect(ids(await list({ documentNumber: 'ZZ-listed' }))).toEqual([first.id]);
    expect(ids(await list({ idNumber, kind: 'MATERNITY_SETTLEMENT' }))).toEqual([]);
    await counter.state(first.id, 'settled');
    expect(ids(await list({ idNumber, hospital: HOSPITAL, states: ['SETTLED'] }))).toEqual([first.id]);
    expect(ids(await list({ idNumber, hospital: HOSPITAL, states: ['MANUAL'] }))).toEqual([]);
    expect(ids(await list({ idNumber, from: '2026-01-01', to: '2026-01-01' }))).toEqual([second.id, first.id]);
    expect(ids(await list({ idNumber, to: '2025-12-31' }))).toEqual([]);
    expect(ids(await list({ idNumber, from: '2026-01-02' }))).toEqual([]);
  });

  it.each([
    ['first', 'postings(first: 101) { edges { cursor } }'],
    ['after', 'postings(after: "x") { edges { cursor } }'],
    ['filter.to', 'postings(filter: { from: "2026-01-02", to: "2026-01-01" }) { edges { cursor } }'],
    ['id', 'posting { id }'],
    ['document.version', `posting(document: { hospital: "${HOSPITAL}", number: "1", version: 0 }) { id }`],
    ['after', 'workList(after: "x") { edges { cursor } }'],
  ])('is not asked for with a wrong %s', async (field, asked) => {
    const { errors } = await counter.medical.ask(`{ ${asked} }`);
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field } }]);
  });

  it('is an entity that the gateway can ask for', async () => {
    const { posting: posted } = await counter.done('postReferral', referralDocument(counter.patient()));
    const { data } = await counter.medical.entities(
      [
        { __typename: 'Posting', id: posted.id },
        { __typename: 'Posting', id: 'none' },
      ],
      'hospital',
    );
    expect(data._entities).toMatchObject([{ hospital: HOSPITAL }, null]);
    await counter.state(posted.id, 'settled');
  });
});
