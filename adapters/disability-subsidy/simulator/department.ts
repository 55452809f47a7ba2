import type { SimulatorCore } from '../../simulator/core.ts';
import type { HttpDepartment, WireAnswer, WireRequest } from '../../simulator/http-front.ts';
import { Fields } from './fields.ts';
import type { Grants } from './grants.ts';
import { malformed, Refusal } from './refusal.ts';
import type { Transactions } from './transactions.ts';

const REFRESH = '/sysapi/auth/refreshappsecret';
const PROXY = '/httpproxy';

interface Reply {
  readonly code: unknown;
  readonly message: string;
  readonly data: unknown;
}

/** The exchange in front of the business system (wire spec 1, 2): routes by service id, checks who calls, wraps answers. */
export class DisabilitySubsidyDepartment implements HttpDepartment {
  readonly #core: SimulatorCore;
  readonly #grants: Grants;
  readonly #transactions: Transactions;
  #maintainedUntil: string | undefined;

  constructor(core: SimulatorCore, grants: Grants, transactions: Transactions) {
    this.#core = core;
    this.#grants = grants;
    this.#transactions = transactions;
  }

  maintain(until: string | undefined): void {
    this.#maintainedUntil = until;
  }

  identify(request: WireRequest): string {
    if (pathOf(request) === REFRESH) return 'refreshappsecret';
    return this.#grants.transactionOf(request.headers.gjgxjhpt_sid) ?? 'unknown';
  }

  handle(request: WireRequest): WireAnswer {
    switch (`${request.method} ${pathOf(request)}`) {
      case `POST ${REFRESH}`:
        return this.#answer(() => this.#refresh(request));
      case `POST ${PROXY}`:
        return this.#answer(() => this.#business(request));
      case `GET ${PROXY}`:
        return this.#write({ code: '1', message: '请求参数错误', data: '' });
      default:
        return { status: 404, headers: { 'content-type': 'text/plain' }, body: Buffer.from('Not Found') };
    }
  }

  /** The limit per minute (transcript 28). */
  busy(): WireAnswer {
    return this.#write(refusalReply(new Refusal('12101')));
  }

  /** The service's secret is rotated for good. A refresh is signed with the appKey, which does not expire. */
  expiredSecret(request: WireRequest): WireAnswer {
    const sid = request.headers.gjgxjhpt_sid;
    if (pathOf(request) === REFRESH || typeof sid !== 'string') return this.handle(request);
    this.#grants.expire(sid);
    return this.#write(refusalReply(new Refusal('-5')));
  }

  refuseSignature(): WireAnswer {
    return this.#write(refusalReply(new Refusal('-5')));
  }

  /** The four values stand in the body, in one implementation in the headers too. */
  #refresh(request: WireRequest): Reply {
    const values = { ...request.headers, ...parse(request.body, '-31') };
    return { message: '成功', ...this.#grants.refresh(values) };
  }

  #business(request: WireRequest): Reply {
    const { transaction, rid } = this.#grants.verify(request.headers);
    const message = parse(request.body, '1');
    const head = echoOf(message);
    try {
      if (this.#maintainedUntil !== undefined) {
        throw new Refusal('LB9001', `系统维护中，预计${this.#maintainedUntil}恢复`);
      }
      const { body, operator } = readMessage(message, transaction);
      const data = this.#transactions.run(transaction, body, { rid, operator });
      return { code: '0', message: '成功', data: { ...head, ...data } };
    } catch (error) {
      if (error instanceof Refusal) return { ...refusalReply(error), data: { ...head, ...error.data } };
      throw error;
    }
  }

  #answer(work: () => Reply): WireAnswer {
    try {
      return this.#write(work());
    } catch (error) {
      if (error instanceof Refusal) return this.#write(refusalReply(error));
      throw error;
    }
  }

  /** `Date` tells the department's own clock, which can be moved. */
  #write(reply: Reply): WireAnswer {
    const { code, message, data } = reply;
    return {
      status: 200,
      headers: {
        'content-type': 'application/json;charset=UTF-8',
        date: new Date(this.#core.now()).toUTCString(),
      },
      body: Buffer.from(JSON.stringify({ code, message, data }), 'utf8'),
    };
  }
}

/** An exchange error: `data` is empty text, not an object. */
function refusalReply({ code, message }: Refusal): Reply {
  return { code, message, data: '' };
}

/** The head as far as it can be read, for answers to malformed requests. */
function echoOf(message: Record<string, unknown>): { txCode: string; serialNo: string } {
  const head = message.head;
  const member = (name: string): string => {
    const value: unknown = typeof head === 'object' && head !== null ? Reflect.get(head, name) : undefined;
    return typeof value === 'string' ? value.slice(0, 40) : '';
  };
  return { txCode: member('txCode'), serialNo: member('serialNo') };
}

/** Checks the head (wire spec 2): the transaction must agree with the service id. */
function readMessage(message: Record<string, unknown>, transaction: string): { body: Fields; operator: string } {
  const head = new Fields(message.head, 'head');
  if (head.text('txCode') !== transaction) throw malformed('head.txCode');
  head.text('serialNo', /^[1-9]\d{5}20\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])\d{6}$/);
  head.text('orgCode', /^[0-9A-HJ-NPQRTUWXY]{18}$/);
  head.time('reqTime');
  const operator = head.text('operator', /^[a-z0-9]{4,20}$/);
  return { operator, body: new Fields(asObject(message.body, 'body'), '') };
}

function asObject(value: unknown, at: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(at);
  return value as Record<string, unknown>;
}

/** A JSON object in UTF-8, or the exchange's refusal. */
function parse(body: Buffer, code: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // refused below, as anything else that is no JSON object
  }
  throw new Refusal(code);
}

function pathOf(request: WireRequest): string {
  return request.url.split('?')[0] ?? '';
}
