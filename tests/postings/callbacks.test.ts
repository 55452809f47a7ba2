import { randomUUID, webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type MedicalDesk, openMedicalDesk } from '../subgraphs/fixture/medical-desk.ts';
import { admissionForm, feesForm, referralForm, settlementForm, TOTAL } from '../subgraphs/fixture/medical-forms.ts';
import { feesOf, HOSPITAL, maternityEntry, referralEntry } from './fixture/entries.ts';
import { type Delivery, type HospitalAddress, openHospitalAddress } from './fixture/hospital-address.ts';

const KEY = readFileSync(new URL('../../seeds/sandbox-keys/postings.private.pem', import.meta.url), 'utf8');

let address: HospitalAddress;
let desk: MedicalDesk;
let aheadMs = 0;

beforeAll(async () => {
  address = await openHospitalAddress();
  desk = await openMedicalDesk({
    settings: {
      takingBack: { enabled: true },
      postings: { signingKeys: [KEY], hospitals: [{ code: HOSPITAL, callback: address.url }] },
    },
  });
  aheadMs = desk.core.now() - Date.now();
});

afterEach(() => {
  address.replies(204);
  address.deliveries.length = 0;
  desk.medical.takeFaults();
});

afterAll(async () => {
  await desk.close();
  await address.close();
});

const FIELDS =
  'id state outcome { __typename ... on PostedReferral { serial } } callback { state attempts deliveredAt }';

async function post(entry: { readonly kind: string }, over: object = {}): Promise<string> {
  const { kind, ...input } = entry;
  const mutation = kind === 'REFERRAL' ? 'postReferral' : 'postMaternitySettlement';
  const type = kind === 'REFERRAL' ? 'PostReferralInput' : 'PostMaternitySettlementInput';
  const { data, errors } = await desk.medical.ask(
    `mutation ($input: ${type}!) { ${mutation}(input: $input) { result posting { id } } }`,
    { input: { operator: 'hospital', ...input, ...over } },
  );
  expect(errors).toBeUndefined();
  return data[mutation].posting.id;
}

async function posting(id: string) {
  const { data } = await desk.medical.ask(`query ($id: ID!) { posting(id: $id) { ${FIELDS} } }`, { id });
  return data.posting;
}

const becomes = (id: string, state: string) =>
  vi.waitFor(async () => expect((await posting(id)).state).toBe(state), { timeout: 10_000, interval: 20 });

function pass(ms: number): void {
  aheadMs += ms;
  desk.core.setClock(aheadMs);
}

/** Waits until the hospital was told so often of a posting, letting time pass for the pauses between. */
async function told(id: string, times: number, passMs = 0): Promise<readonly Delivery[]> {
  const own = () => address.deliveries.filter(({ headers }) => String(headers['webhook-id']).startsWith(id));
  await vi.waitFor(
    () => {
      pass(passMs);
      expect(own().length).toBeGreaterThanOrEqual(times);
    },
    { timeout: 10_000, interval: 50 },
  );
  return own();
}

const callbackBecomes = (id: string, state: string, passMs = 0) =>
  vi.waitFor(
    async () => {
      pass(passMs);
      expect((await posting(id)).callback).toMatchObject({ state });
    },
    { timeout: 10_000, interval: 50 },
  );

async function cancel(id: string): Promise<void> {
  const { errors } = await desk.medical.ask(
    'mutation ($input: CancelPostingInput!) { cancelPosting(input: $input) { posting { id } } }',
    { input: { operator: 'hospital', posting: id, reason: '患者放弃', idempotencyKey: randomUUID() } },
  );
  expect(errors).toBeUndefined();
}

describe('a hospital with an address', () => {
  it('is told once of what was settled, signed with the published key', async () => {
    const id = await post(referralEntry(desk.patient()));
    const [delivery, ...more] = await told(id, 1);
    expect(more).toEqual([]);
    if (!delivery) throw new Error('nothing was delivered');
    const { headers, body } = delivery;
    expect(headers['content-type']).toContain('application/json');
    expect(headers['webhook-id']).toBe(`${id}.1`);
    const [version, signature = ''] = String(headers['webhook-signature']).split(',');
    expect(version).toBe('v1a');
    const { data } = await desk.medical.ask('{ postingKeys { id jwk } }');
    const jwk = JSON.parse(data.postingKeys[0].jwk);
    const key = await webcrypto.subtle.importKey('jwk', jwk, { name: 'Ed25519' }, false, ['verify']);
    const isSigned = (signed: string) =>
      webcrypto.subtle.verify('Ed25519', key, Buffer.from(signature, 'base64'), Buffer.from(signed));
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    expect(await isSigned(signed)).toBe(true);
    expect(await isSigned(`${signed} `)).toBe(false);
    expect(Math.abs(Number(headers['webhook-timestamp']) * 1_000 - desk.core.now())).toBeLessThan(10_000);
    const { state, outcome } = await posting(id);
    expect(JSON.parse(body)).toMatchObject({
      type: 'posting.settled',
      data: { id, hospital: HOSPITAL, kind: 'REFERRAL', state, outcome: { serial: outcome.serial } },
    });
    await callbackBecomes(id, 'DELIVERED');
    expect((await posting(id)).callback).toMatchObject({ attempts: 1, deliveredAt: expect.any(String) });
  });

  it('is told of nobody: neither name, number nor telephone is sent', async () => {
    const person = desk.patient();
    const [delivery] = await told(await post(referralEntry(person)), 1);
    for (const personal of [person.name, person.idNumber, person.psnNo, '13900000104']) {
      expect(delivery?.body).not.toContain(personal);
    }
  });

  it('is told of a rejection and of a cancellation, each under an id of its own', async () => {
    const rejected = await post(referralEntry({ name: '路人甲', idNumber: '421202199011049998' }));
    expect(JSON.parse((await told(rejected, 1))[0]?.body ?? '')).toMatchObject({
      type: 'posting.rejected',
      data: { state: 'REJECTED', failure: { code: 'NOT_INSURED' } },
    });
    const id = await post(referralEntry(desk.patient()));
    await becomes(id, 'SETTLED');
    await cancel(id);
    const both = await told(id, 2);
    expect(both.map(({ headers }) => headers['webhook-id'])).toEqual([`${id}.1`, `${id}.2`]);
    expect(both.map(({ body }) => JSON.parse(body).type)).toEqual(['posting.settled', 'posting.cancelled']);
  });

  it.each([
    ['is away', 'drop'],
    ['fails', 500],
    ['is busy', 503],
  ] as const)(
    'that %s is told again under the same id, with a signature of that moment, until it takes it',
    async (_, reply) => {
      address.replies(reply);
      const id = await post(referralEntry(desk.patient()));
      await told(id, 2, 5_000);
      expect((await posting(id)).callback.state).toBe('PENDING');
      address.replies(204);
      await callbackBecomes(id, 'DELIVERED', 5_000);
      const all = await told(id, 3);
      expect(new Set(all.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
      expect(new Set(all.map(({ body }) => body)).size).toBe(1);
      const stamps = all.map(({ headers }) => Number(headers['webhook-timestamp']));
      expect(stamps).toEqual([...new Set(stamps)].sort((one, other) => one - other));
      expect((await posting(id)).callback.attempts).toBe(all.length);
    },
    15_000,
  );

  it('that wants no more messages (410) is not told again, and can fetch it', async () => {
    address.replies(410);
    const id = await post(referralEntry(desk.patient()));
    await callbackBecomes(id, 'GIVEN_UP');
    expect(await told(id, 1)).toHaveLength(1);
    expect(await posting(id)).toMatchObject({ state: 'SETTLED', callback: { attempts: 1, deliveredAt: null } });
  });

  it('that takes nothing in three days is given up', async () => {
    address.replies(500);
    const id = await post(referralEntry(desk.patient()));
    await told(id, 1);
    pass(3 * 86_400_000 - 60_000);
    await told(id, 2);
    expect((await posting(id)).callback.state).toBe('PENDING');
    await callbackBecomes(id, 'GIVEN_UP', 3_600_000);
  });
});

describe('the case that a posting names', () => {
  it('of a referral has the events and the reference that the counter gives it', async () => {
    const at = { posted: desk.patient(), counter: desk.patient() };
    const posted = await desk.newCase('S11', at.posted);
    const counter = await desk.newCase('S11', at.counter);
    await desk.done('fileReferral', referralForm(counter));
    const id = await post(referralEntry(at.posted), { caseId: posted });
    await becomes(id, 'SETTLED');
    expect(await desk.eventKinds(posted)).toEqual(await desk.eventKinds(counter));
    const [own, others] = [await desk.references(posted), await desk.references(counter)];
    expect(own).toHaveLength(1);
    expect(own[0]).toMatchObject({ system: others[0]?.system, kind: others[0]?.kind });
    expect(Object.keys(own[0]?.values ?? {})).toEqual(Object.keys(others[0]?.values ?? {}));
    await cancel(id);
    await becomes(id, 'CANCELLED');
    const events = await desk.events(posted);
    expect(events.at(-1)).toMatchObject({ kind: 'referral-cancelled', explanation: '患者放弃', operator: 'hospital' });
  });

  it('of a maternity settlement, too', async () => {
    const at = { posted: desk.patient(), counter: desk.patient() };
    const posted = await desk.newCase('S12', at.posted);
    const counter = await desk.newCase('S12', at.counter);
    await desk.done('admitForMaternity', admissionForm(counter));
    await desk.done('uploadMaternityFees', feesForm(counter));
    await desk.done('settleMaternity', settlementForm(counter, { total: TOTAL }));
    const entry = maternityEntry(at.posted, { fees: feesOf(2) });
    const id = await post(entry, { caseId: posted });
    await becomes(id, 'SETTLED');
    const kinds = await desk.eventKinds(posted);
    const given = await desk.eventKinds(counter);
    expect(kinds.filter((kind) => given.includes(kind))).toEqual(given);
    const [own] = await desk.references(posted);
    const others = await desk.references(counter);
    const like = others.find(({ kind }) => kind === 'maternity-settlement');
    expect(own).toMatchObject({ system: like?.system, kind: like?.kind });
    expect(Object.keys(own?.values ?? {})).toEqual(Object.keys(like?.values ?? {}));
    await cancel(id);
    await becomes(id, 'CANCELLED');
    expect((await desk.events(posted)).at(-1)).toMatchObject({ kind: 'maternity-cancelled', explanation: '患者放弃' });
  });

  it('that is taken back before it is sent tells its case nothing', async () => {
    const person = desk.patient();
    const caseId = await desk.newCase('S11', person);
    desk.core.addFault({ match: '1101', kind: 'delay', delayMs: 400, times: 1 });
    const id = await post(referralEntry(person), { caseId });
    await cancel(id);
    await becomes(id, 'CANCELLED');
    expect(await desk.eventKinds(caseId)).toEqual([]);
    expect(desk.kinds(person)).toEqual([]);
  });
});
