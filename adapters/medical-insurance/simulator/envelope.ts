import { compactMillisecondsOf, isDateTime } from './clock.ts';
import { code, dateTime, form, type Given, node, type Rule, region, required, text } from './fields.ts';
import { fieldRefusal, refusal } from './refusal.ts';

/** What one transaction may carry in `input` (wire spec 2.1). */
const LONGEST_INPUT = 40_000;

/**
 * Transactions with limits of their own: a file travels inside `input` (9101, wire spec 3.13), and the hundred rows that are sent in
 * practice (2301, wire spec 5) are longer than the document's limit.
 */
const UNLIMITED: ReadonlySet<string> = new Set(['2301', '9101']);

const anything: Rule<unknown> = { read: (value) => value };

const ENVELOPE = node({
  infno: required(text(5)),
  msgid: required(text(30)),
  mdtrtarea_admvs: required(region),
  insuplc_admdvs: region,
  recer_sys_code: required(text(10)),
  dev_no: text(100),
  dev_safe_info: text(2000),
  cainfo: text(1024),
  signtype: code('SM2', 'SM3'),
  infver: required(text(6)),
  opter_type: required(code('1', '2', '3')),
  opter: required(text(30)),
  opter_name: required(text(50)),
  inf_time: required(dateTime),
  fixmedins_code: required(form(12, /^[HP]\d{11}$/)),
  fixmedins_name: required(text(20)),
  sign_no: text(30),
  input: required(anything),
});

/** A request's envelope, checked field by field (wire spec 2.1), with the `input` node as the sender gave it. */
export type Envelope = Given<typeof ENVELOPE>;

/**
 * Reads a request body. Throws the `Refusal` of the field that is wrong, or of a body that is no envelope. `input` may be given as
 * JSON text (wire spec 2.1); the envelope returned always holds it as an object.
 */
export function readEnvelope(body: unknown): Envelope {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw refusal('notAnEnvelope');
  const envelope = ENVELOPE.read(body, '');
  checkMessageId(envelope);
  return { ...envelope, input: readInput(envelope) };
}

/** The body's JSON, or undefined when it is none in UTF-8. */
export function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

function readInput({ infno, input }: Envelope): NonNullable<unknown> {
  const written = typeof input === 'string' ? input : JSON.stringify(input);
  if (written.length > LONGEST_INPUT && !UNLIMITED.has(infno)) {
    throw fieldRefusal('input', `长度不能超过${LONGEST_INPUT}`);
  }
  if (typeof input !== 'string') return input;
  const parsed = readJson(Buffer.from(input));
  if (parsed === undefined || parsed === null) throw fieldRefusal('input', '不是有效的JSON');
  return parsed;
}

/** Provider, second and serial, or provider, millisecond and one digit (wire spec 2.3). Whether it was seen before is not asked. */
function checkMessageId({ msgid, fixmedins_code }: Envelope): void {
  const [, time = ''] = /^(\d{14})\d{4}$/.exec(msgid.slice(12)) ?? [];
  const written = time.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3 $4:$5:$6');
  if (!msgid.startsWith(fixmedins_code) || !isDateTime(written)) throw fieldRefusal('msgid', '格式不正确');
}

/** What is common to every answer. */
export interface AnswerStamp {
  /** inf_refmsgid; null on early failures (wire spec 2.2). */
  readonly referenceId: string | null;
  readonly receivedAt: number;
  readonly respondedAt: number;
  /** Half of the known platforms write `infcode` as text (wire spec 2.2). */
  readonly infcodeAsText: boolean;
}

/** The envelope of a success. */
export function successEnvelope(stamp: AnswerStamp, output: unknown): Record<string, unknown> {
  return { ...head(stamp, 0), enctype: '', signtype: '', err_msg: '', output };
}

/** The envelope of a refusal. One that came before the envelope was understood has neither ids nor types (wire spec 4). */
export function failureEnvelope(stamp: AnswerStamp, message: string): Record<string, unknown> {
  if (stamp.referenceId === null) {
    return { ...head(stamp, -1), signtype: null, cainfo: null, warn_msg: null, err_msg: message, output: null };
  }
  return { ...head(stamp, -1), enctype: '', signtype: '', err_msg: message, output: null };
}

function head(stamp: AnswerStamp, infcode: number): Record<string, unknown> {
  return {
    infcode: stamp.infcodeAsText ? String(infcode) : infcode,
    inf_refmsgid: stamp.referenceId,
    refmsg_time: compactMillisecondsOf(stamp.receivedAt),
    respond_time: compactMillisecondsOf(stamp.respondedAt),
  };
}
