import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { RealEstateClient, type RealEstateServices } from '../../../adapters/real-estate/client.ts';
import { realEstateSettings } from '../../../adapters/real-estate/settings.ts';
import { type RealEstateSimulatorOptions, simulateRealEstate } from '../../../adapters/real-estate/simulator.ts';
import { SimulatorCore } from '../../../adapters/simulator/core.ts';
import { memoryCounter } from '../../../adapters/transport/counter.ts';
import type { Population, PropertySeed, RegistrationSeed, ResidentSeed } from '../../../seeds/model.ts';
import { closeLater } from '../closing.ts';
import { type HttpLoopback, httpLoopback } from '../loopback.ts';

const key = (name: string) =>
  readFileSync(new URL(`../../../seeds/sandbox-keys/real-estate-${name}.pem`, import.meta.url), 'utf8');

export const GATEWAY_PRIVATE = key('gateway.private');
export const GATEWAY_PUBLIC = key('gateway.public');
export const REGISTRY_PRIVATE = key('registry.private');
export const REGISTRY_PUBLIC = key('registry.public');

// ---- the golden people and their property ----

export const SUN = { name: '孙䶮', idType: '1', idNumber: '421202198803056219' };
export const ZHAO = { name: '赵㙍生', idType: '1', idNumber: '421202197511120034' };
export const LI = { name: '李吉', idType: '1', idNumber: '421202200106301450' };

export const FLAT_UNIT = '421202001002GB00012F00030402';
export const HOUSE_UNIT = '421202003011JC00087F00010001';
export const SHARED_UNIT = '421202005007JC00141F00010001';

const resident = ({ name, idNumber }: { name: string; idNumber: string }): ResidentSeed => ({
  idNumber,
  name,
  sex: 'male',
  birthDate: `${idNumber.slice(6, 10)}-${idNumber.slice(10, 12)}-${idNumber.slice(12, 14)}`,
  nation: '01',
  phone: '13800000000',
  hukouDivision: '421202002001',
  residenceDivision: '421202002001',
  address: '湖北省咸宁市咸安区',
});

/** The flat of golden 02: mortgaged. */
export const FLAT: PropertySeed = {
  unitNumber: FLAT_UNIT,
  certificateNumber: '鄂(2022)咸安区不动产权第0001234号',
  rightType: '4',
  rightNature: '102',
  location: '湖北省咸宁市咸安区浮山街道㙍头路8号泉山苑3栋1204室',
  areaSquareMetres: '118.36',
  use: '11',
  structure: '3',
  floor: '12',
  floors: '18',
  registeredAt: '2022-05-18 10:12:33',
  priceFen: 56_800_000,
  landUseEnd: '2082-03-01',
  state: '1',
  owners: [{ name: SUN.name, idNumber: SUN.idNumber, ownership: '0', share: '100%', holdsCertificate: true }],
  mortgages: [
    {
      certificateNumber: '鄂(2022)咸安区不动产证明第0002210号',
      mortgagee: '中国工商银行股份有限公司咸宁咸安支行',
      kind: '1',
      securedFen: 52_000_000,
      unit: '万元',
      from: '2022-05-18',
      to: '2042-05-17',
      rank: '1',
      registeredAt: '2022-05-18 10:30:00',
      state: '1',
    },
  ],
  seizures: [],
  preNotices: [],
  objections: [],
};

/** The flat of golden 01: a later state, seized too. */
export const SEIZED_FLAT: PropertySeed = {
  ...FLAT,
  seizures: [
    {
      court: '咸宁市咸安区人民法院',
      documentNumber: '(2025)鄂1202执保118号',
      kind: '2',
      from: '2025-11-02',
      to: '2028-11-01',
      registeredAt: '2025-11-02 15:00:00',
      state: '1',
    },
  ],
};

/** The village house of golden 01. */
export const HOUSE: PropertySeed = {
  ...FLAT,
  unitNumber: HOUSE_UNIT,
  certificateNumber: '鄂(2019)咸安区不动产权第0000871号',
  rightType: '6',
  rightNature: '203',
  location: '湖北省咸宁市咸安区双溪桥镇𠮷塘村六组',
  areaSquareMetres: '96.00',
  use: '12',
  owners: [{ name: SUN.name, idNumber: SUN.idNumber, ownership: '2', share: '50%', holdsCertificate: true }],
  mortgages: [],
};

/** Held by shares: the registry repeats its entry for each owner. */
export const SHARED: PropertySeed = {
  ...HOUSE,
  unitNumber: SHARED_UNIT,
  certificateNumber: '鄂(2023)咸安区不动产权第0000777号',
  owners: [
    { name: ZHAO.name, idNumber: ZHAO.idNumber, ownership: '2', share: '50%', holdsCertificate: true },
    { name: LI.name, idNumber: LI.idNumber, ownership: '2', share: '50%', holdsCertificate: false },
  ],
};

/** The application of golden 07 and 08. */
export const REGISTRATION: RegistrationSeed = {
  acceptanceNumber: '202603160007',
  applicantIdNumber: SUN.idNumber,
  applicantName: SUN.name,
  acceptedAt: '2026-03-16 09:00:00',
  residential: true,
  feeFen: 8_000,
  payCode: null,
  paidAt: null,
  tradeNumber: null,
  eReceipt: null,
};

export function peopleWith(
  properties: readonly PropertySeed[],
  registrations: readonly RegistrationSeed[] = [],
): Pick<Population, 'residents' | 'realEstate'> {
  return { residents: [SUN, ZHAO, LI].map(resident), realEstate: { properties, registrations } };
}

// ---- a registry on a socket ----

/** The time of the golden files. */
export const GOLDEN_TIME = Date.parse('2026-03-16T09:20:42+08:00');

/** A registry on a free port, closed when the test ends. */
export async function startRegistry(
  people: Pick<Population, 'residents' | 'realEstate'>,
  options: RealEstateSimulatorOptions & { readonly at?: number } = {},
) {
  const { at, ...simulatorOptions } = options;
  const core = new SimulatorCore('real-estate');
  if (at !== undefined) core.setClock(at - Date.now());
  const department = simulateRealEstate(core, people, {
    accounts: { 'xa-gateway': { department: true }, 'xa-kiosk': { department: false } },
    ...simulatorOptions,
  });
  const url = await closeLater(department).listen(0);
  const act = (kind: string, parameters: Record<string, unknown> = {}) => department.acts[kind]?.run(parameters);
  return { core, department, url, act };
}

/** A client with the sandbox's keys and no long pauses, closed when the test ends. */
export function clientOf(
  url: string,
  settings: Record<string, unknown> = {},
  services: Partial<RealEstateServices> = {},
): RealEstateClient {
  const parsed = realEstateSettings.parse({
    url: `${url}/ws/query/1.0`,
    privateKey: GATEWAY_PRIVATE,
    registryPublicKey: REGISTRY_PUBLIC,
    unavailablePausesMs: [1, 2, 3],
    makingPausesMs: [1, 2, 3],
    ...settings,
    line: {
      retry: { backoffMs: 1 },
      rates: [{ calls: 1_000_000, perMs: 1_000 }],
      breaker: { failures: 1_000, coolDownMs: 1_000 },
      ...(settings.line as object | undefined),
    },
  });
  return closeLater(new RealEstateClient(parsed, { counter: memoryCounter(), ...services }));
}

// ---- raw messages, written here a third time so as to trust neither side ----

export interface RawRequest {
  readonly operation: string;
  readonly recType: string;
  readonly data: string;
  readonly id?: string;
  readonly createDate?: string;
  readonly flowId?: string;
  /** Changes the message text after it was signed. */
  readonly spoil?: (signed: string) => string;
}

let lastId = 0;

export function rawMessage(request: RawRequest, privateKey = GATEWAY_PRIVATE): string {
  lastId += 1;
  const id = request.id ?? `421202260316${String(lastId).padStart(6, '0')}`;
  const unsigned =
    '<?xml version="1.0" encoding="UTF-8"?><Message><Head><ASID>AS100</ASID><AreaCode>421202</AreaCode><BizMsgID></BizMsgID>' +
    `<CreateDate>${request.createDate ?? '2026-03-16T09:20:41'}</CreateDate><RecFlowID>${request.flowId ?? ''}</RecFlowID>` +
    `<RecType>${request.recType}</RecType><RegOrgID>421202</RegOrgID></Head><Data>${request.data}</Data></Message>`;
  const digest = createHash('md5').update(unsigned).digest();
  const hex = sign('sha1', digest, createPrivateKey(privateKey)).toString('hex');
  const signed = unsigned.replace(
    '<BizMsgID></BizMsgID>',
    () => `<BizMsgID>${id}</BizMsgID>\r\n<DigitalSign>${hex}</DigitalSign>`,
  );
  return request.spoil ? request.spoil(signed) : signed;
}

export function shell(operation: string, element: string, message: string): string {
  const text = message.replace(/[&<>\r]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' })[c] ?? c);
  const wrapper = element === 'requestXml' ? operation : `${operation}Response`;
  return (
    '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">' +
    `<soapenv:Header/><soapenv:Body><${wrapper} xmlns="http://bdc.example.invalid/ws/query/1.0"><${element}>${text}</${element}>` +
    `</${wrapper}></soapenv:Body></soapenv:Envelope>`
  );
}

/** Posts a body as it is. */
export async function post(url: string, operation: string, body: string | Uint8Array<ArrayBuffer>, headers = {}) {
  const response = await fetch(`${url}/ws/query/1.0`, {
    method: 'POST',
    headers: {
      'content-type': 'text/xml; charset=utf-8',
      soapaction: `"http://bdc.example.invalid/ws/query/1.0/${operation}"`,
      ...headers,
    },
    body,
  });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

/** Sends a raw request and gives what came back, its message unescaped. */
export async function sendRaw(url: string, request: RawRequest) {
  const answer = await post(url, request.operation, shell(request.operation, 'requestXml', rawMessage(request)));
  return { ...answer, ...outcome(answer.text) };
}

/** The code of an answer, Fault or message, and the message's text. */
export function outcome(text: string): { code: string; message: string; fault: boolean } {
  const fault = /<code>(\d{4})<\/code>/.exec(text)?.[1];
  if (fault !== undefined) return { code: fault, message: '', fault: true };
  const inner = /<responseXml>(.*)<\/responseXml>/s.exec(text)?.[1] ?? '';
  const message = inner
    .replaceAll('&#13;', '\r')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
  return { code: /<ResponseCode>(\d{4})</.exec(message)?.[1] ?? '', message, fault: false };
}

/** True when the message carries the key's signature exactly as wire spec 1.1 words it: CR LF, lower-case hex. */
export function signedBy(message: string, publicKey: Parameters<typeof createPublicKey>[0]): boolean {
  const match = /<BizMsgID>\d{18}<\/BizMsgID>\r\n<DigitalSign>([0-9a-f]+)<\/DigitalSign>/.exec(message);
  if (!match) return false;
  const unsigned = message.replace(match[0], '<BizMsgID></BizMsgID>');
  const digest = createHash('md5').update(unsigned).digest();
  return verify('sha1', digest, createPublicKey(publicKey), Buffer.from(match[1] ?? '', 'hex'));
}

// ---- a registry that answers what a test wants ----

/** A service that answers a request's body with XML, or leaves it without an answer; closed when the test ends. */
export async function startServer(
  answer: (body: string, response: ServerResponse) => string | undefined | Promise<string | undefined>,
): Promise<HttpLoopback> {
  const headers = { 'content-type': 'text/xml; charset=utf-8' };
  const loopback = await httpLoopback(async ({ body }, response) => {
    const xml = await answer(body.toString('utf8'), response);
    return xml === undefined ? undefined : new Response(xml, { headers });
  });
  return closeLater(loopback);
}

/** Data and code that a made-up registry answers with, correctly signed, to whatever it is asked. */
export function signedAnswer(
  body: string,
  answer: { readonly code?: string; readonly info?: string; readonly data: string; readonly createDate?: string },
  spoil: (message: string) => string = (message) => message,
): string {
  const operation = /<soapenv:Body><(\w+) /.exec(body)?.[1] ?? '';
  const message = /<requestXml>(.*)<\/requestXml>/s.exec(body)?.[1] ?? '';
  const field = (name: string) => new RegExp(`&lt;${name}&gt;([^&]*)&lt;`).exec(message)?.[1] ?? '';
  const head =
    `<ASID>AS100</ASID><AreaCode>421202</AreaCode><BizMsgID></BizMsgID><CreateDate>${answer.createDate ?? '2026-03-16T09:20:42'}</CreateDate>` +
    `<RecFlowID>${field('RecFlowID')}</RecFlowID><RecType>${field('RecType')}</RecType><RegOrgID>421202</RegOrgID>` +
    `<ResponseCode>${answer.code ?? '0000'}</ResponseCode><ResponseInfo>${answer.info ?? '成功'}</ResponseInfo>`;
  const unsigned = `<?xml version="1.0" encoding="UTF-8"?><Message><Head>${head}</Head><Data>${answer.data}</Data></Message>`;
  const hex = sign('sha1', createHash('md5').update(unsigned).digest(), createPrivateKey(REGISTRY_PRIVATE)).toString(
    'hex',
  );
  const signed = unsigned.replace(
    '<BizMsgID></BizMsgID>',
    () => `<BizMsgID>${field('BizMsgID')}</BizMsgID>\r\n<DigitalSign>${hex}</DigitalSign>`,
  );
  return shell(operation, 'responseXml', spoil(signed));
}

export const ownerQuery = (person: { name: string; idType: string; idNumber: string }) => ({
  ...person,
  purpose: '1',
  applicationForm: 'SQ202603160001',
});

export const condition = (
  attributes: string,
  form = 'CXMD="1" CXR="xa-gateway" CXSQSBH="SQ202603160001" Page="1" Size="20"',
) => `<CXTJ ${form} ${attributes}/>`;

// ---- golden files ----

export const GOLDEN = new URL('../golden/real-estate/', import.meta.url);

export interface GoldenFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly operation:
    | 'QueryByOwner'
    | 'QueryByCert'
    | 'QueryByUnit'
    | 'PrintQueryProof'
    | 'PrintHouseProof'
    | 'LinkFee';
  readonly bizMsgId: string;
  readonly md5?: string;
  readonly sign?: string;
}

export const MANIFEST = JSON.parse(readFileSync(new URL('manifest.json', GOLDEN), 'utf8')) as {
  publicKeyX509Base64: string;
  files: GoldenFile[];
};

export const GOLDEN_KEY = createPublicKey({
  key: Buffer.from(MANIFEST.publicKeyX509Base64, 'base64'),
  format: 'der',
  type: 'spki',
});

export const golden = (file: string): Buffer => readFileSync(new URL(file, GOLDEN));
