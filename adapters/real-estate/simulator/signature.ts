import { createHash, createSign, createVerify, type KeyObject } from 'node:crypto';

/** Wire spec 1.1, written from the registry's side. MD5 and SHA-1 are what the observed registries use. */

const ID_OPEN = '<BizMsgID>';
const ID_CLOSE = '</BizMsgID>';
const SIGN_OPEN = '<DigitalSign>';
const SIGN_CLOSE = '</DigitalSign>';

export interface SignedParts {
  /** The text as it was signed: the id empty, no signature. */
  readonly original: string;
  readonly id: string;
  readonly signature: string;
}

/** Takes a message apart at its id and signature; undefined when they do not follow each other, or stand there twice. */
export function takeApart(message: string): SignedParts | undefined {
  const idAt = only(message, ID_OPEN);
  const signAt = only(message, SIGN_OPEN);
  const idEnd = only(message, ID_CLOSE);
  const signEnd = only(message, SIGN_CLOSE);
  if (idAt < 0 || idEnd < idAt || signAt < idEnd || signEnd < signAt) return undefined;
  if (message.slice(idEnd + ID_CLOSE.length, signAt).trim() !== '') return undefined;
  return {
    original: message.slice(0, idAt + ID_OPEN.length) + ID_CLOSE + message.slice(signEnd + SIGN_CLOSE.length),
    id: message.slice(idAt + ID_OPEN.length, idEnd),
    signature: message.slice(signAt + SIGN_OPEN.length, signEnd),
  };
}

/** True when the signature is lower- or upper-case hex made over the text by the holder of the key. */
export function holds({ original, signature }: SignedParts, key: KeyObject): boolean {
  if (!/^(?:[\dA-Fa-f]{2})+$/.test(signature)) return false;
  return createVerify('RSA-SHA1').update(md5(original)).verify(key, signature, 'hex');
}

/** Puts the id and the signature, CR LF between them, where the empty id stands. */
export function putTogether(original: string, id: string, key: KeyObject): string {
  const signature = createSign('RSA-SHA1').update(md5(original)).sign(key, 'hex');
  const at = original.indexOf(ID_OPEN + ID_CLOSE);
  const end = at + ID_OPEN.length + ID_CLOSE.length;
  const signed = `${ID_OPEN}${id}${ID_CLOSE}\r\n${SIGN_OPEN}${signature}${SIGN_CLOSE}`;
  return original.slice(0, at) + signed + original.slice(end);
}

function md5(text: string): Buffer {
  return createHash('md5').update(Buffer.from(text, 'utf8')).digest();
}

/** Where a text stands if it stands there once; -1 otherwise. */
function only(message: string, text: string): number {
  const at = message.indexOf(text);
  return at === message.lastIndexOf(text) ? at : -1;
}
