import type { HttpDepartment, WireAnswer, WireRequest } from '../../simulator/http-front.ts';
import type { NonTaxDepartment } from './department.ts';
import { messageNumberOf } from './frame.ts';
import { isStandardWebCall, STANDARD_WEB, standardWeb, standardWebBusy, standardWebUnsigned } from './standard-web.ts';
import type { Finance } from './transaction.ts';

/**
 * The second port: POST of a frame as `application/octet-stream` to any path outside the JSON dialect's folder (wire spec 1,
 * alternative binding), and the JSON dialect (wire spec 8).
 */
export class NonTaxHttpDepartment implements HttpDepartment {
  readonly #finance: Finance;
  readonly #frames: NonTaxDepartment;

  constructor(finance: Finance, frames: NonTaxDepartment) {
    this.#finance = finance;
    this.#frames = frames;
  }

  identify(request: WireRequest): string {
    const call = callOf(request);
    if (call === undefined) return messageNumberOf(request.body);
    return isStandardWebCall(call) ? call : 'unknown';
  }

  handle(request: WireRequest): WireAnswer {
    if (request.method !== 'POST') return plain(405);
    const call = callOf(request);
    const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    if (type !== (call === undefined ? 'application/octet-stream' : 'application/json')) return plain(415);
    if (call === undefined) return frameAnswer(this.#frames.handle(request.body));
    return isStandardWebCall(call) ? jsonAnswer(standardWeb(this.#finance, call, request.body)) : plain(404);
  }

  busy(request: WireRequest): WireAnswer {
    return isFrame(request) ? frameAnswer(this.#frames.busy(request.body)) : jsonAnswer(standardWebBusy());
  }

  expiredSecret(request: WireRequest): WireAnswer {
    return isFrame(request) ? frameAnswer(this.#frames.expiredSecret(request.body)) : jsonAnswer(standardWebUnsigned());
  }

  wrongCharset(request: WireRequest, answer: WireAnswer): WireAnswer | undefined {
    return isFrame(request) && answer.status === 200 ? frameAnswer(this.#frames.wrongCharset(answer.body)) : undefined;
  }

  badSignature(request: WireRequest, answer: WireAnswer): WireAnswer {
    if (!isFrame(request)) return jsonAnswer(standardWebUnsigned());
    return answer.status === 200 ? frameAnswer(this.#frames.badSignature(answer.body)) : answer;
  }
}

/** The name of the JSON dialect's call; `undefined` for a frame. */
function callOf({ url }: WireRequest): string | undefined {
  const path = url.split('?')[0] ?? '';
  return path.startsWith('/standard-web/') ? path.slice(STANDARD_WEB.length) : undefined;
}

function isFrame(request: WireRequest): boolean {
  return callOf(request) === undefined;
}

/** HTTP 200 for every business result; what gets no answer over TCP is a bad request. */
function frameAnswer(frame: Buffer | undefined): WireAnswer {
  return frame ? { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: frame } : plain(400);
}

function jsonAnswer(body: Buffer): WireAnswer {
  return { status: 200, headers: { 'content-type': 'application/json;charset=UTF-8' }, body };
}

function plain(status: number): WireAnswer {
  return { status, headers: { 'content-type': 'text/plain' }, body: Buffer.alloc(0) };
}
