import { createHmac } from 'node:crypto';
import { json } from '../http-message.ts';
import { sendRaw } from '../loopback.ts';
import type { Department } from './department.ts';
import { INDEX } from './golden-files.ts';

/** Requests made by hand, without the adapter's codec. */

function signature(sid: string, rtime: string, key: string): string {
  return createHmac('sha256', key).update(`${sid}${INDEX.rid}${rtime}`).digest('base64');
}

function post(path: string, headers: Record<string, string>, body: string): Buffer {
  const bytes = Buffer.from(body, 'utf8');
  const lines = Object.entries({
    Host: 'exchange.example',
    ...headers,
    'Content-Type': 'application/json;charset=UTF-8',
    'Content-Length': String(bytes.length),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), bytes]);
}

export function authentication(department: Department, sid: string, key: string): Record<string, string> {
  const rtime = String(department.core.now());
  return {
    gjgxjhpt_rid: INDEX.rid,
    gjgxjhpt_sid: sid,
    gjgxjhpt_rtime: rtime,
    gjgxjhpt_sign: signature(sid, rtime, key),
  };
}

/** Fetches every service's secret once: the golden requests are signed with the first ones. */
export async function refreshAll(department: Department): Promise<void> {
  for (const [sid, appKey] of Object.entries(INDEX.appKeys)) await refresh(department, sid, appKey);
}

/** One refresh; gives the parsed answer. */
export async function refresh(department: Department, sid: string, appKey: string): Promise<unknown> {
  const body = JSON.stringify(authentication(department, sid, appKey));
  return json(await sendRaw(department.url, post('/sysapi/auth/refreshappsecret', {}, body)));
}

export interface RawAnswer {
  readonly code: string;
  readonly message: string;
  readonly data: Record<string, unknown>;
}

/** One business call signed with the golden secret; `head` overrides members of a good head. */
export async function call(
  department: Department,
  txCode: string,
  body: unknown,
  head: Record<string, unknown> = {},
): Promise<RawAnswer> {
  const message = {
    head: {
      txCode,
      serialNo: '42120220221008000099',
      orgCode: '11421202MB2A90002R',
      operator: 'xadl0017',
      reqTime: '2022-10-08 09:30:05',
      ...head,
    },
    body,
  };
  return callText(department, txCode, JSON.stringify(message));
}

/** One business call with any text for a body. */
export async function callText(department: Department, txCode: string, body: string): Promise<RawAnswer> {
  const sid = `s_X4212020000000000_900${txCode.slice(-1)}`;
  const headers = authentication(department, sid, INDEX.secrets[sid] ?? '');
  return json(await sendRaw(department.url, post('/httpproxy', headers, body))) as RawAnswer;
}
