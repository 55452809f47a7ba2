import type { KeyObject } from 'node:crypto';
import { isBizMessageId } from '../../identifiers/biz-message-id.ts';
import { type MarkupElement, markupText } from './markup.ts';
import { Refusal, type RegistryCode, WORDS } from './refusal.ts';
import { holds, putTogether, takeApart } from './signature.ts';
import { type OperationName, readDocument } from './soap.ts';
import { localTime, readLocalTime } from './wall-clock.ts';

/** AreaCode and RegOrgID of this registry (wire spec section 2). */
const XIANAN = '421202';

const RECORD_TYPES: Readonly<Record<OperationName, readonly string[]>> = {
  QueryByOwner: ['9800101'],
  QueryByCert: ['9800102'],
  QueryByUnit: ['9800103'],
  PrintQueryProof: ['9800201'],
  PrintHouseProof: ['9800202'],
  LinkFee: ['9800301', '9800302'],
};

/** A request whose signature and head are in order. */
export interface RequestMessage {
  readonly id: string;
  readonly flowId: string;
  readonly recType: string;
  /** CreateDate, milliseconds since 1970. */
  readonly createdAt: number;
  readonly data: MarkupElement;
}

/** The id of a message before anything of it is trusted; empty when it has none. */
export function idOf(message: string): string {
  return takeApart(message)?.id ?? '';
}

/** Checks signature and head. Throws `Refusal` 1001 or 1002. */
export function readMessage(operation: OperationName, text: string, gatewayKey: KeyObject): RequestMessage {
  const parts = takeApart(text);
  if (!parts) throw new Refusal('1002');
  if (!holds(parts, gatewayKey)) throw new Refusal('1001');

  const message = readDocument(parts.original);
  const [head, data, ...others] = message.children;
  if (message.name !== 'Message' || head?.name !== 'Head' || data?.name !== 'Data' || others.length > 0) {
    throw new Refusal('1002');
  }
  const fields = headFields(head);
  const createdAt = readLocalTime(fields.CreateDate);
  const inOrder =
    fields.ASID === 'AS100' &&
    fields.AreaCode === XIANAN &&
    fields.RegOrgID === XIANAN &&
    fields.BizMsgID === '' &&
    isBizMessageId(parts.id) &&
    parts.id.startsWith(fields.AreaCode) &&
    fields.RecFlowID.length <= 50 &&
    RECORD_TYPES[operation].includes(fields.RecType);
  if (!inOrder || createdAt === undefined) throw new Refusal('1002');
  return { id: parts.id, flowId: fields.RecFlowID, recType: fields.RecType, createdAt, data };
}

const HEAD_FIELDS = ['ASID', 'AreaCode', 'BizMsgID', 'CreateDate', 'RecFlowID', 'RecType', 'RegOrgID'] as const;

type HeadFields = Record<(typeof HEAD_FIELDS)[number], string>;

/** By name, in any order, each once, none unknown. */
function headFields(head: MarkupElement): HeadFields {
  const fields = new Map(head.children.map(({ name, text }) => [name, text]));
  const complete = HEAD_FIELDS.every((name) => fields.has(name)) && head.children.length === HEAD_FIELDS.length;
  if (!complete) throw new Refusal('1002');
  return Object.fromEntries(fields) as HeadFields;
}

/** Writes and signs an answer: the request's id, flow and type again, the code, and the data. */
export function writeMessage(
  request: Pick<RequestMessage, 'id' | 'flowId' | 'recType'>,
  result: { readonly code: RegistryCode; readonly data: string; readonly at: number },
  registryKey: KeyObject,
): string {
  const head =
    `<ASID>AS100</ASID><AreaCode>${XIANAN}</AreaCode><BizMsgID></BizMsgID>` +
    `<CreateDate>${localTime(result.at)}</CreateDate><RecFlowID>${markupText(request.flowId)}</RecFlowID>` +
    `<RecType>${request.recType}</RecType><RegOrgID>${XIANAN}</RegOrgID>` +
    `<ResponseCode>${result.code}</ResponseCode><ResponseInfo>${WORDS[result.code]}</ResponseInfo>`;
  const original = `<?xml version="1.0" encoding="UTF-8"?><Message><Head>${head}</Head><Data>${result.data}</Data></Message>`;
  return putTogether(original, request.id, registryKey);
}
