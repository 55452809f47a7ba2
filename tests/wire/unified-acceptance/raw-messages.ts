import { exchangeRaw, type Platform, requestBytes, signedHeaders } from './platform-fixture.ts';

/** Messages to the simulator made by hand, without any code of the client. */

const INTERFACES = {
  alloc: ['421200W0101', 'baseInfo'],
  accept: ['421200W0102', 'baseInfo'],
  process: ['421200W0103', 'postdata'],
  result: ['421200W0104', 'postdata'],
  special: ['421200W0105', 'postdata'],
  material: ['421200W0106', 'postdata'],
  query: ['421200W0107', 'baseInfo'],
  item: ['421200W0108', 'baseInfo'],
  fee: ['421200W0109', 'baseInfo'],
} as const;

export type InterfaceName = keyof typeof INTERFACES;

export type AnyRecord = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly head: { readonly code: string; readonly message: string };
  readonly body?: {
    readonly accepted?: number;
    readonly rejected?: readonly { readonly rowGuid: string; readonly code: string; readonly message: string }[];
    readonly [field: string]: unknown;
  };
}

export interface PostOptions {
  readonly requestNo?: string;
  /** Headers that replace the right ones; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Bytes instead of the records. */
  readonly body?: string;
}

/** Posts records, signed for the platform's day. */
export async function post(
  platform: Platform,
  name: InterfaceName,
  records: AnyRecord | readonly AnyRecord[],
  options: PostOptions = {},
): Promise<Answer> {
  const [apiCode, array] = INTERFACES[name];
  const body = options.body ?? JSON.stringify({ param: { [array]: Array.isArray(records) ? records : [records] } });
  const day = new Date(platform.core.now() + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '');
  const all = { ...signedHeaders(apiCode, day, options.requestNo), ...options.headers };
  const headers = Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const answer = await exchangeRaw(platform.url, requestBytes(`/uap/api/${name}`, headers, body));
  return JSON.parse(answer.body);
}

/** The code that the one record of a message was refused with; `taken` when it was not. */
export async function verdict(platform: Platform, name: InterfaceName, record: AnyRecord): Promise<string> {
  const answer = await post(platform, name, record);
  if (answer.head.code !== '200') return answer.head.code;
  return answer.body?.rejected?.[0]?.code ?? 'taken';
}
