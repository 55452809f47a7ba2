import { protocolFault } from './errors.ts';
import type { Node } from './messages/input-fields.ts';
import {
  DEFAULT_USER_ID,
  decryptSm4,
  encryptSm4,
  readPrivateKey,
  readPublicKey,
  signSm2,
  verifySm2,
} from './national-algorithms.ts';
import type { MedicalInsuranceSettings } from './settings.ts';

/** What a scheme of wire spec 1.4 does with the envelope on its way out and in. */
export interface EnvelopeCipher {
  /** The document to send for an envelope; `instant` is in milliseconds since 1970. */
  seal(envelope: Node, instant: number): Node;
  /** The envelope inside a document received. Throws `DEPARTMENT_PROTOCOL` when a signature is wrong or nothing can be decrypted. */
  open(document: Node): Opened;
}

export interface Opened {
  readonly envelope: Node;
  /**
   * False for an envelope that came bare where the scheme wants it signed or encrypted. Early failures come so (wire spec 2.2): it
   * may be read as a refusal and never as a success.
   */
  readonly trusted: boolean;
}

/** The cipher that the settings name. Throws `RangeError` for keys that are none. */
export function envelopeCipher(settings: MedicalInsuranceSettings['cipher']): EnvelopeCipher {
  switch (settings.scheme) {
    case 'none':
      return { seal: (envelope) => envelope, open: (envelope) => ({ envelope, trusted: true }) };
    case 'C1':
      return signedEnvelope(settings);
    case 'C2':
      return encryptedInput(settings);
    case 'D':
      return encryptedBody(settings);
  }
}

type Settings<Scheme> = Extract<MedicalInsuranceSettings['cipher'], { scheme: Scheme }>;

/** C1: `cainfo` signs every other field but the input. That answers are signed alike (all but the output) is inferred. */
function signedEnvelope(settings: Settings<'C1'>): EnvelopeCipher {
  const privateKey = readPrivateKey(settings.privateKey);
  const publicKey = settings.platformPublicKey && readPublicKey(settings.platformPublicKey);
  return {
    seal(envelope) {
      const signed = { ...envelope, signtype: 'SM2' };
      const text = joined(signed, ['cainfo', 'input']);
      return { ...signed, cainfo: signSm2(text, privateKey, DEFAULT_USER_ID, settings.form).toUpperCase() };
    },
    open(envelope) {
      if (!publicKey) return { envelope, trusted: true };
      return {
        envelope,
        trusted: isSigned(envelope, joined(envelope, ['cainfo', 'output']), publicKey, DEFAULT_USER_ID),
      };
    },
  };
}

/** C2: `input` is SM4 under the client id, `cainfo` signs the plain text of it; the output comes encrypted under the same key. */
function encryptedInput(settings: Settings<'C2'>): EnvelopeCipher {
  const privateKey = readPrivateKey(settings.privateKey);
  const publicKey = settings.platformPublicKey && readPublicKey(settings.platformPublicKey);
  const key = Buffer.from(settings.clientId, 'utf8');
  return {
    seal(envelope) {
      const plain = JSON.stringify(envelope.input);
      return {
        ...envelope,
        signtype: 'SM2',
        [settings.cipherField]: 'SM4',
        cainfo: Buffer.from(signSm2(plain, privateKey, settings.clientId), 'hex').toString('base64'),
        input: encryptSm4(plain, key).toString('base64'),
      };
    },
    open(envelope) {
      if (typeof envelope.output !== 'string' || envelope.output === '') return { envelope, trusted: false };
      const plain = decrypted(Buffer.from(envelope.output, 'base64'), key, 'output');
      const trusted = !publicKey || isSigned(envelope, plain, publicKey, settings.clientId);
      return { envelope: { ...envelope, output: plain }, trusted };
    },
  };
}

/** D: the envelope is the `data` of another document, where it stands encrypted beside its signature. */
function encryptedBody(settings: Settings<'D'>): EnvelopeCipher {
  const { appId, appSecret } = settings;
  const privateKey = readPrivateKey(settings.privateKey);
  const publicKey = settings.platformPublicKey && readPublicKey(settings.platformPublicKey);
  const userId = settings.userId ?? appSecret;
  const key = sessionKey(appId, appSecret);
  return {
    seal(envelope, instant) {
      const head = {
        appId,
        encType: 'SM4',
        signType: 'SM2',
        timestamp: String(Math.floor(instant / 1_000)),
        version: settings.version,
      };
      const signature = signSm2(textToSign({ ...head, data: envelope }, appSecret), privateKey, userId);
      return {
        ...head,
        encData: encryptSm4(JSON.stringify(envelope), key).toString('hex').toUpperCase(),
        signData: Buffer.from(signature, 'hex').toString('base64'),
      };
    },
    open(document) {
      if (typeof document.encData !== 'string') return { envelope: document, trusted: false };
      const envelope = parsed(decrypted(Buffer.from(document.encData, 'hex'), key, 'encData'), 'encData');
      if (publicKey) {
        const text = textToSign({ ...document, data: envelope }, appSecret);
        const signature = typeof document.signData === 'string' ? document.signData : '';
        if (!verifySm2(text, signature, publicKey, userId)) throw protocolFault('signData', 'is a wrong signature');
      }
      return { envelope, trusted: true };
    },
  };
}

/** True for a right `cainfo`, false for none; a wrong one throws. */
function isSigned(envelope: Node, text: string, publicKey: string, userId: string): boolean {
  const signature = envelope.cainfo;
  if (typeof signature !== 'string' || signature === '') return false;
  if (!verifySm2(text, signature, publicKey, userId)) throw protocolFault('cainfo', 'is a wrong signature');
  return true;
}

/** `name=value` of every other field, names in ASCII order, joined by `&`; empty values stay (wire spec 1.4, C1). */
export function joined(envelope: Node, left: readonly string[]): string {
  return Object.keys(envelope)
    .filter((name) => !left.includes(name))
    .sort()
    .map((name) => `${name}=${plainValue(envelope[name])}`)
    .join('&');
}

function plainValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The session key of scheme D (wire spec 1.4, D, step 1): the first 16 characters of the encrypted secret's hex, as bytes. */
export function sessionKey(appId: string, appSecret: string): Buffer {
  const secret = encryptSm4(appSecret, Buffer.from(appId.slice(0, 16), 'utf8'));
  return Buffer.from(secret.toString('hex').toUpperCase().slice(0, 16), 'utf8');
}

/** The text that scheme D signs (wire spec 1.4, D, step 3). */
export function textToSign(document: Node, appSecret: string): string {
  const fields = Object.keys(document)
    .filter((name) => !['signData', 'encData', 'extra'].includes(name) && !isNothing(document[name]))
    .sort()
    .map((name) => {
      const value = document[name];
      return `${name}=${typeof value === 'object' ? JSON.stringify(sorted(value)) : String(value)}`;
    });
  return [...fields, `key=${appSecret}`].join('&');
}

/** Names sorted at every level, numbers and booleans as text, empty arrays and nulls dropped. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== null && member !== undefined && !(Array.isArray(member) && member.length === 0))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, member]) => [name, sorted(member)]);
  return Object.fromEntries(members);
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

function decrypted(bytes: Buffer, key: Buffer, field: string): string {
  try {
    return decryptSm4(bytes, key);
  } catch (error) {
    throw protocolFault(field, 'cannot be decrypted', { cause: error });
  }
}

function parsed(text: string, field: string): Node {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Node;
  } catch {
    // JSON.parse quotes what it stumbles over, and that is personal data.
    throw protocolFault(field, 'is not JSON');
  }
  throw protocolFault(field, 'is not an object');
}
