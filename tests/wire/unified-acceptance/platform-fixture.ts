import { createHash, randomBytes } from 'node:crypto';
import { SimulatorCore } from '../../../adapters/simulator/core.ts';
import { memoryCounter } from '../../../adapters/transport/counter.ts';
import type { CallRecord } from '../../../adapters/transport/observe.ts';
import { UnifiedAcceptanceClient } from '../../../adapters/unified-acceptance/client.ts';
import { unifiedAcceptanceSettings } from '../../../adapters/unified-acceptance/settings.ts';
import { simulateUnifiedAcceptance } from '../../../adapters/unified-acceptance/simulator.ts';
import type { CaseSeed, Population } from '../../../seeds/model.ts';
import { closeLater } from '../closing.ts';
import { EMPTY_POPULATION } from '../empty-population.ts';
import { sendRaw } from '../loopback.ts';
import { goldenCaller } from './golden-files.ts';

/** The golden case, item and applicant. */
export const TASK_CODE = '11421202MB2A91048P5420511008000';
export const HANDLING_ITEM = `${TASK_CODE}01`;
export const GOLDEN_CASE = `${TASK_CODE}202210080017`;
export const FEE_CASE = '11421202MB2A9101354422014001000202210080003';

const OFFICE = { code: '11421202MB2A910803', name: '温泉街道办事处', division: '421202001000' };

/** A case of the golden applicant in progress, with changes. */
export function caseSeed(change: Partial<CaseSeed> = {}): CaseSeed {
  return {
    number: GOLDEN_CASE,
    password: '604518',
    itemId: 'O03',
    applicantIdNumber: '421202197803159926',
    applicantName: '张惠兰',
    applicantPhone: '13800000000',
    channel: 'window',
    organisation: OFFICE,
    appliedAt: '2022-10-08 09:40:00',
    acceptedAt: '2022-10-08 09:44:10',
    projectType: '2',
    promiseDays: 15,
    promiseDate: '2022-10-27 23:59:59',
    status: '2',
    visitsPromised: 1,
    visitsMade: 1,
    steps: [],
    references: [],
    ...change,
  };
}

export function stepSeed(number: number, change: Partial<CaseSeed['steps'][number]> = {}): CaseSeed['steps'][number] {
  return {
    number,
    name: '受理',
    nodeType: '1',
    nodeState: '02',
    nodeResult: '4',
    action: '1',
    startedAt: '2022-10-08 09:44:10',
    endedAt: '2022-10-08 09:44:10',
    handler: '李某',
    explanation: '予以受理',
    organisation: OFFICE,
    ...change,
  };
}

/** A population of these cases and nobody else. */
export function populationOf(cases: readonly CaseSeed[]): Population {
  return {
    ...EMPTY_POPULATION,
    seed: 1,
    asOf: '2022-10-08',
    cases,
  };
}

export interface PlatformOptions {
  readonly cases?: readonly CaseSeed[];
  /** The platform's time, China, at the start; the machine's when absent. */
  readonly at?: string;
  readonly granted?: readonly string[];
  readonly population?: Population;
}

/** A simulator on a free port, closed when the test ends. */
export async function startPlatform(options: PlatformOptions = {}) {
  const core = new SimulatorCore('unified-acceptance');
  const caller = options.granted ? { ...goldenCaller, granted: options.granted } : goldenCaller;
  const department = simulateUnifiedAcceptance(core, options.population ?? populationOf(options.cases ?? []), {
    callers: [caller],
  });
  const setTime = (text: string) => core.setClock(chinaInstant(text) - Date.now());
  if (options.at) setTime(options.at);
  const url = await closeLater(department).listen(0);
  const act = (kind: string, parameters: Record<string, unknown> = {}) => department.acts[kind]?.run(parameters);
  return { core, department, url, setTime, act };
}

export type Platform = Awaited<ReturnType<typeof startPlatform>>;

export interface ClientOptions {
  readonly clock?: () => number;
  readonly line?: object;
  readonly baseUrl?: string;
  readonly observer?: (record: CallRecord) => void;
}

/** A client with the golden credentials and short pauses, closed when the test ends. */
export function startClient(baseUrl: string, options: ClientOptions = {}): UnifiedAcceptanceClient {
  const settings = unifiedAcceptanceSettings.parse({
    baseUrl,
    ...goldenCaller,
    line: { retry: { backoffMs: 5 }, ...options.line },
  });
  const client = new UnifiedAcceptanceClient(settings, {
    counter: memoryCounter(),
    ...(options.clock && { clock: options.clock }),
    ...(options.observer && { observer: options.observer }),
  });
  return closeLater(client);
}

/** Milliseconds since 1970 of a China local time. */
export function chinaInstant(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}+08:00`);
}

/** The headers of a message signed for a day, made here and not by the client. */
export function signedHeaders(apiCode: string, day: string, requestNo = randomBytes(16).toString('hex')) {
  const { appId, appSecret, apiKey } = goldenCaller;
  return {
    appId,
    apiCode,
    apiKey,
    requestNo,
    sign: createHash('md5').update(`${appId}${appSecret}${day}${apiCode}`).digest('hex'),
    'Content-Type': 'application/json;charset=UTF-8',
  };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Writes bytes to a socket and reads one HTTP answer, without any client code. */
export async function exchangeRaw(url: string, bytes: Uint8Array): Promise<RawAnswer> {
  const { startLine, headers, body } = await sendRaw(url, bytes);
  return {
    status: Number(startLine.split(' ')[1]),
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    body: body.toString('utf8'),
  };
}

/** An HTTP request as bytes. */
export function requestBytes(
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  method = 'POST',
): Buffer {
  const all = { Host: 'uap.example', ...headers, 'Content-Length': String(Buffer.byteLength(body)) };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${head.join('')}\r\n${body}`);
}
