import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { MedicalInsuranceClient } from '../../../adapters/medical-insurance/client.ts';
import { medicalInsuranceSettings } from '../../../adapters/medical-insurance/settings.ts';
import { type Counter, memoryCounter } from '../../../adapters/transport/counter.ts';
import type { CallRecord } from '../../../adapters/transport/observe.ts';
import { closeLater } from '../closing.ts';
import { httpLoopback } from '../loopback.ts';
import { golden, manifest } from './golden-files.ts';

/** One request as it arrived. */
export interface Arrival {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Fields of the envelope; empty when the body is none. */
  readonly body: Record<string, unknown> & { readonly input?: Record<string, Record<string, unknown>> };
}

/** Answers an arrival: a document, raw bytes with a status, or whatever it does with the response itself. */
export type Answerer = (arrival: Arrival, response: ServerResponse) => unknown;

export class RawAnswer {
  readonly body: string | Buffer;
  readonly status: number;
  readonly headers: Record<string, string>;
  constructor(body: string | Buffer, status = 200, headers: Record<string, string> = {}) {
    this.body = body;
    this.status = status;
    this.headers = headers;
  }
}

/** Left to the answerer: nothing is written for it. */
export const NO_ANSWER = Symbol('no answer');

/** The other end of a real socket, played by the test. Sign-ins are answered by it unless `signIn` says otherwise. */
export interface Platform {
  readonly url: string;
  /** Everything that arrived, sign-ins among it. */
  readonly arrivals: Arrival[];
  /** What arrived of one transaction. */
  of(infno: string): Arrival[];
}

export const SIGN_NUMBER = '421200G0000000900117';

export function success(output: unknown): Record<string, unknown> {
  return {
    infcode: 0,
    inf_refmsgid: '420000202603160912057000000003',
    refmsg_time: '20260316091205120',
    respond_time: '20260316091205486',
    enctype: '',
    signtype: '',
    err_msg: '',
    output,
  };
}

export function refusal(text: string, infcode: number | string = -1): Record<string, unknown> {
  return { ...success(null), infcode, err_msg: text };
}

export const signedIn = (number = SIGN_NUMBER) =>
  success({ signinoutb: { sign_time: '2026-03-16 08:00:03', sign_no: number } });

/** Closed when the test ends. */
export async function startPlatform(answer: Answerer, signIn: Answerer = () => signedIn()): Promise<Platform> {
  const arrivals: Arrival[] = [];
  const { url } = closeLater(
    await httpLoopback(async ({ path, headers, body }, response) => {
      const text = body.toString('utf8');
      const arrival: Arrival = { url: path, headers, text, body: JSON.parse(text) as Arrival['body'] };
      arrivals.push(arrival);
      const given = await (arrival.body.infno === '9001' ? signIn : answer)(arrival, response);
      if (given === NO_ANSWER) return undefined;
      const raw = given instanceof RawAnswer ? given : new RawAnswer(JSON.stringify(given));
      response.writeHead(raw.status, { 'content-type': 'application/json;charset=UTF-8', ...raw.headers });
      response.end(raw.body);
      return undefined;
    }),
  );
  return { url, arrivals, of: (infno) => arrivals.filter((arrival) => arrival.body.infno === infno) };
}

/** The hospital of the golden exchanges. */
export const HOSPITAL = {
  code: 'H42120200137',
  name: '咸安区示例人民医院（虚构）',
  operator: { number: 'YB0017', name: '示例经办员' },
  workstation: { mac: '00-00-5E-00-53-17', ip: '192.0.2.17' },
};

type Input = Parameters<typeof medicalInsuranceSettings.parse>[0];

export function settingsFor(url: string, changes: Record<string, unknown> = {}) {
  const input: Input = {
    baseUrl: url,
    paasid: manifest.paasid,
    token: manifest.token,
    institution: HOSPITAL,
    // Quick, so that a test of repetition takes no second.
    line: { retry: { attempts: 3, backoffMs: 1, budgetRatio: 0.2 } },
    ...changes,
  };
  return medicalInsuranceSettings.parse(input);
}

export interface ClientParts {
  readonly settings?: Record<string, unknown>;
  readonly counter?: Counter;
  readonly clock?: () => number;
  readonly records?: CallRecord[];
}

/** Closed when the test ends. */
export function clientOf(url: string, parts: ClientParts = {}): MedicalInsuranceClient {
  const { records } = parts;
  const client = new MedicalInsuranceClient(settingsFor(url, parts.settings), {
    counter: parts.counter ?? memoryCounter(),
    ...(parts.clock && { clock: parts.clock }),
    ...(records && { observer: (record) => records.push(record) }),
  });
  return closeLater(client);
}

/** Gives the serials in turn: a counter whose numbers the test knows. */
export function counterOf(...serials: number[]): Counter {
  let place = 0;
  return {
    next: () => {
      const serial = serials[place];
      place += 1;
      return serial === undefined ? Promise.reject(new Error('no serial left')) : Promise.resolve(serial);
    },
  };
}

/** Answers as the golden exchange does. */
export function answeringWith(name: string): Answerer {
  const { response } = golden(name);
  if (response === null) return () => NO_ANSWER;
  return () => response.body;
}
