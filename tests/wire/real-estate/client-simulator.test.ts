import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { RealEstateClient } from '../../../adapters/real-estate/client.ts';
import type { FeeLink } from '../../../adapters/real-estate/records/fee.ts';
import { memoryCounter } from '../../../adapters/transport/counter.ts';
import type { CallRecord } from '../../../adapters/transport/observe.ts';
import { fen } from '../../../adapters/values/fen.ts';
import type { PropertySeed } from '../../../seeds/model.ts';
import {
  clientOf,
  FLAT_UNIT,
  HOUSE,
  LI,
  ownerQuery,
  peopleWith,
  REGISTRATION,
  SEIZED_FLAT,
  SHARED,
  SHARED_UNIT,
  SUN,
  startRegistry,
  ZHAO,
} from './fixture.ts';

let registry: Awaited<ReturnType<typeof startRegistry>>;
let client: RealEstateClient;
let calls: CallRecord[];

beforeEach(async () => {
  registry = await startRegistry(peopleWith([SEIZED_FLAT, HOUSE, SHARED], [REGISTRATION]));
  calls = [];
  client = clientOf(registry.url, {}, { observer: (record) => calls.push(record) });
});

const LINK: FeeLink = {
  acceptanceNumber: REGISTRATION.acceptanceNumber,
  payCode: '42120226300000001002',
  qrCodeUrl: 'https://pay.example.invalid/fs/qrcode?billId=42120226300000001002&a=<b>',
  codeMadeAt: '2026-03-16 09:20:11',
  items: [{ code: '103043211', name: '不动产登记费', unitPriceFen: fen(8_000), quantity: 1, amountFen: fen(8_000) }],
};
const PAYMENT = {
  acceptanceNumber: LINK.acceptanceNumber,
  payCode: LINK.payCode,
  paidAt: '2026-03-16 10:33:22',
  tradeNumber: '2026031622001400000000000001',
  totalFen: fen(8_000),
};

describe('queries', () => {
  test('an owner’s properties come with mortgages, seizures and exact amounts', async () => {
    const result = await client.propertiesByOwner(ownerQuery(SUN));
    expect(result).toMatchObject({ total: 2, page: 1, records: [{ unitNumber: FLAT_UNIT, seized: true }, {}] });
    expect(result.records[0]?.mortgages[0]?.secured).toEqual({
      amountFen: 52_000_000,
      text: '52',
      unit: '万元',
      unitMissing: false,
    });
    expect(result.records[1]?.location).toContain('𠮷塘村');
  });

  test('a person without property gets an answer, not an error', async () => {
    registry = await startRegistry(peopleWith([]));
    const empty = clientOf(registry.url);
    expect(await empty.propertiesByOwner(ownerQuery(LI))).toMatchObject({ total: 0, records: [] });
  });

  test('the entries that the registry repeats for each owner are folded into one record', async () => {
    const { total, records } = await client.propertiesByOwner(ownerQuery(ZHAO));
    expect(total).toBe(2);
    expect(records).toHaveLength(1);
    expect(records[0]?.owners).toMatchObject([
      { sequence: 1, name: ZHAO.name, idNumber: ZHAO.idNumber },
      { sequence: 2, name: LI.name, idNumber: null, idNumberAsShown: '421202********1450' },
    ]);
  });

  test('historical entries stay apart from current ones', async () => {
    registry.act('transfer', { unitNumber: SHARED_UNIT, toIdNumber: ZHAO.idNumber });
    const { records } = await client.propertiesByOwner(ownerQuery(ZHAO));
    expect(records.filter(({ state }) => state === '1')).toHaveLength(1);
    expect(records.filter(({ state }) => state === '2')).toHaveLength(2);
  });

  test('all pages are fetched unless one is asked for', async () => {
    const many = Array.from({ length: 120 }, (_, index): PropertySeed => {
      const serial = String(index).padStart(4, '0');
      return {
        ...HOUSE,
        unitNumber: `421202003011JC00087F0001${serial}`,
        certificateNumber: `鄂(2019)咸安区不动产权第000${serial}号`,
      };
    });
    registry = await startRegistry(peopleWith(many));
    const other = clientOf(registry.url);
    const all = await other.propertiesByOwner(ownerQuery(SUN));
    expect(all).toMatchObject({ total: 120, page: 1, size: 50, queryNumber: expect.stringMatching(/00001$/) });
    expect(all.records.map(({ unitNumber }) => unitNumber)).toEqual(many.map(({ unitNumber }) => unitNumber));
    expect(registry.core.calls.calls).toEqual({ QueryByOwner: 3 });
    const second = await other.propertiesByOwner({ ...ownerQuery(SUN), page: 2, size: 30 });
    expect(second.records[0]?.unitNumber).toBe(many[30]?.unitNumber);
    expect(second).toMatchObject({ total: 120, page: 2, size: 30 });
  });

  test('more pages than are fetched by themselves are refused instead of given in part', async () => {
    const many = Array.from(
      { length: 21 },
      (_, index): PropertySeed => ({
        ...HOUSE,
        certificateNumber: `鄂(2019)咸安区不动产权第00${String(index).padStart(5, '0')}号`,
      }),
    );
    registry = await startRegistry(peopleWith(many));
    const other = clientOf(registry.url);
    await expect(other.propertiesByOwner({ ...ownerQuery(SUN), size: 1 })).rejects.toMatchObject({
      code: 'TOO_COMPLEX',
    });
  });

  test('a certificate number is normalised and needs an owner’s name', async () => {
    const query = { ...ownerQuery(SUN), certificateNumber: ' 鄂（2022）咸安区不动产权第0001234号' };
    expect(await client.propertiesByCertificate(query)).toMatchObject({
      total: 1,
      records: [{ unitNumber: FLAT_UNIT }],
    });
    expect(await client.propertiesByCertificate({ ...query, name: LI.name })).toMatchObject({ total: 0 });
  });

  test('a unit is found by its number in display form', async () => {
    const query = { ...ownerQuery(SUN), unitNumber: '421202 001002 GB00012 F00030402' };
    expect(await client.propertiesByUnit(query)).toMatchObject({
      total: 1,
      records: [{ owners: [{ idNumber: SUN.idNumber }] }],
    });
  });

  test('a mortgage without a unit keeps its text and gets no amount', async () => {
    registry.act('mortgage', { unitNumber: SHARED_UNIT, amountFen: 30_000_000, unit: '', kind: '2' });
    const { records } = await client.propertiesByUnit({ ...ownerQuery(SUN), unitNumber: SHARED_UNIT });
    expect(records[0]?.mortgages).toMatchObject([
      { secured: null, maximum: { amountFen: null, text: '30', unit: null, unitMissing: true } },
    ]);
  });

  test('an older paper keeps its free text, an older unit none', async () => {
    const old = {
      ...HOUSE,
      unitNumber: '',
      certificateNumber: '房产证号:咸房权证字第00871号、',
      registeredAt: '1998-05-06',
      priceFen: null,
      landUseEnd: null,
    };
    registry = await startRegistry(peopleWith([old]));
    const other = clientOf(registry.url);
    expect((await other.propertiesByOwner(ownerQuery(SUN))).records).toMatchObject([
      {
        unitNumber: null,
        certificateNumber: '房产证号:咸房权证字第00871号、',
        olderPaper: true,
        registeredAt: '1998-05-06T00:00:00+08:00',
        priceFen: null,
        landUseEnd: null,
      },
    ]);
  });

  describe('a property under the 15-digit number of its owner', () => {
    const OLD: PropertySeed = {
      ...HOUSE,
      owners: [{ name: SUN.name, idNumber: '421202880305621', ownership: '0', share: '100%', holdsCertificate: true }],
    };

    test.each([
      [true, 1, 2],
      [false, 0, 1],
    ])('with repeatWithFifteenDigits %s: %d found in %d calls', async (repeatWithFifteenDigits, total, sent) => {
      registry = await startRegistry(peopleWith([OLD]));
      const other = clientOf(registry.url, { repeatWithFifteenDigits });
      expect((await other.propertiesByOwner(ownerQuery(SUN))).total).toBe(total);
      expect(registry.core.calls.total).toBe(sent);
    });

    test('is printed for the person under the number of today', async () => {
      registry = await startRegistry(peopleWith([OLD]));
      const other = clientOf(registry.url, { repeatWithFifteenDigits: true });
      const { queryNumber } = await other.propertiesByOwner(ownerQuery(SUN));
      const proof = await other.printHousingProof({ ...SUN, queryNumber, purpose: '3', districts: ['421202'] });
      expect(proof).toMatchObject({ idNumber: SUN.idNumber, records: 1 });
    });
  });
});

describe('prints', () => {
  test('a query’s certificate comes with its document, checked', async () => {
    const { queryNumber } = await client.propertiesByOwner(ownerQuery(SUN));
    const proof = await client.printQueryProof({ ...SUN, queryNumber, purpose: '1' });
    expect(proof).toMatchObject({ kind: '1', queryNumber, name: SUN.name, idNumber: SUN.idNumber, records: 2 });
    expect(createHash('sha256').update(proof.pdf).digest('hex')).toBe(proof.sha256);
    expect(Buffer.from(proof.pdf).subarray(0, 5).toString()).toBe('%PDF-');
    expect(registry.core.ledger).toMatchObject([{ kind: 'proof-printed', reference: proof.proofNumber }]);
  });

  test('a housing certificate tells the area searched', async () => {
    const { queryNumber } = await client.propertiesByOwner(ownerQuery(LI));
    const proof = await client.printHousingProof({ ...LI, queryNumber, purpose: '3', districts: ['421202'] });
    expect(proof).toMatchObject({ kind: '3', records: 1, statement: expect.stringContaining('咸安区行政区域内') });
  });

  test('a certificate that is being made is asked for again with the same query', async () => {
    const { queryNumber } = await client.propertiesByOwner(ownerQuery(SUN));
    registry.act('making-proof', { times: 3 });
    const proof = await client.printQueryProof({ ...SUN, queryNumber, purpose: '1' });
    expect(proof.queryNumber).toBe(queryNumber);
    expect(registry.core.calls.calls).toMatchObject({ PrintQueryProof: 4 });
    expect(registry.core.ledger).toHaveLength(1);
  });

  test('a certificate that is still being made after the last pause is busy', async () => {
    const { queryNumber } = await client.propertiesByOwner(ownerQuery(SUN));
    registry.act('making-proof', { times: 4 });
    await expect(client.printQueryProof({ ...SUN, queryNumber, purpose: '1' })).rejects.toMatchObject({
      code: 'DEPARTMENT_BUSY',
      details: { departmentCode: '3001', retryAfterMs: 3, department: 'real-estate' },
    });
  });
});

describe('fees', () => {
  test('a fee is linked, paid and receipted, and repeating any step changes nothing', async () => {
    const key = { acceptanceNumber: LINK.acceptanceNumber, payCode: LINK.payCode, totalFen: 8_000 };
    const receipted = { ...PAYMENT, eReceipt: { code: '42010126', number: '0000012345' } };
    expect(await client.linkFee(LINK)).toEqual({ ...key, paid: false });
    expect(await client.linkFee(LINK)).toEqual({ ...key, paid: false });
    expect(await client.markFeePaid(PAYMENT)).toEqual({ ...key, paid: true });
    expect(await client.markFeePaid(PAYMENT)).toEqual({ ...key, paid: true });
    expect(await client.markFeePaid(receipted)).toEqual({ ...key, paid: true });
    expect(await client.markFeePaid(receipted)).toEqual({ ...key, paid: true });
    expect(registry.core.ledger.map(({ kind }) => kind)).toEqual(['fee-linked', 'fee-paid', 'receipt-told']);
  });

  test('an unknown application is NOT_FOUND with the registry’s code', async () => {
    await expect(client.linkFee({ ...LINK, acceptanceNumber: '202603169999' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: {
        departmentCode: '2005',
        department: 'real-estate',
        reference: expect.stringMatching(/^421202\d{12}$/),
      },
    });
  });

  test('a wrong total is rejected and not done', async () => {
    const items = [{ ...LINK.items[0], unitPriceFen: fen(55_000), amountFen: fen(55_000) }] as FeeLink['items'];
    await expect(client.linkFee({ ...LINK, items })).rejects.toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      details: { departmentCode: '2004' },
    });
    expect(registry.core.ledger).toEqual([]);
  });
});

describe('messages', () => {
  test('ids are division, day in China and a serial, and observers get them as references', async () => {
    await client.propertiesByOwner(ownerQuery(SUN));
    await client.propertiesByOwner(ownerQuery(ZHAO));
    const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(2, 10).replaceAll('-', '');
    expect(calls).toMatchObject([
      { transaction: 'QueryByOwner', mode: 'read', outcome: 'OK', reference: `421202${day}000001` },
      { transaction: 'QueryByOwner', mode: 'read', outcome: 'OK', reference: `421202${day}000002` },
    ]);
  });

  test('an id that another process used is replaced once', async () => {
    const twin = clientOf(registry.url);
    await twin.propertiesByOwner(ownerQuery(SUN));
    expect(await client.propertiesByOwner(ownerQuery(SUN))).toMatchObject({ total: 2 });
    expect(registry.core.calls.total).toBe(3);
  });

  test('an id refused twice ends the call', async () => {
    const twin = clientOf(registry.url);
    await twin.propertiesByOwner(ownerQuery(SUN));
    await twin.propertiesByOwner(ownerQuery(SUN));
    await expect(client.propertiesByOwner(ownerQuery(SUN))).rejects.toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      details: { departmentCode: '1006' },
    });
  });

  test.each([
    ['a read', (slow: RealEstateClient) => slow.propertiesByOwner(ownerQuery(SUN)), 'QueryByOwner'],
    ['a write', (slow: RealEstateClient) => slow.linkFee(LINK), 'LinkFee'],
  ])('%s from a wrong clock is corrected by the registry’s time and repeated once', async (_, call, operation) => {
    const slow = clientOf(registry.url, {}, { clock: () => Date.now() - 3_600_000 });
    await call(slow);
    expect(registry.core.calls.calls).toEqual({ [operation]: 2 });
    await slow.propertiesByOwner(ownerQuery(ZHAO)); // the correction stays
    expect(registry.core.calls.total).toBe(3);
  });

  test('after the daily limit nothing more is sent until midnight in China', async () => {
    registry.act('limit-day', { calls: 1 });
    let now = Date.now();
    const other = clientOf(registry.url, {}, { clock: () => now });
    await other.propertiesByOwner(ownerQuery(SUN));
    const busy = { code: 'DEPARTMENT_BUSY', details: { departmentCode: '1102', department: 'real-estate' } };
    await expect(other.propertiesByOwner(ownerQuery(SUN))).rejects.toMatchObject(busy);
    await expect(other.propertiesByOwner(ownerQuery(SUN))).rejects.toMatchObject(busy);
    expect(registry.core.calls.total).toBe(2);
    now += 86_400_000;
    registry.core.setClock(86_400_000);
    expect(await other.propertiesByOwner(ownerQuery(SUN))).toMatchObject({ total: 2 });
  });

  test('the day’s last serial is not passed', async () => {
    const counter = { next: () => Promise.resolve(1_000_000) };
    const other = clientOf(registry.url, {}, { counter });
    await expect(other.propertiesByOwner(ownerQuery(SUN))).rejects.toMatchObject({
      code: 'DEPARTMENT_BUSY',
      details: { retryAfterMs: expect.any(Number) },
    });
  });

  test('no more than four calls are in flight at once', async () => {
    registry.core.addFault({ kind: 'delay', delayMs: 30 });
    await Promise.all(Array.from({ length: 12 }, () => client.propertiesByOwner(ownerQuery(SUN))));
    expect(registry.core.calls).toMatchObject({ total: 12, highestInFlight: 4 });
  });

  test('the serials of different days are different series', async () => {
    const asked: string[] = [];
    const counter = memoryCounter();
    const spy = {
      next(series: string) {
        asked.push(series);
        return counter.next(series);
      },
    };
    const clock = Date.parse('2026-03-16T23:59:59+08:00');
    registry.core.setClock(clock - Date.now());
    let now = clock;
    const other = clientOf(registry.url, {}, { counter: spy, clock: () => now });
    await other.propertiesByOwner(ownerQuery(SUN));
    now += 2_000;
    await other.propertiesByOwner(ownerQuery(SUN));
    expect(asked).toEqual(['real-estate/421202/2026-03-16', 'real-estate/421202/2026-03-17']);
  });
});

describe('input is refused before anything is sent', () => {
  const query = ownerQuery(SUN);
  const print = { ...SUN, queryNumber: 'CX2026031600017', purpose: '1' };

  test.each<[string, (client: RealEstateClient) => Promise<unknown>]>([
    ['idNumber', (c) => c.propertiesByOwner({ ...query, idNumber: '421202198803056218' })],
    ['idType', (c) => c.propertiesByOwner({ ...query, idType: '8' })],
    ['name', (c) => c.propertiesByOwner({ ...query, name: '' })],
    ['name', (c) => c.propertiesByOwner({ ...query, name: '孙\u0000' })],
    ['name', (c) => c.propertiesByOwner({ ...query, name: '\ud842' })],
    ['purpose', (c) => c.propertiesByOwner({ ...query, purpose: '' })],
    ['applicationForm', (c) => c.propertiesByOwner({ ...query, applicationForm: '' })],
    ['page', (c) => c.propertiesByOwner({ ...query, page: 0 })],
    ['size', (c) => c.propertiesByOwner({ ...query, size: 51 })],
    ['certificateNumber', (c) => c.propertiesByCertificate({ ...query, certificateNumber: '国用(1998)第12号' })],
    ['unitNumber', (c) => c.propertiesByUnit({ ...query, unitNumber: '4212020010021200012000030402' })],
    ['queryNumber', (c) => c.printQueryProof({ ...print, queryNumber: 'CX1' })],
    ['districts', (c) => c.printHousingProof({ ...print, districts: [] })],
    ['districts', (c) => c.printHousingProof({ ...print, districts: ['421202', '42'] })],
    ['acceptanceNumber', (c) => c.linkFee({ ...LINK, acceptanceNumber: '20260316007' })],
    ['payCode', (c) => c.linkFee({ ...LINK, payCode: '4212022600001001' })],
    ['items', (c) => c.linkFee({ ...LINK, items: [] })],
    ['codeMadeAt', (c) => c.linkFee({ ...LINK, codeMadeAt: '2026-02-30 00:00:00' })],
    ['tradeNumber', (c) => c.markFeePaid({ ...PAYMENT, tradeNumber: '' })],
    ['totalFen', (c) => c.markFeePaid({ ...PAYMENT, totalFen: fen(0) })],
    ['eReceipt.number', (c) => c.markFeePaid({ ...PAYMENT, eReceipt: { code: '42010126', number: '12345' } })],
  ])('%s (%#)', async (field, call) => {
    const error = await call(client).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'INVALID_INPUT', details: { field } });
    expect(String(error)).not.toMatch(/\d{7}/);
    expect(registry.core.calls.total).toBe(0);
  });

  test('a full-width ID number with a small x is put right and sent', async () => {
    expect(await client.propertiesByOwner({ ...query, idNumber: '４21202198803056219' })).toMatchObject({ total: 2 });
  });
});

test('the client’s errors tell no name and no number', async () => {
  const error = await client.propertiesByOwner({ ...ownerQuery(SUN), name: '别人' }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'DEPARTMENT_REJECTED', details: { departmentCode: '2001' } });
  expect(String(error)).not.toContain('别人');
  expect(String(error)).not.toContain(SUN.idNumber);
  expect(String(error)).not.toContain('姓名与证件号码不一致');
});
