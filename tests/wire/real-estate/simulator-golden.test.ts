import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { RealEstateSimulatorOptions } from '../../../adapters/real-estate/simulator.ts';
import type { PropertySeed, RegistrationSeed } from '../../../seeds/model.ts';
import {
  FLAT,
  GOLDEN_KEY,
  GOLDEN_TIME,
  golden,
  HOUSE,
  MANIFEST,
  outcome,
  peopleWith,
  post,
  REGISTRATION,
  REGISTRY_PUBLIC,
  SEIZED_FLAT,
  signedBy,
  startRegistry,
} from './fixture.ts';

/** What stood before each golden request, for each file stands alone (wire spec section 8). */
interface Before {
  readonly properties?: readonly PropertySeed[];
  readonly registrations?: readonly RegistrationSeed[];
  readonly serialsUsed?: RealEstateSimulatorOptions['serialsUsed'];
  /** Golden requests sent first. */
  readonly sent?: readonly string[];
}

const LINKED = { ...REGISTRATION, payCode: '42120226300000001002' };

const BEFORE: Record<string, Before> = {
  '01-query-by-owner': { properties: [SEIZED_FLAT, HOUSE], serialsUsed: { query: 16 } },
  '02-query-by-cert': { properties: [FLAT, HOUSE], serialsUsed: { query: 17 } },
  '04-query-none': { properties: [FLAT, HOUSE], serialsUsed: { query: 19 } },
  '05-print-proof': {
    properties: [SEIZED_FLAT, HOUSE],
    serialsUsed: { query: 16, proof: 16 },
    sent: ['01-query-by-owner'],
  },
  '06-house-proof-none': {
    properties: [FLAT, HOUSE],
    serialsUsed: { query: 19, proof: 17 },
    sent: ['04-query-none'],
  },
  '07-link-fee': { registrations: [REGISTRATION] },
  '08-fee-paid': { registrations: [LINKED] },
  '10-unit-invalid': {},
  '11-bad-sign': {},
};

async function answerTo(name: string, { properties = [], registrations = [], serialsUsed = {}, sent = [] }: Before) {
  const registry = await startRegistry(peopleWith(properties, registrations), {
    at: GOLDEN_TIME,
    gatewayPublicKey: GOLDEN_KEY.export({ type: 'spki', format: 'pem' }).toString(),
    serialsUsed,
  });
  const send = (file: string) => {
    const operation = MANIFEST.files.find((entry) => entry.file === `${file}.request.xml`)?.operation ?? '';
    return post(registry.url, operation, new Uint8Array(golden(`${file}.request.xml`)));
  };
  for (const file of sent) await send(file);
  return { answer: await send(name), registry };
}

/** What depends on the registry's key and clock, and on the document it makes, is compared by its shape. */
function shape(answer: string): string {
  return answer
    .replace(/(&lt;DigitalSign&gt;)[0-9a-f]+(?=&lt;)/, '$1SIGNATURE')
    .replace(/(&lt;CreateDate&gt;)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?=&lt;)/, '$1TIME')
    .replace(/( (?:CXSJ|ZMSJ)=")\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00(?=")/, '$1TIME')
    .replace(/( YZM=")[A-Z2-9]{6}(?=")/, '$1CHECK')
    .replace(/( Sha256=")[0-9a-f]{64}("&gt;)[A-Za-z0-9+/]+=*(?=&lt;\/PDF)/, '$1DIGEST$2DOCUMENT');
}

describe('the simulator answers golden requests sent as they are', () => {
  test.each(Object.keys(BEFORE))('%s', async (name) => {
    const { answer } = await answerTo(name, BEFORE[name] ?? {});
    expect(answer.type).toBe('text/xml; charset=utf-8');
    expect(answer.status).toBe(name.startsWith('11') ? 500 : 200);
    expect(shape(answer.text)).toBe(shape(golden(`${name}.response.xml`).toString('utf8')));
  });

  test('covers every golden request', () => {
    const requests = MANIFEST.files.filter(({ file }) => file.endsWith('.request.xml'));
    expect(Object.keys(BEFORE)).toEqual(requests.map(({ file }) => file.replace('.request.xml', '')));
  });

  test.each(Object.keys(BEFORE).filter((name) => !name.startsWith('11')))('%s is signed with its key', async (name) => {
    const { answer } = await answerTo(name, BEFORE[name] ?? {});
    expect(signedBy(outcome(answer.text).message, REGISTRY_PUBLIC)).toBe(true);
  });

  test('the document of 05 has the digest that its answer tells', async () => {
    const { answer } = await answerTo('05-print-proof', BEFORE['05-print-proof'] ?? {});
    const [, digest, base64 = ''] = /Sha256="([0-9a-f]{64})">([^<]+)</.exec(outcome(answer.text).message) ?? [];
    const pdf = Buffer.from(base64, 'base64');
    expect(createHash('sha256').update(pdf).digest('hex')).toBe(digest);
  });

  test('a fee that was linked and paid stands in the ledger once, however often it was told', async () => {
    const { registry } = await answerTo('08-fee-paid', { registrations: [REGISTRATION], sent: ['07-link-fee'] });
    expect(registry.core.ledger.map(({ kind, reference, amountFen }) => ({ kind, reference, amountFen }))).toEqual([
      { kind: 'fee-linked', reference: '202603160007', amountFen: 8_000 },
      { kind: 'fee-paid', reference: '202603160007', amountFen: 8_000 },
      { kind: 'receipt-told', reference: '202603160007', amountFen: 8_000 },
    ]);
  });
});
