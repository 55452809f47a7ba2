import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { chinaCompactDate } from '../../values/china-time.ts';

/** A system that may call the platform. */
export interface Caller {
  readonly appId: string;
  readonly appSecret: string;
  readonly apiKey: string;
  /** Interface codes granted; all when absent. */
  readonly granted?: readonly string[];
}

/** A message that is refused as a whole (wire spec section 4, level "message"). */
export interface MessageFault {
  readonly code: string;
  readonly message: string;
}

/**
 * Decides who may call which interface (wire spec 1, codes 1001 to 1005 and 5003). Callers are disabled, interfaces revoked and
 * maintenance begun by acts.
 */
export class Gate {
  readonly #callers: ReadonlyMap<string, Caller>;
  readonly #now: () => number;
  readonly #disabled = new Set<string>();
  readonly #revoked = new Set<string>();
  #maintenance = false;
  #addressBlocked = false;

  constructor(callers: readonly Caller[], now: () => number) {
    this.#callers = new Map(callers.map((caller) => [caller.appId, caller]));
    this.#now = now;
  }

  /** The first thing wrong with the headers of a message for an interface; undefined when it may pass. */
  fault(headers: IncomingHttpHeaders, apiCode: string): MessageFault | undefined {
    const malformed = malformedHeader(headers, apiCode);
    if (malformed !== undefined) return { code: '1001', message: `请求头缺失或格式错误：${malformed}` };
    if (this.#maintenance) return { code: '5003', message: '系统维护中' };

    const caller = this.#callers.get(header(headers, 'appid'));
    if (!caller || this.#disabled.has(caller.appId) || header(headers, 'apikey') !== caller.apiKey) {
      return { code: '1003', message: '应用不存在或已停用' };
    }
    if (this.#addressBlocked) return { code: '1005', message: '来源地址不允许' };
    if (header(headers, 'sign') !== this.#signature(caller, apiCode)) return { code: '1002', message: '签名校验失败' };
    if ((caller.granted && !caller.granted.includes(apiCode)) || this.#revoked.has(`${caller.appId}/${apiCode}`)) {
      return { code: '1004', message: '接口未授权' };
    }
    return undefined;
  }

  get appIds(): readonly string[] {
    return [...this.#callers.keys()];
  }

  setDisabled(appId: string, disabled: boolean): void {
    toggle(this.#disabled, appId, disabled);
  }

  setRevoked(appId: string, apiCode: string, revoked: boolean): void {
    toggle(this.#revoked, `${appId}/${apiCode}`, revoked);
  }

  setMaintenance(on: boolean): void {
    this.#maintenance = on;
  }

  setAddressBlocked(on: boolean): void {
    this.#addressBlocked = on;
  }

  reset(): void {
    this.#disabled.clear();
    this.#revoked.clear();
    this.#maintenance = false;
    this.#addressBlocked = false;
  }

  /** MD5 is what the specification says (wire spec 1); it is weak and used for nothing else. */
  #signature(caller: Caller, apiCode: string): string {
    const parts = [caller.appId, caller.appSecret, chinaCompactDate(this.#now()), apiCode];
    return createHash('md5').update(parts.join('')).digest('hex');
  }
}

/** A header's value; empty when it is missing or came more than once. */
export function header(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

function malformedHeader(headers: IncomingHttpHeaders, apiCode: string): string | undefined {
  if (!/^[A-Z0-9]{6,20}$/.test(header(headers, 'appid'))) return 'appId';
  if (header(headers, 'apicode') !== apiCode) return 'apiCode';
  if (!/^[0-9a-f]{32}$/.test(header(headers, 'apikey'))) return 'apiKey';
  if (!/^[0-9a-f]{32}$/.test(header(headers, 'requestno'))) return 'requestNo';
  // Upper-case hex is a wrong signature, not a malformed header.
  if (!/^[0-9a-fA-F]{32}$/.test(header(headers, 'sign'))) return 'sign';
  if (!/^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i.test(header(headers, 'content-type'))) return 'Content-Type';
  return undefined;
}

function toggle(set: Set<string>, member: string, on: boolean): void {
  if (on) set.add(member);
  else set.delete(member);
}
