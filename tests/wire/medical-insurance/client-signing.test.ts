import { createDecipheriv, createHash } from 'node:crypto';
import { sm2 } from 'sm-crypto-v2';
import { describe, expect, test } from 'vitest';
import type { MedicalInsuranceClient } from '../../../adapters/medical-insurance/client.ts';
import { envelopeCipher, joined, sessionKey, textToSign } from '../../../adapters/medical-insurance/envelope-cipher.ts';
import {
  decryptSm4,
  encryptSm4,
  readPrivateKey,
  readPublicKey,
  signSm2,
  verifySm2,
} from '../../../adapters/medical-insurance/national-algorithms.ts';
import { gatewayHeaders, gatewaySignature } from '../../../adapters/medical-insurance/signing.ts';
import { instantFromChina } from '../../../adapters/values/china-time.ts';
import { CHRONIC, settlementRequest } from './client-acts.ts';
import { clientOf, type Platform, refusal, settingsFor, startPlatform, success } from './client-platform.ts';
import { golden, goldenJson } from './golden-files.ts';

interface Sha256Vectors {
  readonly vectors: readonly { paasid: string; token: string; timestamp: string; nonce: string; signature: string }[];
  readonly negative: readonly { why: string; timestamp?: string; wrong_signature: string }[];
}

interface SmVectors {
  readonly sm4: readonly { key: string; plain: string; cipher: string; rounds?: number }[];
  readonly sm2: readonly Record<
    'user_id' | 'message' | 'private_key' | 'public_key' | 'r' | 's' | 'k' | 'der_hex' | 'base64_rs',
    string
  >[];
  readonly project_vectors: {
    readonly C1_envelope_cainfo: Record<'user_id' | 'plain' | 'upper_hex_rs' | 'upper_hex_der', string>;
    readonly C2_input_encrypted: Record<
      'client_id' | 'input_plain' | 'cainfo_base64_rs' | 'input_base64_sm4_ecb_pkcs7',
      string
    >;
    readonly D_encData_signData: Record<
      | 'app_id'
      | 'app_secret'
      | 'session_key_text'
      | 'data_plain'
      | 'enc_data'
      | 'sign_plain'
      | 'sign_data_base64_user_id_app_secret'
      | 'sign_data_base64_user_id_default',
      string
    >;
  };
}

const sha256 = goldenJson<Sha256Vectors>('signing-sha256.json');
const sm = goldenJson<SmVectors>('sm-vectors.json');
const [standard] = sm.sm2;
if (!standard) throw new Error('no SM2 vector');
const { private_key: PRIVATE, public_key: PUBLIC } = standard;
const { C1_envelope_cainfo: C1, C2_input_encrypted: C2, D_encData_signData: D } = sm.project_vectors;

/** The platform's own keys in these tests. */
const PLATFORM = sm2.generateKeyPairHex();

describe('the gateway signature', () => {
  test.each(sha256.vectors)('$timestamp with nonce $nonce', ({ token, timestamp, nonce, signature }) => {
    expect(gatewaySignature({ token, timestamp, nonce })).toBe(signature);
  });

  test('a time in milliseconds gives the signature that the vectors call wrong', () => {
    const [first] = sha256.vectors;
    const wrong = sha256.negative.find(({ why }) => why === 'timestamp in milliseconds');
    expect(
      gatewaySignature({ token: first?.token ?? '', nonce: first?.nonce ?? '', timestamp: wrong?.timestamp ?? '' }),
    ).toBe(wrong?.wrong_signature);
  });

  test('the headers carry seconds and a nonce that is never the same', () => {
    const instant = Date.parse('2026-03-16T09:12:05.999+08:00');
    const [one, other] = [gatewayHeaders('id', 'token', instant), gatewayHeaders('id', 'token', instant)];
    expect(one['x-tif-timestamp']).toBe('1773623525');
    expect(one['x-tif-nonce']).not.toBe(other['x-tif-nonce']);
  });

  test('without an id and a token no x-tif header is sent, and the extra headers are', async () => {
    const { platform, client } = await answering(() => golden('5301-opsp-filing-query').response?.body, {
      paasid: undefined,
      token: undefined,
      extraHeaders: { apikey: 'key-of-a-test' },
    });
    await client.chronicDiseaseFilings(CHRONIC);
    const headers = platform.arrivals[1]?.headers ?? {};
    expect(Object.keys(headers).filter((name) => name.startsWith('x-tif'))).toEqual([]);
    expect(headers.apikey).toBe('key-of-a-test');
  });
});

describe('the national algorithms are held to the standards’ vectors', () => {
  test('SM2: the standard’s signature is right in every form, under its user id only', () => {
    const { message, user_id, r, s, der_hex, base64_rs } = standard;
    for (const signature of [r + s, der_hex, base64_rs, (r + s).toUpperCase()]) {
      expect(verifySm2(message, signature, PUBLIC, user_id)).toBe(true);
      expect(verifySm2(message, signature, PUBLIC, '8765432187654321')).toBe(false);
      expect(verifySm2(`${message}.`, signature, PUBLIC, user_id)).toBe(false);
    }
    expect(verifySm2(message, 'no signature', PUBLIC, user_id)).toBe(false);
  });

  test('SM2: with the standard’s k the library gives the standard’s r and s', () => {
    const point = { k: BigInt(`0x${standard.k}`), x1: 0n };
    const { x } = multipleOfBase(standard.k);
    const signature = sm2.doSignature(standard.message, PRIVATE, {
      hash: true,
      userId: standard.user_id,
      pointPool: [{ ...point, x1: x }],
    });
    expect(signature).toBe(standard.r + standard.s);
  });

  test('SM2: what is signed here can be verified, and is signed with a fresh k', () => {
    const [one, other] = [signSm2('text', PRIVATE, 'user'), signSm2('text', PRIVATE, 'user')];
    expect(one).toHaveLength(128);
    expect(one).not.toBe(other);
    expect(verifySm2('text', one, PUBLIC, 'user')).toBe(true);
    expect(verifySm2('text', signSm2('text', PRIVATE, 'user', 'der'), PUBLIC, 'user')).toBe(true);
  });

  test('SM4: node deciphers the standard’s example, and padding comes off again', () => {
    for (const { key, plain, cipher } of sm.sm4.filter((vector) => vector.rounds === undefined)) {
      const decipher = createDecipheriv('sm4-ecb', Buffer.from(key, 'hex'), null).setAutoPadding(false);
      expect(decipher.update(cipher, 'hex', 'hex') + decipher.final('hex')).toBe(plain);
    }
    const key = Buffer.from('0123456789abcdef');
    expect(decryptSm4(encryptSm4('周启明', key), key)).toBe('周启明');
    expect(() => decryptSm4(encryptSm4('周启明', key), Buffer.from('another-key-0001'))).toThrow();
  });

  test('SM3: node’s digest is the standard’s', () => {
    expect(createHash('sm3').update('abc').digest('hex')).toBe(
      '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
    );
  });

  test('a private key is read as hex, base64 and PKCS#8, a public one with and without 04', () => {
    const scalar = Buffer.from(PRIVATE, 'hex');
    const ecPrivateKey = Buffer.concat([Buffer.from('30250201010420', 'hex'), scalar]);
    const pem = `-----BEGIN PRIVATE KEY-----\n${ecPrivateKey.toString('base64')}\n-----END PRIVATE KEY-----\n`;
    for (const form of [PRIVATE, PRIVATE.toUpperCase(), scalar.toString('base64'), pem]) {
      expect(readPrivateKey(form)).toBe(PRIVATE);
    }
    expect(readPublicKey(PUBLIC.slice(2))).toBe(PUBLIC);
    expect(() => readPrivateKey('no key')).toThrow(RangeError);
    expect(() => readPublicKey(`04${'0'.repeat(128)}`)).toThrow(RangeError);
  });
});

describe('scheme C1: cainfo signs the envelope', () => {
  const settings = { scheme: 'C1', privateKey: PRIVATE, form: 'rs' } as const;

  test('the text is the vector’s, for the envelope of the golden 1101', () => {
    const envelope = { ...golden('1101-person-info').request.body, signtype: 'SM2' };
    expect(joined(envelope, ['cainfo', 'input'])).toBe(C1.plain);
    expect(verifySm2(C1.plain, C1.upper_hex_rs, PUBLIC, C1.user_id)).toBe(true);
    expect(verifySm2(C1.plain, C1.upper_hex_der, PUBLIC, C1.user_id)).toBe(true);
  });

  test('sealing fills signtype and cainfo, in either form', () => {
    const { body } = golden('1101-person-info').request;
    for (const [form, pattern] of [
      ['rs', /^[0-9A-F]{128}$/],
      ['der', /^304[456][0-9A-F]+$/],
    ] as const) {
      const sealed = envelopeCipher({ ...settings, form }).seal(body, 0);
      expect(sealed).toMatchObject({ ...body, signtype: 'SM2', cainfo: expect.stringMatching(pattern) });
      expect(verifySm2(C1.plain, String(sealed.cainfo), PUBLIC, C1.user_id)).toBe(true);
    }
  });

  test('a signed answer is taken; one with a wrong or without a signature is not', async () => {
    const cipher = { ...settings, platformPublicKey: PLATFORM.publicKey };
    const answer = golden('5301-opsp-filing-query').response?.body ?? {};
    const signed = (document: Record<string, unknown>) => ({
      ...document,
      cainfo: signSm2(joined(document, ['cainfo', 'output']), PLATFORM.privateKey, C1.user_id).toUpperCase(),
    });
    const answers = [signed(answer), { ...signed(answer), respond_time: '20260316142000999' }, answer];
    const { client } = await answering(
      () => answers.shift(),
      { cipher, line: { retry: { attempts: 1 } } },
      signed(success({ signinoutb: { sign_no: '1' } })),
    );
    expect(await client.chronicDiseaseFilings(CHRONIC)).toHaveLength(1);
    for (const _ of ['changed', 'unsigned']) {
      await expect(client.chronicDiseaseFilings(CHRONIC)).rejects.toMatchObject({
        code: 'DEPARTMENT_PROTOCOL',
        details: { field: 'cainfo' },
      });
    }
  });
});

describe('scheme C2: input and output are encrypted', () => {
  const cipher = { scheme: 'C2', privateKey: PRIVATE, clientId: C2.client_id, cipherField: 'enc_type' } as const;
  const key = Buffer.from(C2.client_id);

  test('sealing gives the vector’s input and a cainfo over the plain text', () => {
    const { body } = golden('1101-person-info').request;
    const sealed = envelopeCipher(cipher).seal(body, 0);
    expect(JSON.stringify(body.input)).toBe(C2.input_plain);
    expect(sealed).toMatchObject({ input: C2.input_base64_sm4_ecb_pkcs7, signtype: 'SM2', enc_type: 'SM4' });
    expect(verifySm2(C2.input_plain, String(sealed.cainfo), PUBLIC, C2.client_id)).toBe(true);
    expect(verifySm2(C2.input_plain, C2.cainfo_base64_rs, PUBLIC, C2.client_id)).toBe(true);
  });

  const sealedAnswer = (document: Record<string, unknown>, signer = PLATFORM.privateKey) => {
    const plain = JSON.stringify(document.output);
    return {
      ...document,
      output: encryptSm4(plain, key).toString('base64'),
      cainfo: Buffer.from(signSm2(plain, signer, C2.client_id), 'hex').toString('base64'),
    };
  };
  const signIn = success({ signinoutb: { sign_no: '1' } });

  test('an encrypted answer is read, a plain success is not, a plain refusal is', async () => {
    const answer = golden('5301-opsp-filing-query').response?.body ?? {};
    const answers = [sealedAnswer(answer), answer, refusal('FSI-示例：不予办理')];
    const { client } = await answering(
      () => answers.shift(),
      { cipher, line: { retry: { attempts: 1 } } },
      sealedAnswer(signIn),
    );
    expect(await client.chronicDiseaseFilings(CHRONIC)).toHaveLength(1);
    await expect(client.chronicDiseaseFilings(CHRONIC)).rejects.toMatchObject({ code: 'DEPARTMENT_PROTOCOL' });
    await expect(client.chronicDiseaseFilings(CHRONIC)).rejects.toMatchObject({
      code: 'DEPARTMENT_REJECTED',
      detail: 'FSI-示例：不予办理',
    });
  });

  test('a settlement whose answer is signed by somebody else, or encrypted under another key, is of unknown outcome', async () => {
    const answer = golden('2304-inpatient-settle-maternity').response?.body ?? {};
    const otherKey = encryptSm4('{}', Buffer.from('another-key-0001')).toString('base64');
    const answers = [sealedAnswer(answer, PRIVATE), { ...answer, output: otherKey }];
    const { client } = await answering(
      () => answers.shift(),
      { cipher: { ...cipher, platformPublicKey: PLATFORM.publicKey } },
      sealedAnswer(signIn),
    );
    await expect(client.settle(settlementRequest)).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { field: 'cainfo' },
    });
    await expect(client.settle(settlementRequest)).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { field: 'output' },
    });
  });
});

describe('scheme D: the envelope travels as encData', () => {
  const cipher = {
    scheme: 'D',
    privateKey: PRIVATE,
    appId: D.app_id,
    appSecret: D.app_secret,
    version: '2.0.1',
  } as const;
  const key = sessionKey(D.app_id, D.app_secret);

  test('session key, cipher text and text to sign are the vector’s', () => {
    expect(key.toString()).toBe(D.session_key_text);
    expect(encryptSm4(D.data_plain, key).toString('hex').toUpperCase()).toBe(D.enc_data);
    const document = {
      appId: D.app_id,
      encType: 'SM4',
      signType: 'SM2',
      timestamp: '1773623525',
      version: '2.0.1',
      encData: D.enc_data,
      signData: 'left out',
      extra: 'left out',
      empty: '',
      data: JSON.parse(D.data_plain),
    };
    const text = textToSign(document, D.app_secret);
    expect(text).toBe(D.sign_plain);
    expect(verifySm2(text, D.sign_data_base64_user_id_app_secret, PUBLIC, D.app_secret)).toBe(true);
    expect(verifySm2(text, D.sign_data_base64_user_id_default, PUBLIC, '1234567812345678')).toBe(true);
  });

  test('numbers and booleans are signed as text, empty lists and nulls are left out, at every level', () => {
    const data = { b: { z: 1, a: true, gone: null }, a: [], list: [{ y: 0.5, x: 'x' }] };
    expect(textToSign({ data }, 'S')).toBe('data={"b":{"a":"true","z":"1"},"list":[{"x":"x","y":"0.5"}]}&key=S');
  });

  const sealedAnswer = (envelope: Record<string, unknown>, secret: string = D.app_secret) => {
    const head = { appId: D.app_id, encType: 'SM4', signType: 'SM2', timestamp: '1773623525', version: '2.0.1' };
    const text = textToSign({ ...head, data: envelope }, secret);
    return {
      ...head,
      encData: encryptSm4(JSON.stringify(envelope), key).toString('hex').toUpperCase(),
      signData: Buffer.from(signSm2(text, PLATFORM.privateKey, D.app_secret), 'hex').toString('base64'),
    };
  };

  test('a whole exchange: the platform can open and verify the request, the client the answer', async () => {
    const exchange = golden('5301-opsp-filing-query');
    const answers = [
      sealedAnswer(success({ signinoutb: { sign_no: '421200G0000000900117' } })),
      sealedAnswer(exchange.response?.body ?? {}),
    ];
    const { client, platform } = await answering(
      () => answers.shift(),
      { cipher: { ...cipher, platformPublicKey: PLATFORM.publicKey } },
      undefined,
      () => instantFromChina(exchange.request.body.inf_time),
    );
    expect(await client.chronicDiseaseFilings(CHRONIC)).toHaveLength(1);

    const sent = JSON.parse(platform.arrivals[1]?.text ?? '') as Record<string, string>;
    const envelope = JSON.parse(decryptSm4(Buffer.from(sent.encData ?? '', 'hex'), key));
    expect(envelope).toMatchObject({ infno: '5301', input: exchange.request.body.input });
    expect(sent.timestamp).toBe(exchange.request.headers['x-tif-timestamp']);
    const text = textToSign({ ...sent, data: envelope }, D.app_secret);
    expect(verifySm2(text, sent.signData ?? '', PUBLIC, D.app_secret)).toBe(true);
  });

  test('an answer signed under another secret is refused by its signature', async () => {
    const sealed = sealedAnswer(success({}), 'ANOTHERSECRET0000000000000000001');
    const open_ = envelopeCipher({ ...cipher, platformPublicKey: PLATFORM.publicKey });
    expect(() => open_.open(sealed)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ field: 'signData' }) }),
    );
  });
});

test('a key that is none is refused when the client is made', () => {
  expect(() =>
    clientOf('http://127.0.0.1:1', { settings: { cipher: { scheme: 'C1', privateKey: 'no key' } } }),
  ).toThrow(/cipher.privateKey/);
  expect(settingsFor('http://127.0.0.1:1').cipher).toEqual({ scheme: 'none' });
});

async function answering(
  answer: () => unknown,
  settings: Record<string, unknown>,
  signIn?: unknown,
  clock?: () => number,
): Promise<{ client: MedicalInsuranceClient; platform: Platform }> {
  const platform = await (signIn === undefined ? startPlatform(answer) : startPlatform(answer, () => signIn));
  const client = clientOf(platform.url, { settings, ...(clock && { clock }) });
  return { client, platform };
}

/** x of k·G, from the public key of k. */
function multipleOfBase(k: string): { x: bigint } {
  return { x: BigInt(`0x${sm2.getPublicKeyFromPrivateKey(k).slice(2, 66)}`) };
}
