import { createPublicKey, type KeyObject, verify, type webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { EXIT, notTaken, unfinished } from '../command-line/refusals.ts';
import type { Surroundings } from '../command-line/run.ts';
import { readResults } from './files/result-file.ts';
import { KEYS, type KeysAnswer, RECEIPTS, type ReceiptsAnswer } from './operations.ts';
import { readDocument } from './status.ts';

export interface ReceiptOptions {
  /** `NUMBER` or `NUMBER@VERSION`; absent where a result file is read. */
  readonly document?: string | undefined;
  /** A result file: its receipts. */
  readonly file?: string | undefined;
  readonly hospital?: string | undefined;
  readonly verify: boolean;
  /** A file of public keys: a JWK, a JWK set, or PEM. The gateway's published keys when absent. */
  readonly keys?: string | undefined;
}

/** A receipt to be shown: its token, what the gateway says beside it, and what it must say itself. */
interface Receipt {
  readonly name: string;
  readonly token: string;
  readonly beside?: Readonly<Record<string, unknown>>;
  /** Members of its content with their values. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Prints receipts and, when asked, checks their signatures. Exit code 1 when there is none or one is not good. */
export async function receipt(options: ReceiptOptions, surroundings: Surroundings): Promise<number> {
  const { terminal } = surroundings;
  const receipts =
    options.file === undefined ? await receiptsOfDocument(options, surroundings) : receiptsOfFile(options.file);
  if (receipts.length === 0) {
    const name = options.document ?? options.file;
    terminal.note({ en: `${name}: no receipt`, zh: `${name}：没有回执` });
    return EXIT.some;
  }
  const keys = options.verify ? await readKeys(options.keys, surroundings) : undefined;
  let good = true;
  for (const { name, token, beside, claims } of receipts) {
    const { header, content } = readToken(token);
    terminal.result(JSON.stringify({ ...beside, header, content, token }, undefined, options.file ? undefined : 2));
    if (keys === undefined) continue;
    const fault = faultOf(token, header, keys) ?? otherClaim(content, claims);
    good &&= fault === undefined;
    terminal.note(
      fault === undefined
        ? { en: `${name}: the signature is good`, zh: `${name}：签名有效` }
        : { en: `${name}: NOT GOOD: ${fault.en}`, zh: `${name}：无效：${fault.zh}` },
    );
  }
  return good ? EXIT.done : EXIT.some;
}

async function receiptsOfDocument(
  { document = '', hospital }: ReceiptOptions,
  { client }: Surroundings,
): Promise<Receipt[]> {
  const { number, version } = readDocument(document);
  const filter = { documentNumber: number, hospital };
  const { postings } = await client.ask<ReceiptsAnswer>(RECEIPTS, JSON.stringify({ filter }), 'postings');
  // Newest first: without a version the last one.
  const node = postings.edges
    .map((edge) => edge.node)
    .find((posting) => version === undefined || posting.document.version === version);
  if (node === undefined) return [];
  const { token, ...beside } = node.receipt;
  const { hospital: of, document: its } = node;
  const claims = { sub: node.id, hospital: of, document: its.number, version: its.version, digest: beside.digest };
  return [{ name: document, token, beside: { hospital: of, document: its, ...beside }, claims }];
}

function receiptsOfFile(path: string): Receipt[] {
  const results = readResults(path);
  if (results === undefined) throw notTaken({ en: `${path}: no result file`, zh: `${path}：不是结果文件` });
  return [...results.entries.values()].flatMap(({ line, document, version, postingId, receipt: token }) =>
    token === null
      ? []
      : [{ name: `${path}: ${document ?? line}`, token, claims: { sub: postingId, document, version } }],
  );
}

type Keys = ReadonlyMap<string, KeyObject>;

async function readKeys(file: string | undefined, { client }: Surroundings): Promise<Keys> {
  if (file !== undefined) return keysOfFile(file);
  const { postingKeys } = await client.ask<KeysAnswer>(KEYS, '{}', 'postingKeys');
  return new Map(postingKeys.map(({ id, jwk }) => [id, keyOf(JSON.parse(jwk))]));
}

/** A key without an id is taken for every signature: it stands under the empty one. */
function keysOfFile(path: string): Keys {
  try {
    const text = readFileSync(path, 'utf8');
    if (text.includes('-----BEGIN')) return new Map([['', createPublicKey(text)]]);
    const value = JSON.parse(text) as { keys?: object[] };
    const list = value.keys ?? [value];
    return new Map(list.map((jwk) => [String((jwk as { kid?: string }).kid ?? ''), keyOf(jwk)]));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw notTaken({
      en: `${path}: no public key (JWK, JWK set or PEM)${code === undefined ? '' : `: ${code}`}`,
      zh: `${path}：不是公钥文件（JWK、JWK集合或PEM）${code === undefined ? '' : `：${code}`}`,
    });
  }
}

function keyOf(jwk: unknown): KeyObject {
  return createPublicKey({ key: jwk as webcrypto.JsonWebKey, format: 'jwk' });
}

interface Token {
  readonly header: Readonly<Record<string, unknown>>;
  readonly content: unknown;
}

function readToken(token: string): Token {
  const [header = '', content = ''] = token.split('.');
  try {
    return {
      header: JSON.parse(Buffer.from(header, 'base64url').toString()),
      content: JSON.parse(Buffer.from(content, 'base64url').toString()),
    };
  } catch {
    throw unfinished({ en: 'The receipt is no JSON Web Signature.', zh: '回执不是有效的JSON Web Signature。' });
  }
}

/** That the receipt, however well signed, is of another posting; undefined when it is of this one. */
function otherClaim(content: unknown, claims: Receipt['claims']) {
  const told = (content ?? {}) as Readonly<Record<string, unknown>>;
  const other = Object.entries(claims).find(([name, value]) => told[name] !== value);
  return other && { en: `it is of another posting: ${other[0]} differs`, zh: `回执属于另一报送：${other[0]}不一致` };
}

/** What is wrong with a signature (RFC 7515 with EdDSA of RFC 8037); undefined when it is good. */
function faultOf(token: string, { alg, kid }: Token['header'], keys: Keys) {
  if (alg !== 'EdDSA') return { en: 'not signed with EdDSA', zh: '签名算法不是EdDSA' };
  const key = keys.get(String(kid ?? '')) ?? keys.get('');
  if (key === undefined) return { en: 'its key is not among the keys given', zh: '所给公钥中没有其签名密钥' };
  if (key.asymmetricKeyType !== 'ed25519') return { en: 'its key is not of Ed25519', zh: '公钥不是Ed25519' };
  const at = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(at + 1), 'base64url');
  if (verify(null, Buffer.from(token.slice(0, at)), key, signature)) return undefined;
  return { en: 'the signature does not match', zh: '签名与内容不符' };
}
