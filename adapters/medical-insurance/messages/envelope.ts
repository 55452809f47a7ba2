import type { HttpAnswer } from '../../transport/http.ts';
import { chinaDateTime } from '../../values/china-time.ts';
import type { EnvelopeCipher } from '../envelope-cipher.ts';
import { gatewayFault, locatorsOf, protocolFault, type Refusal, type RefusalKind } from '../errors.ts';
import type { MessageNumber } from '../message-numbers.ts';
import type { Institution, MedicalInsuranceSettings } from '../settings.ts';
import type { Transaction } from '../transactions.ts';
import { looksZipped } from '../zip.ts';
import type { Node } from './input-fields.ts';

/** What one envelope says beside the settings. */
export interface Letter {
  readonly transaction: Transaction;
  readonly number: MessageNumber;
  readonly institution: Institution;
  /** insuplc_admdvs, from the insurance worked under; empty where nobody is named. */
  readonly insuredRegion: string;
  /** Empty in the sign-in itself. */
  readonly signNumber: string;
  readonly input: Node;
}

/** mdtrtarea_admvs: told, or the six digits of the provider's code (wire spec 2.1). */
export function regionOf(institution: Institution): string {
  return institution.region ?? institution.code.slice(1, 7);
}

/** The eighteen fields of a request (wire spec 2.1); `mdtrtarea_admvs` and `insuplc_admdvs` are spelt as the platform spells them. */
export function requestEnvelope(
  letter: Letter,
  settings: Pick<MedicalInsuranceSettings, 'receiverSystemCode' | 'interfaceVersion' | 'deviceNumber' | 'deviceSafety'>,
): Node {
  const { institution, number } = letter;
  return {
    infno: letter.transaction.number,
    msgid: number.messageId,
    mdtrtarea_admvs: regionOf(institution),
    insuplc_admdvs: letter.insuredRegion,
    recer_sys_code: settings.receiverSystemCode,
    dev_no: settings.deviceNumber,
    dev_safe_info: settings.deviceSafety,
    cainfo: '',
    signtype: '',
    infver: settings.interfaceVersion,
    opter_type: institution.operator.type ?? '1',
    opter: institution.operator.number,
    opter_name: institution.operator.name,
    inf_time: chinaDateTime(number.instant),
    fixmedins_code: institution.code,
    fixmedins_name: institution.name,
    sign_no: letter.signNumber,
    input: letter.input,
  };
}

/** What came back: output nodes (bytes for a download) or a refusal. Everything else is thrown. */
export type Reading =
  | { readonly refused: false; readonly output: unknown }
  | { readonly refused: true; readonly refusal: Refusal };

/**
 * Reads an answer by the rule of wire spec 4: a success is JSON with an `infcode` that as text is `0`; whether the promised node is
 * there is for the transaction to see.
 */
export function readAnswer(
  answer: HttpAnswer,
  transaction: Transaction,
  cipher: EnvelopeCipher,
  texts: MedicalInsuranceSettings['refusalTexts'],
): Reading {
  if (answer.status !== 200) return refusedByStatus(answer.status);
  if (transaction.binary && looksZipped(answer.body)) return { refused: false, output: answer.body };

  const { envelope, trusted } = cipher.open(jsonObject(textOf(answer.body)));
  const { infcode } = envelope;
  if (typeof infcode !== 'number' && typeof infcode !== 'string') return notAnEnvelope(envelope, texts);
  if (String(infcode) === '0') {
    if (!trusted) throw protocolFault('cainfo', 'is not signed or encrypted as agreed');
    return { refused: false, output: outputOf(envelope.output) };
  }
  if (!/^-?\d+$/.test(String(infcode))) throw protocolFault('infcode', 'is not a code');

  const text = textIn(envelope, 'err_msg') ?? '';
  const departmentCode = locatorsOf(text) ?? String(infcode);
  return { refused: true, refusal: { kind: kindOf(text, transaction, texts), text, departmentCode } };
}

/** Statuses other than 200 come from the gateway (wire spec 1.1, 4). */
function refusedByStatus(status: number): Reading {
  const refusedAs = (kind: RefusalKind): Reading => ({
    refused: true,
    refusal: { kind, text: '', departmentCode: `HTTP ${status}` },
  });
  if (status === 401 || status === 403) return refusedAs('gateway');
  if (status === 429) return refusedAs('busy');
  if (status >= 400 && status < 500) return refusedAs('middleware');
  throw gatewayFault(status);
}

/** JSON without `infcode`: a middleware's wrapper, or the gateway's refusal when it says something (wire spec 4). */
function notAnEnvelope(document: Node, texts: MedicalInsuranceSettings['refusalTexts']): Reading {
  const text = textIn(document, 'msg') ?? textIn(document, 'message');
  const { code } = document;
  if (text !== undefined && (typeof code === 'string' || typeof code === 'number')) {
    const kind = says(text, texts.busy) ? 'busy' : 'middleware';
    return { refused: true, refusal: { kind, text, departmentCode: String(code).slice(0, 20) } };
  }
  const said = text ?? textIn(document, 'error');
  // A document with an output is the platform's, whatever it lacks: its work may have been done.
  if (said !== undefined && !('output' in document)) {
    return { refused: true, refusal: { kind: 'gateway', text: said, departmentCode: undefined } };
  }
  throw protocolFault('infcode', 'is not an envelope of the platform');
}

/** Which refusal the text tells of; the settings hold the words (wire spec 4). */
function kindOf(text: string, transaction: Transaction, texts: MedicalInsuranceSettings['refusalTexts']): RefusalKind {
  if (transaction.absence === 'not-found' && says(text, texts.notFound)) return 'not-found';
  if (transaction.absence === 'nothing-to-reverse' && says(text, texts.nothingToReverse)) return 'nothing-to-reverse';
  if (transaction.absence === 'nothing-to-take-back' && says(text, texts.nothingToTakeBack)) {
    return 'nothing-to-take-back';
  }
  if (!transaction.impersonal && says(text, texts.signIn)) return 'sign-in';
  if (says(text, texts.busy)) return 'busy';
  if (says(text, texts.region)) return 'region';
  return 'business';
}

function says(text: string, words: readonly string[]): boolean {
  return words.some((word) => text.includes(word));
}

/** The output may come as JSON text once more (wire spec 2.2); none at all is an empty one. */
function outputOf(output: unknown): unknown {
  if (output === null || output === undefined || output === '') return {};
  if (typeof output !== 'string') return output;
  return jsonObject(output, 'output');
}

function textOf(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw protocolFault('body', 'is not UTF-8');
  }
}

function jsonObject(text: string, field = 'body'): Node {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // JSON.parse quotes what it stumbles over, and that may be personal data.
    throw protocolFault(field, 'is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw protocolFault(field, 'is not a JSON object');
  }
  return value as Node;
}

function textIn(document: Node, member: string): string | undefined {
  const value = document[member];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
