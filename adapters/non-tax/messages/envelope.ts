import { isUtf8 } from 'node:buffer';
import { protocolFault } from '../errors.ts';
import { openFrame, sealFrame } from './frame.ts';
import { decodeGb18030, encodeGb18030 } from './gb18030.ts';
import { element, readXml, writeXml, type XmlElement, XmlFault } from './xml.ts';

const DECLARATION = '<?xml version="1.0" encoding="GB18030"?>';
const APPLICATION = 'CNNONTAX';
const VERSION = '1.0';

/** CFX/HEAD (wire spec section 2). */
export interface MessageHead {
  /** 发起节点代码. */
  readonly source: string;
  /** 接收节点代码. */
  readonly destination: string;
  /** 报文标识号. */
  readonly messageId: string;
  /** 报文参考号: its own id in a request, the request's in an answer. */
  readonly messageReference: string;
  /** 工作日期, yyyyMMdd. */
  readonly workDate: string;
}

export interface Message extends MessageHead {
  /** 报文编号, as the frame has it: errors arrive as 5001 whatever was asked (wire spec 3.2). */
  readonly number: string;
  /** The inner `<Voucher>` elements. */
  readonly vouchers: readonly XmlElement[];
}

/** Writes a message as one frame, byte for byte as the district's files have it. */
export function encodeMessage(message: Message, token: string): Buffer {
  const head = element('HEAD', [
    element('APP', APPLICATION),
    element('VER', VERSION),
    element('SRC', message.source),
    element('DES', message.destination),
    element('MsgNo', message.number),
    element('MsgID', message.messageId),
    element('MsgRef', message.messageReference),
    element('WorkDate', message.workDate),
    element('Reserve'),
  ]);
  const body = element('MOF', [
    element('VoucherCount', String(message.vouchers.length)),
    element('VoucherBody', message.vouchers.map(sealedVoucher)),
  ]);
  const xml = DECLARATION + writeXml(element('CFX', [head, element('MSG', [body])]));
  return sealFrame({ number: message.number, xml }, token);
}

/** Reads a frame, checking everything of wire spec 1.1 and section 2. Throws `DEPARTMENT_PROTOCOL` with the place in `field`. */
export function decodeMessage(frame: Buffer, token: string): Message {
  const { number, xml } = openFrame(frame, token);
  const root = parsed(xml, 'frame.xml');
  if (root.name !== 'CFX') throw protocolFault('CFX', 'the root element is not CFX');

  const head = child(root, 'HEAD', 'HEAD');
  const text = (name: string) => child(head, name, `HEAD.${name}`).text;
  if (text('APP') !== APPLICATION) throw protocolFault('HEAD.APP', 'APP_MISMATCH');
  if (text('VER') !== VERSION) throw protocolFault('HEAD.VER', 'VERSION_MISMATCH');
  if (!isNumberOf(number, text('MsgNo'))) throw protocolFault('HEAD.MsgNo', 'differs from the frame');

  return {
    number,
    source: text('SRC'),
    destination: text('DES'),
    messageId: text('MsgID'),
    messageReference: text('MsgRef'),
    workDate: text('WorkDate'),
    vouchers: vouchersOf(child(child(root, 'MSG', 'MSG'), 'MOF', 'MOF')),
  };
}

/** Observed units answer a 5996 with its own head, so that 8001 comes with MsgNo 5996 (wire spec 3.5). */
function isNumberOf(frameNumber: string, headNumber: string): boolean {
  return headNumber === frameNumber || (frameNumber === '8001' && headNumber === '5996');
}

function vouchersOf(mof: XmlElement): XmlElement[] {
  const count = child(mof, 'VoucherCount', 'MOF.VoucherCount').text;
  const outer = child(mof, 'VoucherBody', 'MOF.VoucherBody').children.filter(({ name }) => name === 'Voucher');
  if (!/^\d{1,6}$/.test(count) || Number(count) !== outer.length) {
    throw protocolFault('MOF.VoucherCount', 'COUNT_MISMATCH: it is not the number of vouchers');
  }
  return outer.map(openVoucher);
}

function sealedVoucher(voucher: XmlElement): XmlElement {
  return element('Voucher', encodeGb18030(writeXml(voucher)).toString('base64'));
}

/** A voucher is Base64 of GB18030 XML; an older form has its fields in the open (wire spec section 2). */
function openVoucher(outer: XmlElement): XmlElement {
  if (outer.children.length > 0) return outer;
  const base64 = outer.text.replace(/\s+/g, '');
  if (base64 === '' || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    throw protocolFault('Voucher', 'is not Base64');
  }
  const voucher = parsed(gb18030Text(Buffer.from(base64, 'base64')), 'Voucher');
  if (voucher.name !== 'Voucher') throw protocolFault('Voucher', 'the inner element is not Voucher');
  return voucher;
}

function gb18030Text(bytes: Buffer): string {
  // Much UTF-8 is GB18030 as well, of other characters: names would change in silence. Genuine GB18030 never gives four Chinese
  // characters when read as UTF-8.
  if (hanCharacters(utf8Text(bytes)) >= 4) throw protocolFault('Voucher', 'is UTF-8');
  try {
    return decodeGb18030(bytes);
  } catch (error) {
    throw protocolFault('Voucher', 'is not GB18030', { cause: error });
  }
}

/** The bytes read as UTF-8, empty when they are none. */
function utf8Text(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : '';
}

function hanCharacters(text: string): number {
  return text.match(/\p{Script=Han}/gu)?.length ?? 0;
}

function parsed(xml: string, field: string): XmlElement {
  try {
    return readXml(xml);
  } catch (error) {
    if (error instanceof XmlFault) throw protocolFault(field, `XML: ${error.message}`, { cause: error });
    throw error;
  }
}

function child(parent: XmlElement, name: string, field: string): XmlElement {
  const found = parent.children.find((candidate) => candidate.name === name);
  if (found === undefined) throw protocolFault(field, 'is missing');
  return found;
}
