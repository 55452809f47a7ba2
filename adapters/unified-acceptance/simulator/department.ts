import { createHash } from 'node:crypto';
import type { SimulatorCore } from '../../simulator/core.ts';
import type { HttpDepartment, WireAnswer, WireRequest } from '../../simulator/http-front.ts';
import { type Gate, header, type MessageFault } from './gate.ts';
import type { RecordDesk } from './record-desk.ts';
import type { WireRecord } from './record-rules.ts';
import type { SingleAnswers } from './single-answers.ts';

/** The nine interfaces (wire spec 3.3). */
const INTERFACES: Readonly<Record<string, { apiCode: string; array: 'baseInfo' | 'postdata'; single: boolean }>> = {
  alloc: { apiCode: '421200W0101', array: 'baseInfo', single: true },
  accept: { apiCode: '421200W0102', array: 'baseInfo', single: false },
  process: { apiCode: '421200W0103', array: 'postdata', single: false },
  result: { apiCode: '421200W0104', array: 'postdata', single: false },
  special: { apiCode: '421200W0105', array: 'postdata', single: false },
  material: { apiCode: '421200W0106', array: 'postdata', single: false },
  query: { apiCode: '421200W0107', array: 'baseInfo', single: true },
  item: { apiCode: '421200W0108', array: 'baseInfo', single: true },
  fee: { apiCode: '421200W0109', array: 'baseInfo', single: true },
};

const PATH = '/uap/api/';
const LARGEST_BODY = 2 * 1024 * 1024;
const MOST_RECORDS = 100;
/** Answers that are kept for identical resends; the oldest are forgotten first. */
const KEPT_ANSWERS = 20_000;

/** Takes whole messages: who sent it, whether it was sent before, what it carries (wire spec 1, 2). */
export class UnifiedAcceptanceDepartment implements HttpDepartment {
  readonly #core: SimulatorCore;
  readonly #gate: Gate;
  readonly #records: RecordDesk;
  readonly #singles: SingleAnswers;
  /** Answers given, by caller and requestNo. */
  readonly #given = new Map<string, { readonly message: string; readonly answer: string }>();

  constructor(core: SimulatorCore, gate: Gate, records: RecordDesk, singles: SingleAnswers) {
    this.#core = core;
    this.#gate = gate;
    this.#records = records;
    this.#singles = singles;
  }

  reset(): void {
    this.#given.clear();
  }

  identify(request: WireRequest): string {
    const name = request.url.startsWith(PATH) ? request.url.slice(PATH.length) : '';
    return Object.hasOwn(INTERFACES, name) ? name : 'unknown';
  }

  handle(request: WireRequest): WireAnswer {
    const name = this.identify(request);
    const known = INTERFACES[name];
    if (!known) return this.#page(404, 'Not Found');
    if (request.method !== 'POST') return this.#page(405, 'Method Not Allowed');
    const fault = this.#gate.fault(request.headers, known.apiCode);
    if (fault) return this.#fault(fault);
    if (request.body.length > LARGEST_BODY) return this.#fault({ code: '1007', message: '报文超过2MB' });
    return this.#once(name, request, () => this.#work(name, known, request.body));
  }

  busy(): WireAnswer {
    const answer = this.#fault({ code: '1008', message: '访问过于频繁' });
    return { ...answer, headers: { ...answer.headers, 'retry-after': '1' } };
  }

  expiredSecret(): WireAnswer {
    return this.#fault({ code: '1002', message: '签名校验失败' });
  }

  /** Answers carry no signature: the message is refused as wrongly signed. */
  refuseSignature(): WireAnswer {
    return this.expiredSecret();
  }

  /** An identical resend gets the answer given before and has no effect; the number with another body is refused (1006). */
  #once(name: string, request: WireRequest, work: () => string): WireAnswer {
    const key = `${header(request.headers, 'appid')}/${header(request.headers, 'requestno')}`;
    const message = `${name}/${createHash('sha256').update(request.body).digest('base64')}`;
    const given = this.#given.get(key);
    if (given) {
      if (given.message !== message) return this.#fault({ code: '1006', message: '请求流水号重复且报文不一致' });
      return this.#json(given.answer);
    }
    const answer = work();
    this.#given.set(key, { message, answer });
    if (this.#given.size > KEPT_ANSWERS) {
      const [oldest] = this.#given.keys();
      if (oldest !== undefined) this.#given.delete(oldest);
    }
    return this.#json(answer);
  }

  #work(name: string, { array, single }: (typeof INTERFACES)[string], body: Buffer): string {
    const records = recordsOf(body, array);
    // No code of the catalogue is for a body outside the envelope; 1001 is the nearest.
    if (!records) return headOnly({ code: '1001', message: '请求报文格式错误' });
    if (records.length > (single ? 1 : MOST_RECORDS)) return headOnly({ code: '1007', message: '记录数超限' });
    const [record] = records;
    if (!single) return success(this.#records.report(name, records));
    const answer = this.#singles.answer(name, record as WireRecord);
    return 'fault' in answer ? headOnly(answer.fault) : success(answer.body);
  }

  #fault(fault: MessageFault): WireAnswer {
    return this.#json(headOnly(fault));
  }

  #json(text: string): WireAnswer {
    const headers = { 'content-type': 'application/json;charset=UTF-8', date: this.#date() };
    return { status: 200, headers, body: Buffer.from(text, 'utf8') };
  }

  #page(status: number, words: string): WireAnswer {
    const headers = { 'content-type': 'text/html;charset=GBK', date: this.#date() };
    return { status, headers, body: Buffer.from(`<html><body>${words}</body></html>`, 'latin1') };
  }

  /** The platform's own date: a caller whose day is another signs by it (wire spec 1). */
  #date(): string {
    return new Date(this.#core.now()).toUTCString();
  }
}

function headOnly(fault: MessageFault): string {
  return JSON.stringify({ head: fault });
}

function success(body: unknown): string {
  return JSON.stringify({ head: { code: '200', message: 'success' }, body });
}

/** The records of a body in the array that its interface wants, at least one; undefined for a body of any other shape. */
function recordsOf(body: Buffer, array: 'baseInfo' | 'postdata'): readonly WireRecord[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined; // the caller answers with the platform's own refusal
  }
  const records = isObject(parsed) && isObject(parsed.param) ? parsed.param[array] : undefined;
  return Array.isArray(records) && records.length > 0 && records.every(isObject) ? records : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
