import { createHash } from 'node:crypto';
import { simulateMedicalInsurance } from '../../../adapters/medical-insurance/simulator.ts';
import { startControl } from '../../../adapters/simulator/control.ts';
import { SimulatorCore } from '../../../adapters/simulator/core.ts';
import type { Population } from '../../../seeds/model.ts';
import { golden, goldenData, type Json } from './golden-files.ts';
import { GOLDEN_CREDENTIALS, GOLDEN_PROVIDER } from './golden-population.ts';

export const DISPATCHER = '/fsi/api/rsfComIfsService/callService';

export type Simulator = Awaited<ReturnType<typeof openSimulator>>;

/** What came back, the body still as it was. */
export interface RawAnswer {
  readonly status: number;
  readonly type: string;
  readonly bytes: Buffer;
}

/** An answer's envelope. */
export interface Answer {
  readonly infcode: unknown;
  readonly err_msg: string;
  readonly output: Json | null;
  readonly [more: string]: unknown;
}

/** How a request differs from a right one. */
export interface Differences {
  readonly envelope?: Json;
  readonly headers?: Record<string, string | undefined>;
  readonly path?: string;
  readonly method?: string;
  /** In place of the whole body. */
  readonly body?: string;
}

/** The clock of a simulator that stands still until it is set. */
class StillCore extends SimulatorCore {
  instant = 0;
  override readonly now = (): number => this.instant;
}

/**
 * A simulator on a real socket that expects the golden application id and token, with its clock standing at a moment of China time,
 * and a sender that knows nothing of the adapter.
 */
export async function openSimulator(people: Population, chinaTime: string) {
  const core = new StillCore('medical-insurance');
  const department = simulateMedicalInsurance(core, people, { credentials: GOLDEN_CREDENTIALS });
  const url = await department.listen(0);
  const control = await startControl(core, department, 0);
  const sender = new Sender(url, control.url, core);
  sender.setTime(chinaTime);
  return Object.assign(sender, {
    department,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([department.close(), control.close()]);
    },
  });
}

/** A simulator whose sender has signed in for the day. */
export async function openSignedIn(people: Population, chinaTime = '2026-03-22 10:00:00'): Promise<Simulator> {
  const simulator = await openSimulator(people, chinaTime);
  await simulator.signIn();
  return simulator;
}

/** The balance of a person's first insurance row, as 1101 tells it, in yuan. */
export async function balanceOf(simulator: Simulator, { idNumber, name }: { idNumber: string; name: string }) {
  const query = { ...goldenData('1101-person-info'), mdtrt_cert_no: idNumber, certno: idNumber, psn_name: name };
  const { insuinfo } = await simulator.done('1101', { data: query });
  return (insuinfo as { balc: number }[])[0]?.balc;
}

class Sender {
  readonly url: string;
  readonly controlUrl: string;
  readonly core: StillCore;
  signNumber = '';
  #sent = 0;

  constructor(url: string, controlUrl: string, core: StillCore) {
    this.url = url;
    this.controlUrl = controlUrl;
    this.core = core;
  }

  /** `yyyy-MM-dd HH:mm:ss`, and the 486 ms after it at which the golden answers were written. */
  setTime(chinaTime: string): void {
    this.core.instant = Date.parse(`${chinaTime.replace(' ', 'T')}.486+08:00`);
  }

  /** Sends bytes as they are. */
  async raw(path: string, init: RequestInit): Promise<RawAnswer> {
    const response = await fetch(`${this.url}${path}`, init);
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, type: response.headers.get('content-type') ?? '', bytes };
  }

  /** Sends a golden request with its own headers at its own time. */
  async golden(name: string): Promise<RawAnswer> {
    const { request } = golden(name);
    this.setTime(request.body.inf_time);
    return this.raw(request.path_dispatcher, {
      method: 'POST',
      headers: request.headers,
      body: JSON.stringify(request.body),
    });
  }

  /** A right request of this sender, signed in before, apart from the differences. */
  request(infno: string, input: unknown, differences: Differences = {}): { path: string; init: RequestInit } {
    const body = differences.body ?? JSON.stringify({ ...this.envelope(infno), input, ...differences.envelope });
    const headers = Object.entries({ ...this.headers(), ...differences.headers }).filter(
      (header): header is [string, string] => header[1] !== undefined,
    );
    const { method = 'POST', path = DISPATCHER } = differences;
    return { path, init: { method, headers, ...(method === 'POST' ? { body } : {}) } };
  }

  async send(infno: string, input: unknown, differences: Differences = {}): Promise<RawAnswer> {
    const { path, init } = this.request(infno, input, differences);
    return this.raw(path, init);
  }

  /** Sends, and reads the answer as an envelope. */
  async call(infno: string, input: unknown, differences: Differences = {}): Promise<Answer> {
    return envelopeOf(await this.send(infno, input, differences));
  }

  /** Sends, and gives `output` of a success. */
  async done(infno: string, input: unknown, differences: Differences = {}): Promise<Json> {
    const answer = await this.call(infno, input, differences);
    if (answer.infcode !== 0 || answer.output === null) throw new Error(`${infno} was refused: ${answer.err_msg}`);
    return answer.output;
  }

  /** Sends, and gives the text of a refusal. */
  async refused(infno: string, input: unknown, differences: Differences = {}): Promise<string> {
    const answer = await this.call(infno, input, differences);
    if (answer.infcode !== -1 || answer.output !== null) throw new Error(`${infno} was done`);
    return answer.err_msg;
  }

  /** Signs in and uses the number from now on. */
  async signIn(): Promise<string> {
    this.signNumber = '';
    const { signIn } = golden('9001-sign-in').request.body.input;
    const { signinoutb } = await this.done('9001', { signIn });
    this.signNumber = (signinoutb as { sign_no: string }).sign_no;
    return this.signNumber;
  }

  envelope(infno: string): Json {
    const seconds = new Date(this.core.instant + 8 * 3_600_000).toISOString().slice(0, 19);
    this.#sent += 1;
    return {
      ...golden('9001-sign-in').request.body,
      infno,
      msgid: `${GOLDEN_PROVIDER.code}${seconds.replace(/\D/g, '')}${String(this.#sent).padStart(4, '0')}`,
      insuplc_admdvs: '421202',
      inf_time: seconds.replace('T', ' '),
      sign_no: this.signNumber,
    };
  }

  headers(timestamp = String(Math.floor(this.core.instant / 1000))): Record<string, string> {
    this.#sent += 1;
    const nonce = `nonce-${this.#sent}`;
    return {
      'content-type': 'application/json;charset=utf-8',
      'x-tif-paasid': GOLDEN_CREDENTIALS.paasid,
      'x-tif-timestamp': timestamp,
      'x-tif-nonce': nonce,
      'x-tif-signature': sign(timestamp, GOLDEN_CREDENTIALS.token, nonce),
    };
  }

  get ledger() {
    return this.core.ledger;
  }

  /** Tells the control server something. */
  async control(method: string, path: string, body?: unknown): Promise<Json> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${this.controlUrl}/control/${path}`, init);
    const answer = (await response.json()) as Json;
    if (!response.ok) throw new Error(String(answer.error));
    return answer;
  }

  act(kind: string, parameters: Json = {}): Promise<Json> {
    return this.control('POST', 'acts', { kind, ...parameters });
  }

  fault(kind: string, more: Json = {}): Promise<Json> {
    return this.control('POST', 'faults', { kind, ...more });
  }
}

export function envelopeOf({ bytes }: RawAnswer): Answer {
  return JSON.parse(bytes.toString('utf8')) as Answer;
}

/** x-tif-signature (wire spec 1.2). */
export function sign(timestamp: string, token: string, nonce: string): string {
  return createHash('sha256')
    .update(timestamp + token + nonce + timestamp)
    .digest('hex');
}

/** An answer's envelope without the ids and times of the platform, which no golden file fixes. */
export function comparable(envelope: Json): Json {
  const { inf_refmsgid, refmsg_time, respond_time, ...rest } = envelope;
  return rest;
}
