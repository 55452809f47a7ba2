import type { HttpAnswer } from '../../transport/http.ts';
import { noEnvelope, protocolFault } from '../errors.ts';
import { characterData, parseXml, type XmlElement, XmlFault } from './xml.ts';

/** The wire's operations; requests and answers are named after them (wire spec section 3). */
export type Operation =
  | 'QueryByOwner'
  | 'QueryByCert'
  | 'QueryByUnit'
  | 'PrintQueryProof'
  | 'PrintHouseProof'
  | 'LinkFee';

export const SOAP_CONTENT_TYPE = 'text/xml; charset=utf-8';

/** The SOAPAction header, quotes included (wire spec section 1). */
export function soapAction(namespace: string, operation: Operation): string {
  return `"${namespace}/${operation}"`;
}

/** The SOAP 1.1 shell around a signed message: one string element, so that the signed characters stay as they are (wire spec 1). */
export function encodeEnvelope(namespace: string, operation: Operation, message: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Header/><soapenv:Body>' +
    `<${operation} xmlns="${characterData(namespace)}"><requestXml>${characterData(message)}</requestXml></${operation}>` +
    '</soapenv:Body></soapenv:Envelope>'
  );
}

/** What an envelope held: the signed message, or a SOAP Fault, which carries no signature. */
export type EnvelopeContent =
  | { readonly kind: 'message'; readonly message: string }
  | { readonly kind: 'fault'; readonly code: string; readonly text: string; readonly bizMessageId: string };

/**
 * Reads the body of an HTTP answer. What it is, is told by its elements and not by the HTTP status (wire spec section 4). Throws
 * `DEPARTMENT_PROTOCOL`; with the department's code 9999 for an HTML page or an empty body.
 */
export function decodeEnvelope(answer: Pick<HttpAnswer, 'headers' | 'body'>, operation: Operation): EnvelopeContent {
  if (answer.body.length === 0 || isHtml(answer)) throw noEnvelope();
  const body = soapBody(parsed(utf8Text(answer.body), 'body'));
  const fault = body.children.find((child) => child.name === 'Fault');
  if (fault) return faultContent(fault);
  const response = child(body, `${operation}Response`, 'Envelope.Body');
  const { text } = child(response, 'responseXml', `Envelope.Body.${operation}Response`);
  return { kind: 'message', message: text };
}

/** Reads XML inside an answer; `DEPARTMENT_PROTOCOL` naming the place when it is none. */
export function parsed(text: string, field: string): XmlElement {
  try {
    return parseXml(text);
  } catch (error) {
    if (error instanceof XmlFault) throw protocolFault(field, `the XML ${error.message}`);
    throw error;
  }
}

/** The one child element of this name; `DEPARTMENT_PROTOCOL` naming its place when there is none or another beside it. */
export function child(parent: XmlElement, name: string, field: string): XmlElement {
  const [found, ...others] = parent.children.filter((candidate) => candidate.name === name);
  if (!found || others.length > 0) throw protocolFault(`${field}.${name}`);
  return found;
}

/** Looked at as bytes: such pages come in character sets of their own. */
function isHtml({ headers, body }: Pick<HttpAnswer, 'headers' | 'body'>): boolean {
  const type = String(headers['content-type'] ?? '');
  return /\bhtml\b/i.test(type) || /^\s*<(?:!doctype\s+html|html)\b/i.test(body.subarray(0, 100).toString('latin1'));
}

function utf8Text(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw protocolFault('body', 'is not UTF-8');
  }
}

function soapBody(root: XmlElement): XmlElement {
  if (root.name !== 'Envelope') throw protocolFault('Envelope');
  return child(root, 'Body', 'Envelope');
}

/** A Fault without the registry's own detail comes from the SOAP stack before it: 9999, unknown (wire spec section 4). */
function faultContent(fault: XmlElement): EnvelopeContent {
  const value = (parent: XmlElement | undefined, name: string) =>
    parent?.children.find((candidate) => candidate.name === name)?.text.trim() ?? '';
  const detail = fault.children
    .find((candidate) => candidate.name === 'detail')
    ?.children.find((candidate) => candidate.name === 'bdcFault');
  return {
    kind: 'fault',
    code: value(detail, 'code') || '9999',
    text: value(fault, 'faultstring'),
    bizMessageId: value(detail, 'bizMsgId'),
  };
}
