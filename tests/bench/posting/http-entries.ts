import { Client } from 'undici';
import { chinaDate } from '../../../adapters/values/china-time.ts';
import { POST_BATCH } from '../../../gateway/consoles/hospital/operations.ts';
import { FIRST_PEOPLES, RECEIVING_HOSPITALS } from '../../../seeds/population/hospitals.ts';
import { newDocumentNumber } from './entries.ts';
import type { Request } from './load.ts';

export const OPERATOR = 'hospital';
export const HOSPITAL = FIRST_PEOPLES.code;

const DAY_MS = 86_400_000;
const TODAY = chinaDate(Date.now());
const [RECEIVING] = RECEIVING_HOSPITALS;

/** What a hospital's system sends at the counter: it keeps the receipt. */
const POST_REFERRAL = `mutation PostReferral($input: PostReferralInput!) {
  postReferral(input: $input) { result posting { id receipt { token } } }
}`;

/** A referral of about 1 KB, of a document of its own. */
export function entry() {
  return {
    document: newDocumentNumber(),
    patient: {
      idNumber: '421202197803159926',
      name: '甘安',
      phone: '13800000001',
      address: '咸安区汀泗桥镇彭碑村三组',
    },
    diagnosis: { code: 'I63.902', name: '脑梗死' },
    condition:
      '神经内科、神经外科、影像科三方会诊，头颅CTA提示左侧大脑中动脉M1段重度狭窄，发病时间窗内，需急诊血管内治疗。患者及家属知情同意。',
    hospital: { code: RECEIVING?.code, name: RECEIVING?.name },
    date: TODAY,
    reason: '本院无神经介入手术条件，经会诊建议转上级医院进一步治疗',
    opinion: '同意转院',
    from: TODAY,
    to: chinaDate(Date.now() + 180 * DAY_MS),
  };
}

/** A request over a connection of its own, of one posting or of a batch as the hospital's command sends it. */
export function poster(url: string, size: number): { readonly request: Request; close(): Promise<void> } {
  const client = new Client(url, { pipelining: 1 });
  const request = async () => {
    const body = size === 1 ? single() : batch(size);
    const text = await exchange(client, body);
    if (!text.includes(size === 1 ? '"result":"STORED"' : `"stored":${size},`)) throw new Error(text.slice(0, 500));
    return size;
  };
  return { request, close: () => client.close() };
}

function single(): string {
  const idempotencyKey = `key-${newDocumentNumber()}`;
  return JSON.stringify({
    query: POST_REFERRAL,
    variables: { input: { operator: OPERATOR, idempotencyKey, ...entry() } },
  });
}

function batch(size: number): string {
  const entries = Array.from({ length: size }, () => ({ kind: 'REFERRAL', ...entry() }));
  return JSON.stringify({ query: POST_BATCH, variables: { input: { operator: OPERATOR, entries } } });
}

async function exchange(client: Client, body: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const answer = await client.request({ method: 'POST', path: '/graphql', headers, body });
  return answer.body.text();
}
