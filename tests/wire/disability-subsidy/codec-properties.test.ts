import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusalError } from '../../../adapters/disability-subsidy/errors.ts';
import { certificateCheck } from '../../../adapters/disability-subsidy/messages/certificate.ts';
import { decide } from '../../../adapters/disability-subsidy/messages/decision.ts';
import { enrolments } from '../../../adapters/disability-subsidy/messages/enrolments.ts';
import {
  decodeAnswer,
  encodeRequest,
  head,
  serialNumber,
} from '../../../adapters/disability-subsidy/messages/envelope.ts';
import { payments } from '../../../adapters/disability-subsidy/messages/payments.ts';
import { pending } from '../../../adapters/disability-subsidy/messages/pending.ts';
import { progress } from '../../../adapters/disability-subsidy/messages/progress.ts';
import { decodeRefresh } from '../../../adapters/disability-subsidy/messages/refresh.ts';
import { submission } from '../../../adapters/disability-subsidy/messages/submission.ts';
import { supplement } from '../../../adapters/disability-subsidy/messages/supplement.ts';
import { prepare, type Request } from '../../../adapters/disability-subsidy/messages/transaction.ts';
import { sign, unwrapAes } from '../../../adapters/disability-subsidy/signing.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { instantFromChina } from '../../../adapters/values/china-time.ts';
import { fen, yuanFromFen } from '../../../adapters/values/fen.ts';
import { AT_HOME, AUTUMN_PAYMENTS, CIVIL_AFFAIRS_GRANT, PENDING, SUPPLEMENT } from './inputs.ts';
import { LI, TO_SHENZHEN, ZHANG } from './population.ts';

const REQUESTS: readonly Request[] = [
  prepare(certificateCheck, ZHANG),
  prepare(enrolments, { idNumber: LI.idNumber }),
  prepare(submission, AT_HOME),
  prepare(progress, { number: TO_SHENZHEN }),
  prepare(supplement, SUPPLEMENT),
  prepare(pending, PENDING),
  prepare(decide, CIVIL_AFFAIRS_GRANT),
  prepare(payments, AUTUMN_PAYMENTS),
];

/** Either a value or a CasegraphError: nothing else may leave a decoder. */
function onlyOurErrors(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(CasegraphError);
  }
}

describe('the decoders', () => {
  it('take any bytes without any other error than ours', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => onlyOurErrors(() => decodeAnswer(bytes))));
  });

  it('take any JSON without any other error than ours', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        onlyOurErrors(() => decodeAnswer(Buffer.from(JSON.stringify(value))));
        onlyOurErrors(() => decodeRefresh({ code: '0', message: '', data: value }, 0));
        for (const request of REQUESTS) onlyOurErrors(() => request.read(value));
      }),
    );
  });

  it('make an error of any code and message', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.jsonValue(),
        fc.constantFrom('read', 'write'),
        (code, message, data, mode) => {
          const call = { mode: mode as 'read' | 'write', reference: '1', requestBody: {} };
          expect(refusalError({ code, message, data }, call, 0)).toBeInstanceOf(CasegraphError);
        },
      ),
    );
  });

  it('read the enrolments that are written', () => {
    const month = fc.integer({ min: 1, max: 12 }).map((value) => `2022${String(value).padStart(2, '0')}`);
    const enrolment = fc.record({
      subsidyType: fc.constantFrom('1', '2'),
      payDivision: fc.constantFrom('421202000000', '440305000000'),
      startMonth: month,
      endMonth: fc.option(month),
      monthlyFen: fc.integer({ min: 0, max: 10 ** 12 }),
      state: fc.constantFrom('50', '51', '52'),
    });
    fc.assert(
      fc.property(fc.array(enrolment), (list) => {
        const wire = list.map(({ monthlyFen, ...rest }) => ({ ...rest, monthlyAmount: yuanFromFen(fen(monthlyFen)) }));
        const read = prepare(enrolments, { idNumber: LI.idNumber }).read({ enrolments: wire });
        expect(read).toEqual(list);
      }),
    );
  });
});

describe('the encoder', () => {
  it('keeps every text of a submission', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => /\S/.test(text)),
        (name) => {
          const request = prepare(submission, { ...AT_HOME, applicant: { ...AT_HOME.applicant, address: name } });
          const sent: unknown = JSON.parse(encodeRequest(HEAD, request.body));
          expect(sent).toMatchObject({ head: HEAD, body: { applicant: { address: name } } });
        },
      ),
    );
  });

  it('numbers messages with 20 digits and refuses to run over', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999 }), (count) => {
        expect(serialNumber('421202', NOON, count)).toMatch(/^42120220221008\d{6}$/);
      }),
    );
    expect(() => serialNumber('421202', NOON, 1_000_000)).toThrow(CasegraphError);
  });
});

describe('signing', () => {
  it('makes 44 characters of Base64 for any key and time', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), (key, instant) => {
        expect(sign('s_X4212020000000000_9001', 'rid', String(instant), key)).toMatch(/^[A-Za-z0-9+/]{43}=$/);
      }),
    );
  });

  it('refuses any wrapping that is not one, without showing it', () => {
    fc.assert(
      fc.property(fc.base64String({ minLength: 8 }), (wrapped) => {
        expect(() => unwrapAes(wrapped, 'e806d2e739c50d5073e33ef79f85e0aa')).toThrow(/^the (un)?wrapped secret/);
      }),
    );
  });
});

describe('words of the business system', () => {
  /** What the caller is told of words about a request. */
  const told = (message: string, requestBody: object) =>
    refusalError({ code: 'LB2004', message }, { mode: 'write', reference: undefined, requestBody }, 0).detail;

  it('leaves no personal number of the request in any text around it', () => {
    const { body } = prepare(submission, AT_HOME);
    const personal = [
      ZHANG.idNumber,
      ZHANG.certificate,
      AT_HOME.bank.account,
      AT_HOME.applicant.phone,
      AT_HOME.applicant.address,
    ];
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...personal), fc.string(), (before, value, after) => {
        expect(told(`${before}${value}${after}`, body)).not.toContain(value);
      }),
    );
  });

  it('masks the longest value first, so that none is left standing in pieces', () => {
    const body = { name: '张惠兰', address: '张惠兰家旁1号' };
    expect(told('住址张惠兰家旁1号，姓名张惠兰', body)).toBe('住址*******，姓名张**');
  });

  it('keeps application numbers, which the clerk needs', () => {
    expect(told(`见申请${TO_SHENZHEN}`, {})).toBe(`见申请${TO_SHENZHEN}`);
  });
});

const NOON = instantFromChina('2022-10-08 12:00:00');
const HEAD = head(
  'LB03',
  '42120220221008000001',
  { organisationCode: '11421202MB2A90002R', operator: 'xadl0017' },
  NOON,
);
