import { decodeBase64, decodeGb18030, encodeGb18030 } from './charset.ts';
import { isCompactDate } from './field-rules.ts';
import { type Frame, FrameRefused } from './frame.ts';
import { badParameter, Refusal } from './refusal.ts';
import { MalformedXml, readXml, writeElement, type XmlElement } from './xml.ts';

const HEAD_ORDER = ['APP', 'VER', 'SRC', 'DES', 'MsgNo', 'MsgID', 'MsgRef', 'WorkDate', 'Reserve'] as const;

type HeadName = (typeof HEAD_ORDER)[number];

/** `CFX/HEAD` as it was sent (wire spec 2). */
export type Head = Readonly<Record<HeadName, string>>;

/** A frame's XML once it is known to be well-formed and to have a head that can be answered. */
export interface Envelope {
  readonly head: Head;
  /** False when HEAD has other children than the nine, or another order. */
  readonly headInOrder: boolean;
  readonly source: string;
  readonly root: XmlElement;
}

/** Reads the outer XML as far as an answer needs it. Throws `FrameRefused` when there is nobody to answer. */
export function readEnvelope(frame: Frame): Envelope {
  const source = decode(frame.xml);
  const root = wellFormed(source);
  const head = child(root, 'HEAD');
  if (root.name !== 'CFX' || !head) throw new FrameRefused('no CFX/HEAD');
  const values = Object.fromEntries(HEAD_ORDER.map((name) => [name, child(head, name)?.text ?? ''])) as Record<
    HeadName,
    string
  >;
  const headInOrder = head.children.map(({ name }) => name).join() === HEAD_ORDER.join();
  return { head: values, headInOrder, source, root };
}

/** Holds the head of a request to wire spec 2. Throws `Refusal` 10003 or 10002. */
export function checkRequestHead(frame: Frame, envelope: Envelope, node: string, division: string): void {
  const { head } = envelope;
  if (frame.version !== '1.0' || head.VER !== '1.0') throw new Refusal('10003', '版本错误或不支持');
  if (!envelope.headInOrder) throw badParameter('HEAD');
  const wrong = (
    [
      ['APP', head.APP === 'CNNONTAX'],
      ['SRC', new RegExp(`^K${division}\\d{4}$`).test(head.SRC)],
      ['DES', head.DES === node],
      ['MsgNo', head.MsgNo === frame.messageNumber],
      ['MsgID', /^[\x21-\x7e]{1,20}$/.test(head.MsgID)],
      ['MsgRef', head.MsgRef === head.MsgID],
      ['WorkDate', isCompactDate(head.WorkDate)],
    ] as const
  ).find(([, right]) => !right);
  if (wrong) throw badParameter(`HEAD.${wrong[0]}`);
  // Wire spec 1: all Chinese text is inside Base64.
  if (frame.xml.some((byte) => byte > 0x7f)) throw badParameter('CFX');
}

/** The inner vouchers of a request, each Base64 of GB18030 XML (wire spec 2). Throws `Refusal` 10002. */
export function readVouchers(envelope: Envelope): readonly XmlElement[] {
  return outerVouchers(envelope).map((outer) => {
    const bytes = outer.children.length === 0 ? decodeBase64(outer.text) : undefined;
    if (!bytes || bytes.length === 0) throw badParameter('Voucher');
    return innerVoucher(bytes);
  });
}

/**
 * The inner vouchers of a unit's reply, which may also stand there as plain XML with line breaks around (wire spec 3.5). Throws
 * `Refusal` 10002.
 */
export function readReplyVouchers(envelope: Envelope): readonly XmlElement[] {
  return outerVouchers(envelope).map((outer) => {
    if (outer.children.length > 0) return child(outer, 'Voucher') ?? outer;
    const bytes = decodeBase64(outer.text.trim());
    if (!bytes) throw badParameter('Voucher');
    return innerVoucher(bytes);
  });
}

/** The bytes of an envelope with inner vouchers; `encode` turns a voucher into bytes before Base64. */
export function writeEnvelope(
  head: Head,
  vouchers: readonly string[],
  encode: (voucher: string) => Buffer = encodeGb18030,
): Buffer {
  const headXml = HEAD_ORDER.map((name) => writeElement(name, head[name])).join('');
  const body = vouchers.map((voucher) => writeElement('Voucher', encode(voucher).toString('base64'))).join('');
  return Buffer.from(
    `<?xml version="1.0" encoding="GB18030"?><CFX><HEAD>${headXml}</HEAD><MSG><MOF>` +
      `<VoucherCount>${vouchers.length}</VoucherCount><VoucherBody>${body}</VoucherBody></MOF></MSG></CFX>`,
    'latin1',
  );
}

/** The child element of a name; `undefined` when there is none or more than one. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  const [found, ...others] = element?.children.filter((candidate) => candidate.name === name) ?? [];
  return others.length > 0 ? undefined : found;
}

function outerVouchers({ root }: Envelope): readonly XmlElement[] {
  const mof = child(child(root, 'MSG'), 'MOF');
  const body = child(mof, 'VoucherBody');
  const vouchers = body?.children ?? [];
  if (!body || vouchers.some(({ name }) => name !== 'Voucher')) throw badParameter('VoucherBody');
  const count = child(mof, 'VoucherCount')?.text ?? '';
  if (!/^\d{1,6}$/.test(count) || Number(count) !== vouchers.length) throw badParameter('VoucherCount');
  return vouchers;
}

function innerVoucher(bytes: Buffer): XmlElement {
  try {
    const voucher = readXml(decodeGb18030(bytes));
    if (voucher.name === 'Voucher') return voucher;
  } catch (error) {
    if (!(error instanceof MalformedXml || error instanceof TypeError)) throw error;
  }
  throw badParameter('Voucher');
}

function decode(xml: Buffer): string {
  try {
    return decodeGb18030(xml);
  } catch {
    throw new FrameRefused('not GB18030');
  }
}

function wellFormed(source: string): XmlElement {
  try {
    return readXml(source);
  } catch (error) {
    if (error instanceof MalformedXml) throw new FrameRefused(error.message);
    throw error;
  }
}
