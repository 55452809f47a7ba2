import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { envelopeCipher } from '../../../adapters/medical-insurance/envelope-cipher.ts';
import { decode } from '../../../adapters/medical-insurance/errors.ts';
import { admitted, visits } from '../../../adapters/medical-insurance/messages/admission.ts';
import { chronicDiseaseFilings } from '../../../adapters/medical-insurance/messages/chronic-disease.ts';
import { type Reading, readAnswer } from '../../../adapters/medical-insurance/messages/envelope.ts';
import { feeResults } from '../../../adapters/medical-insurance/messages/fees.ts';
import { uploaded } from '../../../adapters/medical-insurance/messages/file.ts';
import { filed } from '../../../adapters/medical-insurance/messages/filing.ts';
import { fixedProviders } from '../../../adapters/medical-insurance/messages/fixed-provider.ts';
import { yuan } from '../../../adapters/medical-insurance/messages/input-fields.ts';
import { benefits, insuredPerson } from '../../../adapters/medical-insurance/messages/person.ts';
import { resultFile, totalsCompared } from '../../../adapters/medical-insurance/messages/reconciliation.ts';
import { referrals } from '../../../adapters/medical-insurance/messages/referral.ts';
import {
  settlement,
  settlementRecord,
  trialSettlement,
} from '../../../adapters/medical-insurance/messages/settlement.ts';
import { signedIn } from '../../../adapters/medical-insurance/messages/sign-in.ts';
import { readRows, writeRows } from '../../../adapters/medical-insurance/reconciliation-file.ts';
import { activeInsurance } from '../../../adapters/medical-insurance/records/person.ts';
import { disagreeingSums, maternityPaymentFen } from '../../../adapters/medical-insurance/settlement-sums.ts';
import { TRANSACTIONS } from '../../../adapters/medical-insurance/transactions.ts';
import { unzip, ZipFault, zipOf } from '../../../adapters/medical-insurance/zip.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { fen, fenFromYuan } from '../../../adapters/values/fen.ts';
import { settingsFor } from './client-platform.ts';
import { golden } from './golden-files.ts';

const { refusalTexts } = settingsFor('http://127.0.0.1:1');
const plain = envelopeCipher({ scheme: 'none' });

const UNUSABLE = /^DEPARTMENT_(?:PROTOCOL|UNREACHABLE|BUSY)$/;

/** The reading, or `undefined` when the answer was refused as unusable. Anything else that is thrown fails the test. */
function reading(body: Buffer, status = 200): Reading | undefined {
  try {
    return readAnswer({ status, headers: {}, body }, TRANSACTIONS.download, plain, refusalTexts);
  } catch (error) {
    if (error instanceof CasegraphError && UNUSABLE.test(error.code)) return undefined;
    throw error;
  }
}

describe('whatever comes back', () => {
  test('arbitrary bytes are no crash and no success', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(200, 201, 302, 404, 500), (bytes, status) => {
        const read = reading(Buffer.from(bytes), status);
        expect(read === undefined || read.refused).toBe(true);
      }),
    );
  });

  test('arbitrary JSON is a success only with an infcode that is 0', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const read = reading(Buffer.from(JSON.stringify(value)));
        const infcode = typeof value === 'object' && value !== null && 'infcode' in value ? value.infcode : undefined;
        if (read && !read.refused) expect(String(infcode)).toBe('0');
      }),
    );
  });

  test('envelopes with arbitrary members are read by the rule of the wire spec', () => {
    const envelope = fc.record(
      {
        infcode: fc.oneof(fc.integer(), fc.constantFrom('0', '-1', 'x', null, true), fc.constant(0)),
        err_msg: fc.oneof(fc.string(), fc.constant(null)),
        output: fc.jsonValue(),
        code: fc.oneof(fc.string(), fc.integer()),
        msg: fc.string(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(envelope, (document) => {
        const read = reading(Buffer.from(JSON.stringify(document)));
        if (read && !read.refused) expect(['0', '-0']).toContain(String(document.infcode));
        if (document.infcode === 0 && typeof document.output !== 'string') expect(read?.refused).toBe(false);
        if (typeof document.infcode === 'number' && document.infcode !== 0) expect(read?.refused).toBe(true);
      }),
    );
  });

  const schemas = {
    admitted,
    visits,
    chronicDiseaseFilings,
    feeResults,
    uploaded,
    filed,
    fixedProviders,
    benefits,
    insuredPerson,
    resultFile,
    totalsCompared,
    referrals,
    settlement,
    settlementRecord,
    trialSettlement,
    signedIn,
  };

  test.each(Object.entries(schemas))('%s: arbitrary output is read or named as unusable', (_, schema) => {
    fc.assert(
      fc.property(fc.jsonValue(), (output) => {
        try {
          decode(schema, output);
        } catch (error) {
          expect(error).toMatchObject({
            code: 'DEPARTMENT_PROTOCOL',
            details: { field: expect.stringMatching(/^output/) },
          });
        }
      }),
    );
  });

  test('a golden settlement with one member replaced by anything is read or named at that member', () => {
    const output = golden('2304-inpatient-settle-maternity').response?.body.output as
      | { readonly setlinfo: Record<string, unknown> }
      | undefined;
    const setlinfo = output?.setlinfo ?? {};
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(setlinfo)), fc.jsonValue(), (member, value) => {
        try {
          decode(settlement, { ...output, setlinfo: { ...setlinfo, [member]: value } });
        } catch (error) {
          expect(error).toMatchObject({ code: 'DEPARTMENT_PROTOCOL', details: { field: `output.setlinfo.${member}` } });
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('money', () => {
  const amount = fc.integer({ min: -10_000_000_000_000, max: 10_000_000_000_000 });

  test('fen become a JSON number in yuan and the same fen again', () => {
    fc.assert(
      fc.property(amount, (value) => {
        expect(fenFromYuan(yuan('x', value))).toBe(value);
      }),
    );
  });

  test('a settlement whose parts add up disagrees in nothing, one fen more in the sums it is part of', () => {
    const part = fc.integer({ min: 0, max: 1_000_000_00 });
    fc.assert(
      fc.property(fc.array(part, { minLength: 8, maxLength: 8 }), (parts) => {
        const [fund = 0, hospital = 0, account = 0, cash = 0, shared = 0, own = 0, over = 0, first = 0] = parts;
        const person = account + cash + shared;
        const total = fund + hospital + person;
        const amounts = {
          totalFen: fen(total),
          fundTotalFen: fen(fund),
          hospitalFen: fen(hospital),
          personTotalFen: fen(person),
          accountFen: fen(account),
          cashFen: fen(cash),
          sharedAccountFen: fen(shared),
          fullySelfPaidFen: fen(own),
          overLimitFen: fen(over),
          firstSelfPaidFen: fen(first),
          inScopeFen: fen(total - own - over - first),
        };
        expect(disagreeingSums(amounts)).toEqual([]);
        expect(disagreeingSums({ ...amounts, cashFen: fen(cash + 1) })).toEqual(['person']);
        expect(disagreeingSums({ ...amounts, hospitalFen: fen(hospital + 1) })).toEqual(['payers']);
        expect(disagreeingSums({ ...amounts, overLimitFen: fen(over + 1) })).toEqual(['scope']);
        expect(disagreeingSums({ ...amounts, totalFen: fen(total + 1) })).toEqual(['payers', 'scope']);
        const unscoped = { fullySelfPaidFen: null, overLimitFen: null, firstSelfPaidFen: null, inScopeFen: null };
        expect(disagreeingSums({ ...amounts, ...unscoped })).toEqual([]);
      }),
    );
  });

  test('the maternity payment: the fund’s own rows, else all of the funds, else none', () => {
    const funds = (types: string[]) =>
      types.map((type) => ({ type, name: null, amountFen: fen(100), inScopeFen: null, limitFen: null }));
    const of = (medType: string, types: string[]) =>
      maternityPaymentFen({ medType, fundTotalFen: fen(5_800), funds: funds(types) });
    expect(of('52', ['510100', '310200', '510100'])).toBe(200);
    expect(of('21', ['510100'])).toBe(100);
    expect(of('52', ['310100', '310200'])).toBe(5_800);
    expect(of('5212', ['310100'])).toBe(5_800);
    expect(of('510103', [])).toBe(5_800);
    expect(of('530102', [])).toBe(5_800);
    expect(of('21', ['310100'])).toBeNull();
    expect(of('152', ['310100'])).toBeNull();
  });
});

describe('files', () => {
  const name = fc.stringMatching(/^[\w\u4e00-\u9fff]{1,40}\.txt$/);

  test('what is zipped comes out again', () => {
    fc.assert(
      fc.property(name, fc.uint8Array({ maxLength: 2_000 }), (entry, bytes) => {
        expect(unzip(zipOf(entry, bytes), entry, 2_000)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test('arbitrary and spoiled archives are a fault and never another error', () => {
    const archive = zipOf('result.txt', Buffer.from('row\n'.repeat(100)));
    const spoiled = fc
      .record({ at: fc.nat(archive.length - 1), to: fc.integer({ min: 0, max: 255 }), cut: fc.nat(archive.length) })
      .map(({ at, to, cut }) => {
        const bytes = Buffer.from(archive);
        bytes[at] = to;
        return bytes.subarray(0, cut);
      });
    fc.assert(
      fc.property(fc.oneof(spoiled, fc.uint8Array({ maxLength: 200 }).map(Buffer.from)), (bytes) => {
        try {
          expect(unzip(bytes as Buffer, 'result.txt', 1_000).toString()).toBe('row\n'.repeat(100));
        } catch (error) {
          expect(error).toBeInstanceOf(ZipFault);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('an archive whose checksum is not that of its content is refused', () => {
    const archive = zipOf('result.txt', Buffer.from('row'));
    const directory = archive.indexOf(Buffer.from('PK\u0001\u0002'));
    archive.writeUInt32LE(crc32('another row'), directory + 16);
    expect(() => unzip(archive, 'result.txt', 100)).toThrow('wrong content');
  });

  test('an archive that unpacks to more than allowed is refused', () => {
    const bomb = zipOf('result.txt', Buffer.alloc(1_000_000));
    expect(() => unzip(bomb, 'result.txt', 999_999)).toThrow(ZipFault);
  });

  test('rows written can be split again into what they were', () => {
    const id = fc.stringMatching(/^[A-Z0-9]{1,30}$/);
    const amount = fc.integer({ min: -1_000_000, max: 1_000_000 });
    const row = fc.record({
      settlementId: id,
      visitId: id,
      personNumber: id,
      totalFen: amount,
      fundTotalFen: amount,
      accountFen: amount,
      refunded: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 10 }), (rows) => {
        const lines = writeRows(rows, '\t').split('\n').slice(0, -1);
        expect(lines).toHaveLength(rows.length);
        // The answer's columns are those of the upload in another order with four more.
        const answered = lines
          .map((line) => line.split('\t'))
          .map(([settlement_, visit, person, ...rest]) =>
            [person, visit, settlement_, '', '0', rest[3], '', ...rest.slice(0, 3)].join('\t'),
          );
        const read = readRows(answered.join('\n'), '\t');
        expect(read).toEqual(rows.map((one) => ({ ...one, messageId: null, result: '0', memo: null })));
      }),
    );
  });
});

describe('persons', () => {
  const insurance = (kind: string, status: string, region = '421202') => ({
    kind,
    status,
    region,
    personType: null,
    since: null,
    pausedOn: null,
    civilServant: null,
    employer: null,
    balanceFen: null,
  });
  const person = (...insurances: ReturnType<typeof insurance>[]) => ({
    personNumber: '1',
    idType: null,
    idNumber: '421202195803120133',
    name: '周启明',
    sex: null,
    nation: null,
    birthDate: null,
    age: null,
    insurances,
    identities: [],
  });

  test('the insurance to work under is the active one of the kind, and without a kind the basic one', () => {
    const one = person(insurance('330', '1'), insurance('310', '4', '420106'), insurance('310', '1', '421202'));
    expect(activeInsurance(one, '310')?.region).toBe('421202');
    expect(activeInsurance(one)?.kind).toBe('310');
    expect(activeInsurance(one, '390')).toBeNull();
    expect(activeInsurance(person(insurance('330', '1')))?.kind).toBe('330');
    expect(activeInsurance(person(insurance('310', '2')))).toBeNull();
  });
});
