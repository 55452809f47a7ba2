import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { checked, converted } from '../../values/checked.ts';
import { chinaDateTime, instantFromChina } from '../../values/china-time.ts';
import { protocolFault } from '../errors.ts';
import { detachSignature, isSignedBy, signMessage } from '../signing.ts';

import { child, parsed } from './envelope.ts';
import { characterData, type XmlElement } from './xml.ts';

/** The head of a request (wire spec section 2). */
export interface RequestHead {
  readonly bizMessageId: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly areaCode: string;
  readonly registrar: string;
  /** SLBH when there is one, else empty. */
  readonly flowId: string;
  readonly recType: string;
}

/** The text that is signed: no DigitalSign, the BizMsgID empty (wire spec 1.1). `data` is what stands inside Data. */
export function unsignedMessage(head: RequestHead, data: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?><Message><Head><ASID>AS100</ASID>' +
    `<AreaCode>${head.areaCode}</AreaCode><BizMsgID></BizMsgID>` +
    `<CreateDate>${chinaDateTime(head.createdAt).replace(' ', 'T')}</CreateDate>` +
    `<RecFlowID>${characterData(head.flowId)}</RecFlowID><RecType>${head.recType}</RecType>` +
    `<RegOrgID>${head.registrar}</RegOrgID></Head><Data>${data}</Data></Message>`
  );
}

/** A request as it goes into the envelope. */
export function encodeMessage(head: RequestHead, data: string, key: KeyObject): string {
  return signMessage(unsignedMessage(head, data), head.bizMessageId, key);
}

/** An answer whose signature was found right. */
export interface AnswerMessage {
  /** ResponseCode, four digits. */
  readonly code: string;
  readonly info: string;
  /** The registry's own time when it answered, milliseconds since 1970. */
  readonly createdAt: number;
  readonly data: XmlElement;
}

const answerHead = z.object({
  RecType: z.string(),
  CreateDate: converted(instantFromChina),
  ResponseCode: z.string().regex(/^\d{4}$/),
  ResponseInfo: z.string().default(''),
});

/**
 * Checks and reads an answer. Throws `DEPARTMENT_PROTOCOL` when the signature is not the registry's or the answer is another
 * message's; nothing of such an answer is passed on.
 */
export function decodeMessage(
  text: string,
  request: Pick<RequestHead, 'bizMessageId' | 'recType'>,
  registryKey: KeyObject,
): AnswerMessage {
  const detached = detachSignature(text);
  if (!detached || !isSignedBy(detached, registryKey)) {
    throw protocolFault('Head.DigitalSign', 'is not the registry’s signature');
  }
  // The id lies outside the signature (wire spec 1.1): only that it is ours ties this answer to the request.
  if (detached.bizMessageId !== request.bizMessageId) throw protocolFault('Head.BizMsgID');

  const message = parsed(detached.unsigned, 'Message');
  if (message.name !== 'Message') throw protocolFault('Message');
  const head = checked(answerHead, headFields(child(message, 'Head', 'Message')), 'Head', protocolFault);
  if (head.RecType !== request.recType) throw protocolFault('Head.RecType');
  return {
    code: head.ResponseCode,
    info: head.ResponseInfo,
    createdAt: head.CreateDate,
    data: child(message, 'Data', 'Message'),
  };
}

/** Head elements by name: their order differs between registries (wire spec section 2). */
function headFields(head: XmlElement): Record<string, string> {
  // The emptied id must be the head's own, not one that stands elsewhere in the text.
  if (child(head, 'BizMsgID', 'Head').text !== '') throw protocolFault('Head.BizMsgID');
  return Object.fromEntries(head.children.map(({ name, text }) => [name, text]));
}
