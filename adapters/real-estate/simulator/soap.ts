import type { WireAnswer, WireRequest } from '../../simulator/http-front.ts';
import { type MarkupElement, MarkupError, markupText, readMarkup } from './markup.ts';
import { Refusal, WORDS } from './refusal.ts';

/** The SOAP 1.1 shell, document/literal wrapped (wire spec section 1). */

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
export const SERVICE = 'http://bdc.example.invalid/ws/query/1.0';

export const OPERATIONS = [
  'QueryByOwner',
  'QueryByCert',
  'QueryByUnit',
  'PrintQueryProof',
  'PrintHouseProof',
  'LinkFee',
] as const;

export type OperationName = (typeof OPERATIONS)[number];

/** The operation that SOAPAction names; undefined when it names none of the service's. */
export function actionOf({ headers }: WireRequest): OperationName | undefined {
  const { soapaction } = headers;
  return OPERATIONS.find((operation) => soapaction === `"${SERVICE}/${operation}"`);
}

/** Gives the signed message inside a request. Throws `Refusal` 1002 for anything but the shell that the spec describes. */
export function openRequest(request: WireRequest): { operation: OperationName; message: string } {
  const operation = actionOf(request);
  if (request.method !== 'POST' || !isUtf8Xml(request.headers['content-type']) || !operation) throw new Refusal('1002');
  const envelope = readDocument(readUtf8(request.body));
  if (envelope.name !== 'Envelope' || envelope.namespace !== SOAP) throw new Refusal('1002');
  const [body, ...more] = envelope.children.filter(({ name, namespace }) => name === 'Body' && namespace === SOAP);
  const [call, ...others] = body?.children ?? [];
  if (!call || more.length > 0 || others.length > 0) throw new Refusal('1002');
  if (call.name !== operation || call.namespace !== SERVICE) throw new Refusal('1002');
  const [payload, ...extra] = call.children;
  if (!payload || extra.length > 0 || payload.name !== 'requestXml' || payload.namespace !== SERVICE) {
    throw new Refusal('1002');
  }
  return { operation, message: payload.text };
}

/** Reads XML; what is none is a `Refusal` 1002. */
export function readDocument(text: string): MarkupElement {
  try {
    return readMarkup(text);
  } catch (error) {
    if (error instanceof MarkupError) throw new Refusal('1002');
    throw error;
  }
}

function isUtf8Xml(type: string | undefined): boolean {
  return /^text\/xml\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(type ?? '');
}

function readUtf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new Refusal('1002');
  }
}

/** An answer with its signed message. */
export function soapAnswer(operation: OperationName, message: string): WireAnswer {
  const inner =
    `<${operation}Response xmlns="${SERVICE}"><responseXml>${markupText(message)}</responseXml>` +
    `</${operation}Response>`;
  return answer(200, `<soapenv:Header/><soapenv:Body>${inner}</soapenv:Body>`);
}

/** A SOAP Fault, HTTP 500 (wire spec sections 1 and 4). */
export function soapFault(refusal: Refusal, id: string): WireAnswer {
  const detail = `<bdcFault xmlns="${SERVICE}"><code>${refusal.code}</code><bizMsgId>${markupText(id)}</bizMsgId></bdcFault>`;
  const fault =
    `<faultcode>soapenv:${refusal.fault ?? 'Server'}</faultcode><faultstring>${WORDS[refusal.code]}</faultstring>` +
    `<detail>${detail}</detail>`;
  return answer(500, `<soapenv:Body><soapenv:Fault>${fault}</soapenv:Fault></soapenv:Body>`);
}

function answer(status: number, content: string): WireAnswer {
  const text = `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="${SOAP}">${content}</soapenv:Envelope>`;
  return { status, headers: { 'content-type': 'text/xml; charset=utf-8' }, body: Buffer.from(text, 'utf8') };
}
