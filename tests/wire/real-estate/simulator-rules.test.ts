import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  condition,
  FLAT,
  FLAT_UNIT,
  GATEWAY_PUBLIC,
  GOLDEN_TIME,
  golden,
  HOUSE,
  LI,
  peopleWith,
  post,
  REGISTRATION,
  REGISTRY_PRIVATE,
  rawMessage,
  SEIZED_FLAT,
  SHARED,
  SHARED_UNIT,
  SUN,
  sendRaw,
  shell,
  startRegistry,
  ZHAO,
} from './fixture.ts';

const OTHER_CASE = { ...REGISTRATION, acceptanceNumber: '202603160008', payCode: '42120226300000001009' };

let registry: Awaited<ReturnType<typeof startRegistry>>;
beforeEach(async () => {
  registry = await startRegistry(peopleWith([FLAT, HOUSE, SHARED], [REGISTRATION, OTHER_CASE]), { at: GOLDEN_TIME });
});

const OWNER = { operation: 'QueryByOwner', recType: '9800101' };
const CERT = { operation: 'QueryByCert', recType: '9800102' };
const UNIT = { operation: 'QueryByUnit', recType: '9800103' };
const PROOF = { operation: 'PrintQueryProof', recType: '9800201' };
const HOUSING = { operation: 'PrintHouseProof', recType: '9800202' };
const LINK = { operation: 'LinkFee', recType: '9800301', flowId: '202603160007' };
const PAID = { operation: 'LinkFee', recType: '9800302', flowId: '202603160007' };

const about = ({ name, idNumber }: { name: string; idNumber: string }, idType = '1') =>
  `QLRMC="${name}" ZJZL="${idType}" ZJH="${idNumber}"`;
const byOwner = (person: string, form?: string) => ({ ...OWNER, data: condition(`CXLX="1" ${person}`, form) });
const send = (request: Parameters<typeof sendRaw>[1]) => sendRaw(registry.url, request);
const entries = (message: string) => [...message.matchAll(/<FDCQ .*?<\/FDCQ>/gs)].map(([entry]) => entry);

describe('messages', () => {
  test('a name changed after signing is refused with Fault 1001', async () => {
    const answer = await send({ ...byOwner(about(SUN)), spoil: (signed) => signed.replace(SUN.name, '孙龑') });
    expect(answer).toMatchObject({ status: 500, code: '1001', fault: true });
  });

  test('a message signed with another key is refused with Fault 1001', async () => {
    const body = shell('QueryByOwner', 'requestXml', rawMessage(byOwner(about(SUN)), REGISTRY_PRIVATE));
    expect((await post(registry.url, 'QueryByOwner', body)).text).toContain('<code>1001</code>');
  });

  test('any white space between id and signature is taken', async () => {
    const spoil = (signed: string) => signed.replace('</BizMsgID>\r\n', '</BizMsgID>\n  ');
    expect(await send({ ...byOwner(about(SUN)), spoil })).toMatchObject({ status: 200, code: '0000' });
  });

  test('an id that was used is refused with Fault 1006, whatever the message says', async () => {
    const id = '421202260316900001';
    expect(await send({ ...byOwner(about(SUN)), id })).toMatchObject({ code: '0000' });
    expect(await send({ ...byOwner(about(ZHAO)), id })).toMatchObject({ status: 500, code: '1006', fault: true });
  });

  test.each([
    ['2026-03-16T09:10:43', '0000'],
    ['2026-03-16T09:30:40', '0000'],
    ['2026-03-16T09:10:30', '1007'],
    ['2026-03-16T09:31:00', '1007'],
    ['2026-03-15T09:20:41', '1007'],
  ])('CreateDate %s at 09:20:42 is answered with %s', async (createDate, code) => {
    expect(await send({ ...byOwner(about(SUN)), createDate })).toMatchObject({ status: 200, code, fault: false });
  });

  test.each([
    ['no signature', (signed: string) => signed.replace(/<DigitalSign>.*<\/DigitalSign>/, '')],
    ['no id', (signed: string) => signed.replace(/<BizMsgID>.*<\/BizMsgID>/, '')],
    ['two ids', (signed: string) => signed.replace('<Head>', '<Head><BizMsgID></BizMsgID>')],
  ])('%s is Fault 1002', async (_, spoil) => {
    expect(await send({ ...byOwner(about(SUN)), spoil })).toMatchObject({ status: 500, code: '1002', fault: true });
  });

  test.each([
    ['an impossible day in the id', { id: '421202260229000001' }],
    ['an id of another division', { id: '421201260316000001' }],
    ['a CreateDate in another form', { createDate: '2026-03-16 09:20:41' }],
    ['a CreateDate that the calendar has not', { createDate: '2026-02-30T09:20:41' }],
    ['a RecFlowID of 51 characters', { flowId: '1'.repeat(51) }],
    ['the type of another operation', { recType: '9800102' }],
    ['text beside the record', { data: `x${condition(`CXLX="1" ${about(SUN)}`)}` }],
    ['two records', { data: condition(`CXLX="1" ${about(SUN)}`).repeat(2) }],
    ['an unknown attribute', { data: condition(`CXLX="1" ${about(SUN)} XX="1"`) }],
    ['a missing attribute', { data: condition(`CXLX="1" QLRMC="${SUN.name}" ZJZL="1"`) }],
    ['a name of 101 characters', { data: condition(`CXLX="1" ${about({ ...SUN, name: '孙'.repeat(101) })}`) }],
    ['the query kind of another operation', { data: condition(`CXLX="2" ${about(SUN)}`) }],
    [
      'page 0',
      { data: condition(`CXLX="1" ${about(SUN)}`, 'CXMD="1" CXR="xa-gateway" CXSQSBH="S" Page="0" Size="20"') },
    ],
    ['markup that is not well-formed', { data: '<CXTJ' }],
    ['an entity', { data: condition(`CXLX="1" ${about({ ...SUN, name: '&amp;x;&x;' })}`) }],
  ])('%s is Fault 1002', async (_, change) => {
    expect(await send({ ...byOwner(about(SUN)), ...change })).toMatchObject({ status: 500, code: '1002', fault: true });
  });

  test.each([
    ['no SOAPAction', { soapaction: '' }],
    ['a SOAPAction without quotes', { soapaction: 'http://bdc.example.invalid/ws/query/1.0/QueryByOwner' }],
    ['the SOAPAction of another operation', { soapaction: '"http://bdc.example.invalid/ws/query/1.0/LinkFee"' }],
    ['another content type', { 'content-type': 'application/json' }],
    ['another character set', { 'content-type': 'text/xml; charset=gbk' }],
  ])('%s is Fault 1002', async (_, headers) => {
    const body = shell('QueryByOwner', 'requestXml', rawMessage(byOwner(about(SUN))));
    const answer = await post(registry.url, 'QueryByOwner', body, headers);
    expect(answer.status).toBe(500);
    expect(answer.text).toContain('<code>1002</code>');
  });

  test.each([
    ['an empty body', new Uint8Array()],
    ['bytes that are not UTF-8', new Uint8Array([0x3c, 0xb3, 0xc9])],
    ['a document type', new TextEncoder().encode('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')],
    ['a golden request cut in half', new Uint8Array(golden('01-query-by-owner.request.xml').subarray(0, 600))],
  ])('%s is Fault 1002 without an id', async (_, body) => {
    const answer = await post(registry.url, 'QueryByOwner', body);
    expect(answer.status).toBe(500);
    expect(answer.text).toContain('<faultcode>soapenv:Client</faultcode>');
    expect(answer.text).toContain('<code>1002</code><bizMsgId></bizMsgId>');
  });

  test('the daily limit is answered with 1102 and ends at midnight in China', async () => {
    registry.act('limit-day', { calls: 1 });
    expect(await send(byOwner(about(SUN)))).toMatchObject({ code: '0000' });
    expect(await send(byOwner(about(SUN)))).toMatchObject({ code: '1102', fault: false });
    registry.core.setClock(Date.parse('2026-03-17T00:00:01+08:00') - Date.now());
    expect(await send({ ...byOwner(about(SUN)), createDate: '2026-03-17T00:00:00' })).toMatchObject({ code: '0000' });
  });
});

describe('queries', () => {
  test.each([
    ['no purpose', 'CXR="xa-gateway" CXSQSBH="S" Page="1" Size="20"', '1103'],
    ['a purpose that is not in the list', 'CXMD="6" CXR="xa-gateway" CXSQSBH="S" Page="1" Size="20"', '1103'],
    ['no application form', 'CXMD="1" CXR="xa-gateway" Page="1" Size="20"', '1103'],
    ['an empty application form', 'CXMD="1" CXR="xa-gateway" CXSQSBH="" Page="1" Size="20"', '1103'],
    ['an account that is not known', 'CXMD="1" CXR="nobody" CXSQSBH="S" Page="1" Size="20"', '1101'],
    ['an account named like a built-in', 'CXMD="1" CXR="constructor" CXSQSBH="S" Page="1" Size="20"', '1101'],
    ['a page of 51', 'CXMD="1" CXR="xa-gateway" CXSQSBH="S" Page="1" Size="51"', '2002'],
    ['a page of 50', 'CXMD="1" CXR="xa-gateway" CXSQSBH="S" Page="1" Size="50"', '0000'],
  ])('%s is answered with %3$s', async (_, form, code) => {
    expect(await send(byOwner(about(SUN), form))).toMatchObject({ status: 200, code });
  });

  test.each([
    ['a wrong check character', { ...SUN, idNumber: '421202198803056218' }, '1'],
    ['17 characters', { ...SUN, idNumber: '42120219880305621' }, '1'],
    ['a full-width digit', { ...SUN, idNumber: '42120219880305621９' }, '1'],
    ['a small letter in a passport number', { ...SUN, idNumber: 'e1234567' }, '3'],
    ['a space in a passport number', { ...SUN, idNumber: 'E123 4567' }, '3'],
    ['an ID type that is not in the list', SUN, '8'],
  ])('%s is answered with 1005', async (_, person, type) => {
    expect(await send(byOwner(about(person, type)))).toMatchObject({ status: 200, code: '1005' });
  });

  test('a name that does not go with the number is answered with 2001', async () => {
    expect(await send(byOwner(about({ ...SUN, name: ZHAO.name })))).toMatchObject({ code: '2001' });
  });

  test('a number that the registry does not know has no record', async () => {
    const answer = await send(byOwner(about({ name: '无名', idNumber: '421202199001011232' })));
    expect(answer).toMatchObject({ code: '0000' });
    expect(answer.message).toContain('Records="0"');
  });

  test('a property registered under the 15-digit number is found with it and not with the 18 digits', async () => {
    const [owner] = HOUSE.owners;
    const old = { ...HOUSE, owners: [{ ...owner, name: SUN.name, idNumber: '421202880305621' }] } as typeof HOUSE;
    const other = await startRegistry(peopleWith([old]), { at: GOLDEN_TIME });
    const found = await sendRaw(other.url, byOwner(about({ ...SUN, idNumber: '421202880305621' })));
    expect(found.message).toContain('Records="1"');
    expect((await sendRaw(other.url, byOwner(about(SUN)))).message).toContain('Records="0"');
  });

  test('a unit held by shares has one entry for each owner, the other owner’s number masked', async () => {
    const { message } = await send(byOwner(about(ZHAO)));
    expect(message).toContain('Records="2"');
    const [own = '', other = ''] = entries(message);
    expect(own).toContain(`QLRMC="${ZHAO.name}" ZJZL="1" ZJH="${ZHAO.idNumber}"`);
    expect(other).toContain(`QLRMC="${LI.name}" ZJZL="1" ZJH="421202********1450"`);
  });

  test('pages split the entries and keep the total', async () => {
    const page = (number: number) => `CXMD="1" CXR="xa-gateway" CXSQSBH="S" Page="${number}" Size="1"`;
    const answers = await Promise.all([1, 2, 3].map((number) => send(byOwner(about(SUN), page(number)))));
    expect(answers.map(({ message }) => entries(message).length)).toEqual([1, 1, 0]);
    for (const { message } of answers) expect(message).toContain('Records="2"');
  });

  test('a certificate number in either width of brackets is found by its owner’s name only', async () => {
    const byCertificate = (number: string, name: string) =>
      send({ ...CERT, data: condition(`CXLX="2" QLRMC="${name}" BDCQZH="${number}"`) });
    expect((await byCertificate(FLAT.certificateNumber, SUN.name)).message).toContain('Records="1"');
    expect((await byCertificate('鄂（2022）咸安区不动产权第０００１２３４号', SUN.name)).message).toContain(
      'Records="1"',
    );
    expect((await byCertificate(FLAT.certificateNumber, LI.name)).message).toContain('Records="0"');
    expect(await byCertificate('鄂(22)咸安区不动产权第0001234号', SUN.name)).toMatchObject({ code: '1004' });
  });

  test('a query by unit shows the owners’ numbers to departments and masks them for others', async () => {
    const byUnit = (account: string) => {
      const form = `CXMD="1" CXR="${account}" CXSQSBH="S" Page="1" Size="20"`;
      return send({ ...UNIT, data: condition(`CXLX="3" BDCDYH="${FLAT_UNIT}"`, form) });
    };
    expect((await byUnit('xa-gateway')).message).toContain(`ZJH="${SUN.idNumber}"`);
    expect((await byUnit('xa-kiosk')).message).toContain('ZJH="421202********6219"');
  });

  test('a query by unit gives the current rights only, a query by owner the historical ones too', async () => {
    registry.act('release-mortgage', { unitNumber: FLAT_UNIT });
    registry.act('transfer', { unitNumber: FLAT_UNIT, toIdNumber: LI.idNumber, priceFen: 61_000_050 });
    const { message } = await send({ ...UNIT, data: condition(`CXLX="3" BDCDYH="${FLAT_UNIT}"`) });
    expect(entries(message)).toHaveLength(1);
    expect(message).toContain(LI.name);
    expect(message).toContain('QDJG="61.00005"');
    const own = entries((await send(byOwner(about(SUN)))).message);
    expect(own.map((entry) => / QSZT="(\d)" DYZT/.exec(entry)?.[1])).toEqual(['2', '1']);
  });

  test('a seizure shows until it is lifted; a second one waits', async () => {
    expect(registry.act('seize', { unitNumber: SHARED_UNIT, documentNumber: 'A' })).toEqual({
      documentNumber: 'A',
      kind: '1',
    });
    expect(registry.act('seize', { unitNumber: SHARED_UNIT, documentNumber: 'B' })).toEqual({
      documentNumber: 'B',
      kind: '2',
    });
    const shown = async () => (await send({ ...UNIT, data: condition(`CXLX="3" BDCDYH="${SHARED_UNIT}"`) })).message;
    expect(await shown()).toContain('CFZT="1"');
    registry.act('lift-seizure', { unitNumber: SHARED_UNIT });
    expect(await shown()).toContain('CFZT="0"');
    expect(registry.core.ledger.map(({ kind, reference }) => [kind, reference])).toEqual([
      ['seized', 'A'],
      ['seized', 'B'],
      ['seizure-lifted', 'A'],
      ['seizure-lifted', 'B'],
    ]);
  });

  test('a seized unit cannot be transferred', async () => {
    registry.act('seize', { unitNumber: SHARED_UNIT });
    expect(() => registry.act('transfer', { unitNumber: SHARED_UNIT, toIdNumber: SUN.idNumber })).toThrow('seized');
  });

  test('a maximum-amount mortgage is written as ZGZQSE, in yuan where that is its unit', async () => {
    registry.act('mortgage', { unitNumber: SHARED_UNIT, amountFen: 12_345_600, kind: '2', unit: '元' });
    const { message } = await send({ ...UNIT, data: condition(`CXLX="3" BDCDYH="${SHARED_UNIT}"`) });
    expect(message).toContain('BDBZZQSE="" ZGZQSE="123456" JEDW="元"');
  });
});

describe('prints', () => {
  const print = (queryNumber: string, person: string, change = 'CXMD="1" DYFS="PDF"') =>
    send({ ...PROOF, data: `<ZMSQ ZMLX="1" CXBH="${queryNumber}" ${person} ${change}/>` });
  const printHousing = (queryNumber: string, person: string, districts = '421202') =>
    send({
      ...HOUSING,
      data: `<ZMSQ ZMLX="3" CXBH="${queryNumber}" ${person} CXMD="3" QXDM="${districts}" DYFS="PDF"/>`,
    });
  const query = async (request = byOwner(about(SUN))) => /CXBH="(\w+)"/.exec((await send(request)).message)?.[1] ?? '';

  test('the same print twice is one certificate', async () => {
    const number = await query();
    const first = await print(number, about(SUN));
    const second = await print(number, about(SUN));
    const proof = (message: string) => /<ZM .*<\/ZM>/s.exec(message)?.[0];
    expect(first.code).toBe('0000');
    expect(proof(second.message)).toBe(proof(first.message));
    expect(registry.core.ledger).toMatchObject([
      { kind: 'proof-printed', reference: 'XA20260316000001', queryNumber: number, records: 2 },
    ]);
  });

  test('a query is printable for ten minutes', async () => {
    const number = await query();
    const at = async (later: string) => {
      registry.core.setClock(Date.parse(`2026-03-16T${later}+08:00`) - Date.now());
      const data = `<ZMSQ ZMLX="1" CXBH="${number}" ${about(SUN)} CXMD="1" DYFS="PDF"/>`;
      return (await send({ ...PROOF, data, createDate: `2026-03-16T${later}` })).code;
    };
    expect(await at('09:30:30')).toBe('0000');
    expect(await at('09:30:50')).toBe('2003');
  });

  test.each([
    ['a query that there was not', 'CX2026031699999', about(SUN), '2003'],
    ['a malformed query number', 'cx2026031600001', about(SUN), '2003'],
  ])('%s is answered with 2003', async (_, number, person, code) => {
    expect(await print(number, person)).toMatchObject({ code });
  });

  test('another person’s query is not printed', async () => {
    expect(await print(await query(), about(ZHAO))).toMatchObject({ code: '2001' });
  });

  test('a print without a purpose is answered with 1103', async () => {
    expect(await print(await query(), about(SUN), 'DYFS="PDF"')).toMatchObject({ code: '1103' });
  });

  test('a certificate that is being made is answered with 3001 as often as the act said', async () => {
    const number = await query();
    registry.act('making-proof', { times: 2 });
    const codes = [];
    for (let times = 0; times < 3; times += 1) codes.push((await print(number, about(SUN))).code);
    expect(codes).toEqual(['3001', '3001', '0000']);
  });

  test('a misprint has another digest than its document, and the same print again its own', async () => {
    const number = await query();
    registry.act('misprint', {});
    const documents = [];
    for (let times = 0; times < 2; times += 1) {
      const { message } = await print(number, about(SUN));
      const [, told, base64 = ''] = / Sha256="([0-9a-f]{64})">([^<]+)</.exec(message) ?? [];
      const digest = createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex');
      documents.push({ base64, right: told === digest });
    }
    expect(documents.map(({ right }) => right)).toEqual([false, true]);
    expect(documents[0]?.base64).toBe(documents[1]?.base64);
  });

  test('a large certificate has as many bytes as the act said, the next one its own', async () => {
    const lengths = [];
    for (const bytes of [500_000, 0]) {
      if (bytes > 0) registry.act('print-large', { bytes });
      const { message } = await print(await query(), about(SUN));
      lengths.push(Buffer.from(/<PDF[^>]*>([^<]+)</.exec(message)?.[1] ?? '', 'base64').length);
    }
    expect(lengths).toEqual([500_000, expect.toSatisfy((length: number) => length > 1_000 && length < 200_000)]);
  });

  test('the housing certificate counts current dwellings once, however many owners repeat them', async () => {
    const zhao = await query(byOwner(about(ZHAO)));
    expect((await printHousing(zhao, about(ZHAO))).message).toContain('Records="1"');
  });

  test.each([
    ['a shop', { use: '31' }, 0],
    ['a dwelling without a house in its right', { rightType: '3' }, 0],
    ['a historical dwelling', { state: '2' }, 0],
    ['a villa', { use: '111' }, 1],
  ])('the housing certificate counts %s as %3$d', async (_, change, records) => {
    const other = await startRegistry(peopleWith([{ ...FLAT, ...change }]), { at: GOLDEN_TIME });
    const { message } = await sendRaw(other.url, byOwner(about(SUN)));
    const number = /CXBH="(\w+)"/.exec(message)?.[1] ?? '';
    const data = `<ZMSQ ZMLX="3" CXBH="${number}" ${about(SUN)} CXMD="3" QXDM="421202" DYFS="PDF"/>`;
    const printed = await sendRaw(other.url, { ...HOUSING, data });
    expect(printed.message).toContain(`Records="${records}"`);
    expect(printed.message).toContain(records === 0 ? '未查询到住房登记信息' : '查询到住房登记信息1处');
  });

  test('a housing certificate needs a query by owner, for only that has seen everything', async () => {
    const unit = await query({ ...UNIT, data: condition(`CXLX="3" BDCDYH="${FLAT_UNIT}"`) });
    expect(await printHousing(unit, about(SUN))).toMatchObject({ code: '2003' });
  });

  test('a certificate tells what was found when the query was answered', async () => {
    const number = await query();
    registry.act('release-mortgage', { unitNumber: FLAT_UNIT });
    registry.act('transfer', { unitNumber: FLAT_UNIT, toIdNumber: LI.idNumber });
    expect((await print(number, about(SUN))).message).toContain('名下登记不动产2处');
  });
});

describe('fees', () => {
  const KEY = 'SLBH="202603160007" JFSBM="42120226300000001002"';
  const item = (price: string, sum = price) =>
    `<SFXM SXH="1" SFXMDM="103043211" SFXMMC="不动产登记费" DJ="${price}" SL="1" JEDW="元" SSJE="${sum}"/>`;
  const link = (attributes = `${KEY} HJ="80.00"`, items = item('80.00'), flowId = LINK.flowId) =>
    send({ ...LINK, flowId, data: `<SFXX ${attributes}>${items}</SFXX>` });
  const pay = (attributes = KEY, more = '', flowId = PAID.flowId) =>
    send({
      ...PAID,
      flowId,
      data: `<SFXX ${attributes} SFZT="1" JKRQ="2026-03-16T10:33:22+08:00" JYLSH="T1" ${more} HJ="80.00"/>`,
    });

  test('the state machine goes from linked to paid to receipted, each step once', async () => {
    expect((await link()).message).toContain('SFZT="0"');
    expect((await link()).message).toContain('SFZT="0"');
    expect((await pay()).message).toContain('SFZT="1"');
    expect((await pay()).message).toContain('SFZT="1"');
    expect((await pay(KEY, 'FPDM="42010126" FPH="0000012345"')).code).toBe('0000');
    expect((await pay(KEY, 'FPDM="42010126" FPH="0000012345"')).code).toBe('0000');
    expect((await link()).message).toContain('SFZT="1"');
    expect(registry.core.ledger.map(({ kind }) => kind)).toEqual(['fee-linked', 'fee-paid', 'receipt-told']);
  });

  test.each([
    ['items that do not give the total', `${KEY} HJ="80.00"`, item('550.00'), '2004'],
    ['a price that does not give its sum', `${KEY} HJ="80.00"`, item('40.00', '80.00'), '2004'],
    ['a total that is not the fee of the case', `${KEY} HJ="550.00"`, item('550.00'), '2004'],
    ['no item', `${KEY} HJ="80.00"`, '', '1002'],
    ['an item of 0', `${KEY} HJ="80.00"`, item('80.00') + item('0.00'), '1002'],
    [
      'a pay code of another case',
      'SLBH="202603160007" JFSBM="42120226300000001009" HJ="80.00"',
      item('80.00'),
      '2006',
    ],
    ['a pay code of 16 digits', 'SLBH="202603160007" JFSBM="4212022600001002" HJ="80.00"', item('80.00'), '1002'],
  ])('linking %s is answered with %4$s', async (_, attributes, items, code) => {
    expect(await link(attributes, items)).toMatchObject({ code });
    expect(registry.core.ledger).toEqual([]);
  });

  test('an acceptance number that there is not is answered with 2005', async () => {
    const attributes = 'SLBH="202603169999" JFSBM="42120226300000001002" HJ="80.00"';
    expect(await link(attributes, item('80.00'), '202603169999')).toMatchObject({ code: '2005' });
    expect(await pay('SLBH="202603169999" JFSBM="42120226300000001002"', '', '202603169999')).toMatchObject({
      code: '2005',
    });
  });

  test('RecFlowID must be the acceptance number', async () => {
    expect(await link(undefined, undefined, '202603160008')).toMatchObject({ code: '1002', fault: true });
  });

  test('a payment of a pay code that was never linked is answered with 2005, of another case’s with 2006', async () => {
    expect(await pay()).toMatchObject({ code: '2005' });
    expect(await pay('SLBH="202603160007" JFSBM="42120226300000001009"')).toMatchObject({ code: '2006' });
  });

  test('an e-receipt needs both code and number', async () => {
    await link();
    expect(await pay(KEY, 'FPDM="42010126"')).toMatchObject({ code: '1002' });
  });

  test('golden example 09, a total that differs from its items, is answered with 2004', async () => {
    const attributes = 'SLBH="202603160008" JFSBM="42120226300000001007" HJ="80.00"';
    expect(await link(attributes, item('550.00'), '202603160008')).toMatchObject({ code: '2004', fault: false });
  });

  test('an accepted registration gets the day’s next number and its fee, and can be linked', async () => {
    const accepted = registry.act('accept-registration', { applicantIdNumber: SUN.idNumber, residential: false });
    expect(accepted).toEqual({
      acceptanceNumber: '202603160009',
      amountFen: 55_000,
      items: [{ code: '103043211', name: '不动产登记费', unitPriceFen: 55_000, quantity: 1, amountFen: 55_000 }],
    });
    const attributes = 'SLBH="202603160009" JFSBM="42120226300000001777" HJ="550.00"';
    expect(await link(attributes, item('550.00'), '202603160009')).toMatchObject({ code: '0000' });
    expect(registry.core.ledger).toMatchObject([
      { kind: 'registration-accepted', reference: '202603160009', subject: SUN.idNumber, amountFen: 55_000 },
      { kind: 'fee-linked', reference: '202603160009', payCode: '42120226300000001777', amountFen: 55_000 },
    ]);
  });
});

describe('acts and reset', () => {
  test.each([
    ['accept-registration', { applicantIdNumber: '421202199001011232' }, 'applicantIdNumber'],
    ['accept-registration', { applicantIdNumber: SUN.idNumber, residential: 'yes' }, 'residential'],
    ['seize', { unitNumber: '421202001002GB00012F00039999' }, 'unitNumber'],
    ['lift-seizure', { unitNumber: FLAT_UNIT }, 'documentNumber'],
    ['mortgage', { unitNumber: FLAT_UNIT, amountFen: 0.5 }, 'amountFen'],
    ['transfer', { unitNumber: FLAT_UNIT, toIdNumber: LI.idNumber }, 'mortgaged'],
    ['making-proof', { times: -1 }, 'times'],
    ['misprint', { times: 0.5 }, 'times'],
    ['print-large', {}, 'bytes'],
    ['limit-day', {}, 'calls'],
  ])('%s with %j is refused and names what is wrong', (kind, parameters, part) => {
    expect(() => registry.act(kind, parameters)).toThrow(part);
  });

  test('reset goes back to the population: properties, fees, ids, numbers', async () => {
    const id = '421202260316900002';
    await send({ ...byOwner(about(SUN)), id });
    registry.act('seize', { unitNumber: FLAT_UNIT });
    registry.act('limit-day', { calls: 1 });
    registry.department.reset();
    const again = await send({ ...byOwner(about(SUN)), id });
    expect(again).toMatchObject({ code: '0000' });
    expect(again.message).toContain('CXBH="CX2026031600001"');
    expect(again.message).not.toContain('CFZT="1"');
  });

  test('the same state gives the same answer', async () => {
    const other = await startRegistry(peopleWith([SEIZED_FLAT, HOUSE]), {
      at: GOLDEN_TIME,
      gatewayPublicKey: GATEWAY_PUBLIC,
    });
    const twin = await startRegistry(peopleWith([SEIZED_FLAT, HOUSE]), { at: GOLDEN_TIME });
    const data = (message: string) => /<Data>.*<\/Data>/s.exec(message)?.[0]?.replace(/CXSJ="[^"]*"/, '');
    const [one, two] = await Promise.all([other, twin].map(({ url }) => sendRaw(url, byOwner(about(SUN)))));
    expect(data(two?.message ?? '')).toBe(data(one?.message ?? '-'));
  });
});
