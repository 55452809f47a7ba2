import { describe, expect, it } from 'vitest';
import type { DisabilitySubsidyClient } from '../../../adapters/disability-subsidy/client.ts';
import { decodeAnswer } from '../../../adapters/disability-subsidy/messages/envelope.ts';
import { decodeRefresh, encodeRefresh } from '../../../adapters/disability-subsidy/messages/refresh.ts';
import { authenticate, sign, unwrapAes, wrappingKey } from '../../../adapters/disability-subsidy/signing.ts';
import { chinaDateTime } from '../../../adapters/values/china-time.ts';
import { closeLater } from '../closing.ts';
import { type HttpMessage, header, json } from '../http-message.ts';
import { rawLoopback } from '../loopback.ts';
import { clientOf } from './department.ts';
import { type GoldenCase, goldenCase, goldenJson, goldenMessage, INDEX } from './golden-files.ts';
import {
  AT_HOME,
  AUTUMN_PAYMENTS,
  AWAY,
  CIVIL_AFFAIRS_GRANT,
  FEDERATION_PASSES,
  NOT_SEVERE,
  PENDING,
  SUPPLEMENT,
  TOO_EARLY,
} from './inputs.ts';
import { LIU, TO_SHENZHEN, ZHANG, ZHOU } from './population.ts';

interface SignatureVectors {
  readonly vectors: readonly { id: string; rid: string; sid: string; rtime: string; key: string; sign: string }[];
  readonly negative: {
    readonly rid: string;
    readonly sid: string;
    readonly rtime: string;
    readonly key: string;
    readonly correctSign: string;
    readonly cases: readonly { id: string; sign: string }[];
  };
}

interface UnwrapVectors {
  readonly kdfCrossCheck: readonly { seed: string; aesKeyHex: string; plaintext: string; ciphertext: string }[];
  readonly vectors: readonly { id: string; appKey: string; aesKeyHex: string; wrappedSecret: string; secret: string }[];
  readonly negative: readonly { id: string; appKey: string; wrappedSecret: string }[];
}

describe('the signature', () => {
  const { vectors, negative } = goldenJson<SignatureVectors>('signature-vectors.json');

  it.each(vectors)('is that of $id', (vector) => {
    expect(sign(vector.sid, vector.rid, vector.rtime, vector.key)).toBe(vector.sign);
  });

  it.each(negative.cases)('is not the wrong one of $id', (wrong) => {
    const made = sign(negative.sid, negative.rid, negative.rtime, negative.key);
    expect(made).toBe(negative.correctSign);
    expect(made).not.toBe(wrong.sign);
  });
});

describe('the secret', () => {
  const { vectors, negative, kdfCrossCheck } = goldenJson<UnwrapVectors>('secret-unwrap-vectors.json');

  it.each(vectors)('of $id comes out of its wrapping', ({ appKey, aesKeyHex, wrappedSecret, secret }) => {
    expect(wrappingKey(appKey).toString('hex')).toBe(aesKeyHex);
    expect(unwrapAes(wrappedSecret, appKey)).toBe(secret);
  });

  it.each(kdfCrossCheck)(
    'is wrapped as Java derives the key of $seed',
    ({ seed, aesKeyHex, plaintext, ciphertext }) => {
      expect(wrappingKey(seed).toString('hex')).toBe(aesKeyHex);
      expect(unwrapAes(ciphertext, seed)).toBe(plaintext);
    },
  );

  it.each(negative)('of $id is refused without showing key or secret', ({ appKey, wrappedSecret }) => {
    let message = '';
    expect(() => {
      try {
        unwrapAes(wrappedSecret, appKey);
      } catch (error) {
        message = String(error);
        throw error;
      }
    }).toThrow(/secret/);
    expect(message).not.toContain(appKey);
    expect(message).not.toContain(wrappedSecret);
  });
});

describe('the refresh call', () => {
  it.each(['01', '02', '03', '04'])('is written as transcript %s has it', (number) => {
    const { sid, rtime } = goldenCase(number);
    const body = encodeRefresh(authenticate(INDEX.rid, sid, Number(rtime), INDEX.appKeys[sid] ?? ''));
    expect(body).toBe(goldenMessage(number, 'request').body.toString('utf8'));
  });

  it.each(['01', '02'])('is read from transcript %s, text or number', (number) => {
    const { sid } = goldenCase(number);
    const envelope = decodeAnswer(goldenMessage(number, 'response').body);
    const { wrapped, validUntil } = decodeRefresh(envelope, 0);
    expect(envelope.code).toBe('0');
    expect(unwrapAes(wrapped, INDEX.appKeys[sid] ?? '')).toBe(INDEX.secrets[sid]);
    expect(chinaDateTime(validUntil)).toBe('2022-10-08 23:59:59');
  });
});

/** Every business transcript: the call that makes it, and what the caller gets. */
const PLAYED: readonly [
  number: string,
  call: (client: DisabilitySubsidyClient) => Promise<unknown>,
  result: unknown,
][] = [
  [
    '05',
    (client) => client.verifyCertificate({ ...ZHANG, certificateNumber: ZHANG.certificate }),
    {
      number: ZHANG.certificate,
      category: '4',
      grade: '2',
      status: '1',
      firstIssuedOn: '2012-05-16',
      issuedOn: '2022-03-02',
      validTo: '2032-03-01',
      hukouDivision: '421202100000',
      guardian: null,
      subCategories: [],
    },
  ],
  [
    '06',
    (client) => client.verifyCertificate(ZHOU),
    {
      number: ZHOU.certificate,
      category: '7',
      grade: '1',
      status: '1',
      firstIssuedOn: '2015-08-20',
      issuedOn: '2021-09-13',
      validTo: '2025-08-19',
      hukouDivision: '440305005000',
      guardian: { name: '周国平', relation: '父母', phone: '13900000000' },
      subCategories: [
        { category: '4', grade: '1' },
        { category: '5', grade: '3' },
      ],
    },
  ],
  [
    '07',
    (client) => client.verifyCertificate({ ...ZHANG, name: '张慧兰', certificateNumber: ZHANG.certificate }),
    null,
  ],
  [
    '08',
    (client) => client.verifyCertificate({ ...LIU, certificateNumber: LIU.certificate }),
    {
      number: LIU.certificate,
      category: '2',
      grade: '4',
      status: '4',
      firstIssuedOn: '2010-01-11',
      issuedOn: '2010-01-11',
      validTo: '2020-01-10',
      hukouDivision: '421202001000',
      guardian: null,
      subCategories: [],
    },
  ],
  ['09', (client) => client.enrolments(ZHANG.idNumber), []],
  [
    '10',
    (client) => client.enrolments(ZHOU.idNumber),
    [
      {
        subsidyType: '2',
        payDivision: '440305000000',
        startMonth: '202101',
        endMonth: null,
        monthlyFen: 27_500,
        state: '51',
      },
    ],
  ],
  [
    '11',
    (client) => client.submitApplication(AT_HOME),
    { number: 'LB42120220221008000017', status: '10', duplicate: false, nextDivision: '421202100000' },
  ],
  [
    '12',
    (client) => client.submitApplication(AT_HOME),
    { number: 'LB42120220221008000017', status: '20', duplicate: true, nextDivision: '421202100000' },
  ],
  [
    '13',
    (client) => client.submitApplication(AWAY),
    { number: TO_SHENZHEN, status: '10', duplicate: false, nextDivision: '440305005000' },
  ],
  [
    '14',
    (client) => client.submitApplication(NOT_SEVERE),
    refused('DEPARTMENT_REJECTED', 'LB2003', '残疾等级不符合护理补贴条件'),
  ],
  [
    '16',
    (client) => client.application(TO_SHENZHEN),
    {
      number: TO_SHENZHEN,
      status: '30',
      statusName: '残联审核中',
      subsidyTypes: ['1'],
      steps: [
        {
          sequence: 1,
          status: '10',
          division: '421202003000',
          department: '永安街道民政办',
          handler: '李某',
          at: '2022-10-08 09:44:10',
          opinion: '材料齐全，予以受理',
        },
        {
          sequence: 2,
          status: '20',
          division: '440305005000',
          department: '户籍地街道',
          handler: '系统',
          at: '2022-10-08 09:44:12',
          opinion: '',
        },
        {
          sequence: 3,
          status: '30',
          division: '440305000000',
          department: '户籍地残联',
          handler: '王某',
          at: '2022-10-10 10:02:31',
          opinion: '',
        },
      ],
    },
  ],
  ['17', (client) => client.application('LB42120220221008999999'), null],
  ['18', (client) => client.supplement(SUPPLEMENT), { number: TO_SHENZHEN, status: '30' }],
  [
    '19',
    (client) => client.pendingForHukou(PENDING),
    {
      total: 3,
      page: 1,
      pageSize: 2,
      rows: [
        {
          number: 'LB33010620221006000231',
          acceptDivision: '330106008000',
          name: '王志强',
          idNumber: '421202199011049998',
          certificateNumber: '42120219901104999863',
          subsidyTypes: ['1'],
          status: '20',
          updatedAt: '2022-10-06 15:20:00',
        },
        {
          number: 'LB44030520221007000077',
          acceptDivision: '440305005000',
          name: '李建国',
          idNumber: '421202196507229972',
          certificateNumber: '42120219650722997211',
          subsidyTypes: ['1', '2'],
          status: '20',
          updatedAt: '2022-10-07 11:08:43',
        },
      ],
    },
  ],
  ['21', (client) => client.decide(FEDERATION_PASSES), { number: 'LB44030520221007000077', status: '40' }],
  ['22', (client) => client.decide(CIVIL_AFFAIRS_GRANT), { number: 'LB44030520221007000077', status: '50' }],
  ['23', (client) => client.decide(TOO_EARLY), refused('DEPARTMENT_REJECTED', 'LB3002', '当前状态不允许该操作')],
  [
    '24',
    (client) => client.payments(AUTUMN_PAYMENTS),
    [
      {
        number: '42120220220815000311',
        subsidyType: '2',
        month: '202208',
        amountFen: 10_000,
        arrearsFen: 0,
        paidOn: '2022-08-15',
        maskedAccount: '6217***********4320',
        result: '1',
        failure: null,
      },
      {
        number: '42120220220915000309',
        subsidyType: '2',
        month: '202209',
        amountFen: 10_000,
        arrearsFen: 0,
        paidOn: '2022-09-15',
        maskedAccount: '6217***********4320',
        result: '2',
        failure: '账户状态异常',
      },
      {
        number: '42120220221014000305',
        subsidyType: '2',
        month: '202210',
        amountFen: 10_000,
        arrearsFen: 10_000,
        paidOn: '2022-10-14',
        maskedAccount: '6217***********4320',
        result: '1',
        failure: null,
      },
    ],
  ],
  ['25', (client) => client.application('LB42120220221008000017'), refused('DEPARTMENT_REJECTED', '-5')],
  ['26', (client) => client.application('LB42120220221008000017'), refused('DEPARTMENT_REJECTED', '-19')],
  ['28', (client) => client.application('LB42120220221008000017'), refused('DEPARTMENT_BUSY', '12101')],
  ['29', (client) => client.application('LB42120220221008000017'), refused('DEPARTMENT_UNREACHABLE', undefined)],
];

describe('the client, answered with the golden answers', () => {
  it.each(PLAYED)('writes and reads transcript %s', async (number, call, result) => {
    const { outcome, requests } = await play(number, call);
    if (result instanceof Function) result(outcome);
    else expect(outcome).toEqual({ value: result });

    const sent = requests.find(({ startLine }) => startLine.includes('/httpproxy'));
    expectGoldenRequest(goldenCase(number), sent as HttpMessage);
  });

  it('writes transcript 05 byte for byte after the start line, but for the host', async () => {
    const [, call] = PLAYED[0] ?? [];
    const { requests } = await play('05', call as NonNullable<typeof call>);
    const golden = goldenMessage('05', 'request');
    const sent = requests[1] as HttpMessage;
    expect(sent.body.equals(golden.body)).toBe(true);
    const comparable = ({ headers }: HttpMessage) =>
      headers
        .filter(([name]) => !['host', 'connection', 'content-length'].includes(name.toLowerCase()))
        .map(([name, value]) => `${name}: ${value}`)
        .sort();
    expect(comparable(sent)).toEqual(comparable(golden));
  });

  it('sends the registered address only where it is configured', async () => {
    const [, call] = PLAYED[0] ?? [];
    const { requests } = await play('05', call as NonNullable<typeof call>, { forwardedFor: '10.42.12.2' });
    expect(requests.map((request) => header(request, 'X-Forwarded-For'))).toEqual(['10.42.12.2', '10.42.12.2']);
  });
});

/** Plays one transcript through a client on a real socket: its clock, counter and answers are the transcript's. */
async function play(
  number: string,
  call: (client: DisabilitySubsidyClient) => Promise<unknown>,
  other: Record<string, unknown> = {},
) {
  const golden = goldenCase(number);
  const server = closeLater(
    await rawLoopback(({ startLine }) =>
      startLine.includes('/refreshappsecret') ? refreshAnswer(golden.sid) : goldenMessage(number, 'response').bytes,
    ),
  );
  const { serialNo } = (golden.requestBody as { head: { serialNo: string } }).head;
  const client = clientOf({ url: server.url, core: { now: () => Number(golden.rtime) } as never }, other, {
    counter: { next: () => Promise.resolve(Number(serialNo.slice(-6))) },
  });
  const outcome = await call(client).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  return { outcome, requests: server.requests };
}

/** JSON equal and every header equal; `reqTime` is the transcripts' one time, where the client writes the signing time's second. */
function expectGoldenRequest(golden: GoldenCase, sent: HttpMessage): void {
  const body = json(sent) as { head: Record<string, string>; body: unknown };
  const expected = golden.requestBody as { head: Record<string, string>; body: unknown };
  expect(body.head.reqTime).toBe(chinaDateTime(Number(golden.rtime)));
  expect({ ...body.head, reqTime: expected.head.reqTime }).toEqual(expected.head);
  expect(body.body).toEqual(expected.body);
  expect(header(sent, 'gjgxjhpt_rid')).toBe(INDEX.rid);
  expect(header(sent, 'gjgxjhpt_sid')).toBe(golden.sid);
  expect(header(sent, 'gjgxjhpt_rtime')).toBe(golden.rtime);
  // 25 is signed with the appKey on purpose.
  if (!golden.id.startsWith('25')) expect(header(sent, 'gjgxjhpt_sign')).toBe(golden.sign);
  expect(header(sent, 'Content-Type')).toBe('application/json;charset=UTF-8');
  expect(header(sent, 'Accept')).toBe('application/json');
}

function refreshAnswer(sid: string): Buffer {
  const { vectors } = goldenJson<UnwrapVectors>('secret-unwrap-vectors.json');
  const secret = vectors.find(({ appKey }) => appKey === INDEX.appKeys[sid])?.wrappedSecret;
  const body = JSON.stringify({ code: '0', message: '成功', data: { secret, secretEndTime: '1665244799000' } });
  return Buffer.from(
    `HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=UTF-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function refused(code: string, departmentCode: string | undefined, text?: string) {
  return (outcome: unknown) => {
    expect(outcome).toMatchObject({ error: { code } });
    const { error } = outcome as { error: { detail?: string; details: { departmentCode?: string } } };
    expect(error.details.departmentCode).toBe(departmentCode);
    if (text !== undefined) expect(error.detail).toBe(text);
  };
}
