import { createHash, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ResidentSeed } from '../../seeds/model.ts';
import { CHEN, XIONG } from './fixture/people.ts';
import { type Desk, LI, openDesk, PROOF, PROOFS, PUBLIC_URL, SUN } from './fixture/property-desk.ts';
import { COMPANY, FLAT, MANY_FLATS, OLD_RECORD, SHARED_HOUSE, SHOP } from './fixture/property-records.ts';
import { type Answer, coversPartOfItsSchema } from './fixture/running-subgraph.ts';

/** Invented, and in no register of the fixture. */
const LONG_NAME: ResidentSeed = { ...LI, name: `𠮷㙍䶮${'阿'.repeat(46)}买`, idNumber: '421202197511120034' };

let desk: Desk;

beforeAll(async () => {
  desk = await openDesk();
});

afterEach(() => {
  desk.core.reset();
});

afterAll(() => desk.close());

coversPartOfItsSchema(() => desk.realestate, PROOFS);

const errorOf = ({ errors }: Answer) => {
  expect(errors).toHaveLength(1);
  return errors?.[0]?.extensions ?? {};
};
/** What the graph shows of a case with the references that it has. */
async function shown(caseId: string) {
  const references = ((await desk.store.registry.references([caseId])).get(caseId) ?? []).map((one) => ({
    ...one,
    values: Object.entries(one.values).map(([name, value]) => ({ name, value })),
  }));
  const { data, errors } = await desk.realestate.entities(
    [{ __typename: 'Case', id: caseId, references }],
    `id propertyProofs { ${PROOF} } properties { unitNumber }`,
  );
  expect(errors).toBeUndefined();
  return data._entities[0];
}

const sha256 = (base64: string) => createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex');

describe('a proof about property', () => {
  it('of all that the applicant has is the registry’s own PDF, delivered unchanged and tied to the case', async () => {
    const caseId = await desk.newCase();
    const { data, errors } = await desk.request(caseId);
    expect(errors).toBeUndefined();
    const { submission, case: of, proof } = data.requestPropertyProof;
    expect(of).toEqual({ id: caseId });
    expect(proof).toMatchObject({
      number: expect.stringMatching(/^XA\d{14}$/),
      kind: 'QUERY_RESULT',
      name: '不动产登记信息查询结果证明',
      issuedAt: expect.stringMatching(/\+08:00$/),
      validUntil: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      statement: '截至查询时间，名下登记不动产2处',
      houses: 2,
    });
    expect(Buffer.from(proof.document, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
    expect(sha256(proof.document)).toBe(proof.digest);
    expect(desk.papers()).toEqual([proof.number]);
    expect(await desk.submissionState(submission.id)).toBe('done');
    expect(await desk.told(caseId)).toMatchObject([
      { kind: 'proof-requested', operator: 'kiosk' },
      { kind: 'proof-issued', operator: 'kiosk', certificate: { name: proof.name, number: proof.number } },
    ]);
    expect((await desk.store.registry.references([caseId])).get(caseId)).toEqual([
      {
        system: 'real-estate',
        kind: 'property-query',
        reference: expect.stringMatching(/^SQ\d{14}$/),
        values: { unitNumbers: `${FLAT.unitNumber},${SHARED_HOUSE.unitNumber}` },
      },
    ]);
    expect(await shown(caseId)).toEqual({
      __typename: 'Case',
      id: caseId,
      propertyProofs: [proof],
      properties: [{ unitNumber: FLAT.unitNumber }, { unitNumber: SHARED_HOUSE.unitNumber }],
    });
  });

  it('has a cover sheet of ours, with the number and a code that leads to where it is checked', async () => {
    const proof = await desk.printed(await desk.newCase());
    expect(proof.checkAddress).toBe(`${PUBLIC_URL}/check/${proof.number}`);
    expect(proof.checkCode).toMatch(/^<svg .*<\/svg>$/);
    const sheet = Buffer.from(proof.coverSheet, 'base64');
    expect(sheet.subarray(0, 5).toString()).toBe('%PDF-');
    expect(proof.coverSheet).not.toBe(proof.document);
  });

  it('has no cover sheet where nobody has said how people reach this program', async () => {
    const unreachable = await openDesk({
      registry: desk.registry,
      store: desk.store,
      settings: { publicUrl: undefined },
    });
    const proof = await unreachable.printed(await unreachable.newCase());
    expect(proof).toMatchObject({ coverSheet: null, checkAddress: null, checkCode: null });
    expect(sha256(proof.document)).toBe(proof.digest);
    await unreachable.close();
  });

  it('tells how the registry itself checks it', async () => {
    const proof = await desk.printed(await desk.newCase());
    expect(proof.registryCheckAddress).toBe(`https://bdc.example.invalid/v?n=${proof.number}`);
    expect(proof.registryCheckCharacters).toMatch(/^[A-Z2-9]{6}$/);
  });

  it('is for people with names of fifty characters and rare ones too', async () => {
    const { statement, coverSheet } = await desk.printed(await desk.newCase(LONG_NAME));
    expect(statement).toBe('截至查询时间，未查询到名下登记不动产');
    expect(Buffer.from(coverSheet, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('of several megabytes is delivered unchanged', async () => {
    desk.act('print-large', { bytes: 8_000_000 });
    const proof = await desk.printed(await desk.newCase());
    const document = Buffer.from(proof.document, 'base64');
    expect([document.length, sha256(proof.document)]).toEqual([8_000_000, proof.digest]);
  });

  it('of thirty megabytes is refused in clear words, and nothing of it is kept', async () => {
    const caseId = await desk.newCase();
    const form = { idempotencyKey: randomUUID() };
    desk.act('print-large', { bytes: 30_000_000 });
    const answer = await desk.request(caseId, form);
    expect(errorOf(answer)).toMatchObject({ code: 'TOO_COMPLEX', department: 'real-estate' });
    expect(answer.errors?.[0]?.message).toContain('larger than is taken here');
    expect([await desk.sent(caseId), (await shown(caseId)).propertyProofs]).toEqual([['not-sent'], []]);
    const { number } = await desk.printed(caseId, form);
    expect((await shown(caseId)).propertyProofs).toMatchObject([{ number }]);
  });

  it('is each case’s own where the registry gave a number twice', async () => {
    const twice = await openDesk();
    const proofs = [];
    for (const applicant of [SUN, LI]) {
      const caseId = await twice.newCase(applicant);
      proofs.push({ caseId, proof: await twice.printed(caseId) });
      twice.registry.simulator.reset();
    }
    const [first, second] = proofs.map(({ proof }) => proof);
    expect([second.number, second.digest === first.digest]).toEqual([first.number, false]);
    for (const { caseId, proof } of proofs) {
      const { data } = await twice.realestate.entities(
        [{ __typename: 'Case', id: caseId }],
        'propertyProofs { digest document }',
      );
      expect(data._entities[0].propertyProofs).toEqual([{ digest: proof.digest, document: proof.document }]);
      const check = await twice.check(proof.number, proof.digest);
      expect(check.data.checkProof).toMatchObject({ issuedHere: true, unaltered: true });
    }
    await twice.close();
  });

  it('is kept encrypted: neither the file nor the name stands in the store', async () => {
    const proof = await desk.printed(await desk.newCase());
    const [document] = await desk.store.documents.byNumber(proof.number);
    expect(document?.digest).toBe(proof.digest);
    const [row] = await desk.store.write((tx) =>
      tx.selectFrom('document').selectAll().where('number', '=', proof.number).execute(),
    );
    for (const sealed of [row?.bytes_sealed, row?.facts_sealed]) {
      const text = Buffer.from(sealed as Uint8Array).toString('latin1');
      expect(text).not.toContain('%PDF');
      expect(text).not.toContain(proof.document.slice(0, 20));
      expect(text).not.toContain(SUN.idNumber);
    }
  });

  it.each([
    ['certificate', { certificateNumber: FLAT.certificateNumber.replace('(', '（').replace(')', '）') }],
    ['unit', { unitNumber: FLAT.unitNumber }],
  ])('of one house, by its %s, is about that house', async (_, over) => {
    const caseId = await desk.newCase();
    const proof = await desk.printed(caseId, over);
    expect([proof.houses, proof.statement]).toEqual([1, '截至查询时间，名下登记不动产1处']);
    const [reference] = (await desk.store.registry.references([caseId])).get(caseId) ?? [];
    expect(reference?.values).toEqual({ unitNumber: FLAT.unitNumber, certificateNumber: FLAT.certificateNumber });
    expect((await shown(caseId)).properties).toEqual([{ unitNumber: FLAT.unitNumber }]);
  });

  it('about houses says how many dwellings there are in this district, or none', async () => {
    const some = await desk.printed(await desk.newCase(LI), { kind: 'HOUSING', purpose: 'HOUSING_SUPPORT' });
    expect(some).toMatchObject({ kind: 'HOUSING', name: '有房无房证明', houses: MANY_FLATS.length });
    const none = await desk.printed(await desk.newCase(CHEN), { kind: 'HOUSING' });
    expect(none).toMatchObject({ houses: 0, statement: '截至查询时间，在咸安区行政区域内未查询到住房登记信息' });
  });

  it.each<[string, object, string]>([
    ['another’s certificate', { certificateNumber: MANY_FLATS[0]?.certificateNumber }, 'input.certificateNumber'],
    ['another’s unit', { unitNumber: MANY_FLATS[0]?.unitNumber }, 'input.unitNumber'],
    ['a company’s unit', { unitNumber: SHOP.unitNumber }, 'input.unitNumber'],
    ['a unit that there is not', { unitNumber: '421202001002GB00012F00039999' }, 'input.unitNumber'],
    ['a malformed certificate number', { certificateNumber: '鄂(2022)咸安区不动产权' }, 'input.certificateNumber'],
    ['an older paper', { certificateNumber: OLD_RECORD.certificateNumber }, 'input.certificateNumber'],
    [
      'certificate and unit',
      { certificateNumber: FLAT.certificateNumber, unitNumber: FLAT.unitNumber },
      'input.unitNumber',
    ],
    ['one house for a housing certificate', { kind: 'HOUSING', unitNumber: FLAT.unitNumber }, 'input.unitNumber'],
    ['an account that nobody has', { operator: 'nobody' }, 'input.operator'],
    ['no key', { idempotencyKey: null }, 'input.idempotencyKey'],
  ])('for %s is refused and nothing is printed', async (_, over, field) => {
    const caseId = await desk.newCase();
    const answer = await desk.request(caseId, over);
    expect(errorOf(answer)).toMatchObject({ code: 'INVALID_INPUT', field });
    expect(desk.core.calls.calls.PrintQueryProof).toBeUndefined();
    expect([desk.papers(), await desk.events(caseId)]).toEqual([[], []]);
  });

  it.each([27, 29])('for a unit number of %i characters is refused before anything is asked', async (length) => {
    const { errors } = await desk.request(await desk.newCase(), { unitNumber: `${FLAT.unitNumber}0`.slice(0, length) });
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }]);
    expect(errors?.[0]?.message).toContain('28 characters');
    expect(desk.core.calls.total).toBe(0);
  });

  it('for a name that does not go with the number is refused by the registry, and nothing is kept', async () => {
    const caseId = await desk.newCase({ ...SUN, name: '孙龑' });
    expect(errorOf(await desk.request(caseId))).toMatchObject({ code: 'DEPARTMENT_REJECTED', departmentCode: '2001' });
    expect([await desk.sent(caseId), await desk.events(caseId), desk.papers()]).toEqual([[], [], []]);
  });

  it.each([{ unitNumber: SHOP.unitNumber }, { certificateNumber: SHOP.certificateNumber }])(
    'asks the registry about the applicant only, never for a house of another: %j',
    async (over) => {
      await desk.request(await desk.newCase(), over);
      expect(desk.core.calls.calls).toEqual({ QueryByOwner: 1 });
    },
  );

  it('does not tell a house of another from one that there is not', async () => {
    const words = async (unitNumber: string) =>
      (await desk.request(await desk.newCase(), { unitNumber })).errors?.[0]?.message;
    expect(await words(SHOP.unitNumber)).toBe(await words('421202001002GB00012F00039999'));
    expect(await words(SHOP.unitNumber)).not.toContain(COMPANY.name);
  });

  it('of a house held by shares is for each of its owners', async () => {
    for (const owner of [SUN, XIONG]) {
      const proof = await desk.printed(await desk.newCase(owner), { unitNumber: SHARED_HOUSE.unitNumber });
      expect(proof.houses).toBe(1);
    }
  });

  it('is not printed for a case of another item, one that has ended, nor a second time for one case', async () => {
    for (const over of [{ itemId: 'S01' }, { status: '3' }]) {
      const caseId = await desk.newCase(SUN, over);
      expect(errorOf(await desk.request(caseId))).toMatchObject({ code: 'INVALID_INPUT', field: 'input.caseId' });
    }
    const caseId = await desk.newCase();
    const { number } = await desk.printed(caseId);
    expect(errorOf(await desk.request(caseId))).toMatchObject({ code: 'INVALID_INPUT', field: 'input.caseId' });
    expect(desk.papers()).toEqual([number]);
  });

  it('asked for again with the same key is the same; with other content the key is taken', async () => {
    const caseId = await desk.newCase();
    const idempotencyKey = randomUUID();
    const proof = await desk.printed(caseId, { idempotencyKey });
    expect(await desk.printed(caseId, { idempotencyKey })).toEqual(proof);
    const other = await desk.request(caseId, { idempotencyKey, kind: 'HOUSING' });
    expect(errorOf(other).code).toBe('IDEMPOTENCY_CONFLICT');
    expect(desk.papers()).toHaveLength(1);
  });

  it('asked for twice at once is printed once', async () => {
    const caseId = await desk.newCase();
    const answers = await Promise.all([desk.request(caseId), desk.request(caseId)]);
    expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(1);
    expect(desk.papers()).toHaveLength(1);
    expect(await desk.events(caseId)).toEqual(['proof-requested', 'proof-issued']);
  });
});

describe('a check', () => {
  it('finds a proof that was issued here and is unaltered', async () => {
    const { number, digest, issuedAt, validUntil } = await desk.printed(await desk.newCase());
    for (const written of [digest, digest.toUpperCase()]) {
      const { data } = await desk.check(number.toLowerCase(), written);
      expect(data.checkProof).toEqual({ issuedHere: true, unaltered: true, issuedAt, validUntil });
    }
  });

  it('finds out an altered file and a number that was never issued, and tells nothing else', async () => {
    const { number, digest } = await desk.printed(await desk.newCase());
    const untold = { unaltered: false, issuedAt: null, validUntil: null };
    const altered = await desk.check(
      number,
      digest.replace(/^./, (first: string) => (first === '0' ? '1' : '0')),
    );
    expect(altered.data.checkProof).toEqual({ issuedHere: true, ...untold });
    const unknown = await desk.check('XA20990101999999', digest);
    expect(unknown.data.checkProof).toEqual({ issuedHere: false, ...untold });
  });

  it.each([
    ['number', SUN.idNumber, 'a'.repeat(64)],
    ['digest', 'XA20260316000017', 'none'],
  ])('of a malformed %s is refused without repeating it', async (field, number, digest) => {
    const answer = await desk.check(number, digest);
    expect(errorOf(answer)).toMatchObject({ code: 'INVALID_INPUT', field });
    expect(JSON.stringify(answer.errors)).not.toContain(SUN.idNumber);
  });
});
