import { createHash } from 'node:crypto';
import type { WireRequest } from '../../simulator/http-front.ts';

/** How far a sender's clock may be off, and how long a nonce is remembered (wire spec 1.2). */
const WINDOW_MS = 300_000;

const DISPATCHER = '/fsi/api/rsfComIfsService/callService';

/** Address form 2, one path a transaction; the misspellings are the platform's (wire spec 1.1). */
const PATHS: Readonly<Record<string, string>> = {
  '9001': '/fsi/api/signInSignOutService/signIn',
  '1101': '/fsi/api/fsiPsnInfoService/queryPsnInfo',
  '2001': '/fsi/api/fsiPsnPriorityInfoService/queryPsnPriorityInfo',
  '2301': '/fsi/api/hospFeeDtlService/feeDtlUp',
  // 2302 and 2404 are designed: the adapter's README, Taking back.
  '2302': '/fsi/api/hospFeeDtlService/feeDtlCl',
  '2303': '/fsi/api/hospSettService/preSett',
  '2304': '/fsi/api/hospSettService/settV2',
  '2305': '/fsi/api/hospSettService/settCl',
  '2401': '/fsi/api/hospitalRegisterService/hospitalRegisterSave',
  '2404': '/fsi/api/hospitalRegisterService/hospitalRegisterCancel',
  '2601': '/fsi/api/reverseService/revsMethod',
  '3201': '/fsi/api/ybSettlementStmtService/stmtTotal',
  '3202': '/fsi/api/ybSettlementStmtService/stmtDetail',
  '5203': '/fsi/api/fsiIntegratedQueryService/querySetlInfo',
  '5301': '/fsi/api/fsiIntegratedQueryService/queryPsnOpspReg',
  '5303': '/fsi/api/fsiIntegratedQueryService/queryInhospInfo',
  '9101': '/fsi/api/fileupload/upload',
  '9102': '/fsi/api/fileupload/download',
};

/** File transactions also come as plain text (wire spec 1.1). */
const FILE_TRANSACTIONS: ReadonlySet<string> = new Set(['9101', '9102']);

/** What the gateway in front of the platform says: a status and a small JSON without `infcode` (wire spec 4). */
export class GatewayRefusal extends Error {
  override readonly name = 'GatewayRefusal';
  readonly status: number;
  constructor(status: number, message: string) {
    super(`示例：${message}`);
    this.status = status;
  }
}

/** The refusal of a signature that does not fit, as the golden answer words it. */
export function wrongSignature(): GatewayRefusal {
  return new GatewayRefusal(401, '签名校验失败');
}

/** The application id and secret that the gateway gave to the sender. */
export interface Credentials {
  readonly paasid: string;
  readonly token: string;
}

/** The gateway in front of the platform: knows addresses and the four `x-tif-` headers, and nothing of what the body means. */
export class Gateway {
  readonly #credentials: Credentials;
  readonly #now: () => number;
  /** Nonces seen, in the order they came, each with the instant until which it is remembered. */
  readonly #nonces = new Map<string, number>();

  constructor(credentials: Credentials, now: () => number) {
    this.#credentials = credentials;
    this.#now = now;
  }

  /** Lets a request through. Throws `GatewayRefusal` for a wrong method, id, clock, signature or a nonce that was used before. */
  admit(request: WireRequest): void {
    if (request.method !== 'POST') throw new GatewayRefusal(405, '请求方法不支持');
    const header = (name: string): string => {
      const value = request.headers[`x-tif-${name}`];
      if (typeof value !== 'string' || value === '') throw new GatewayRefusal(401, `缺少请求头x-tif-${name}`);
      return value;
    };
    if (header('paasid') !== this.#credentials.paasid) throw new GatewayRefusal(403, '应用标识不存在');
    const timestamp = header('timestamp');
    const nonce = header('nonce');
    this.#checkClock(timestamp);
    if (header('signature') !== this.#signature(timestamp, nonce)) throw wrongSignature();
    this.#spend(nonce);
  }

  /**
   * Checks that the address is one of the three forms for this transaction and that the body's type fits (wire spec 1.1). Throws
   * `GatewayRefusal`.
   */
  route(request: WireRequest, transaction: string): void {
    const [path = ''] = request.url.split('?');
    const own = PATHS[transaction];
    const known = path.endsWith(DISPATCHER) || (own !== undefined && path.endsWith(own)) || path.endsWith(transaction);
    if (!known) throw new GatewayRefusal(404, '服务不存在');
    const [type = ''] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
    const file = type.trim() === 'text/plain' && FILE_TRANSACTIONS.has(transaction);
    if (type.trim() !== 'application/json' && !file) throw new GatewayRefusal(415, '报文类型不支持');
  }

  /** Unix seconds, not milliseconds (wire spec 1.2). */
  #checkClock(timestamp: string): void {
    const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
    if (!(Math.abs(this.#now() - seconds * 1000) <= WINDOW_MS)) throw new GatewayRefusal(401, '时间戳超出允许范围');
  }

  #signature(timestamp: string, nonce: string): string {
    const plain = timestamp + this.#credentials.token + nonce + timestamp;
    return createHash('sha256').update(plain, 'utf8').digest('hex');
  }

  #spend(nonce: string): void {
    const now = this.#now();
    for (const [old, until] of this.#nonces) {
      if (until >= now) break;
      this.#nonces.delete(old);
    }
    if (this.#nonces.has(nonce)) throw new GatewayRefusal(401, '随机串重复');
    // A request stamped at the far end of the window could be sent again until its near end.
    this.#nonces.set(nonce, now + 2 * WINDOW_MS);
  }
}
