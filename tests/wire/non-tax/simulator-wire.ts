import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import iconv from 'iconv-lite';
import {
  type NonTaxSimulator,
  type NonTaxSimulatorOptions,
  simulateNonTax,
} from '../../../adapters/non-tax/simulator.ts';
import { SimulatorCore } from '../../../adapters/simulator/core.ts';
import type { Population } from '../../../seeds/model.ts';
import { talk, tcpLoopback } from '../loopback.ts';
import { manifest } from './golden-files.ts';
import { isWholeFrame } from './whole-frame.ts';

/** The other end as bytes only: frames by hand, so that neither codec of the adapter is what a test of the simulator believes. */

export interface Running {
  readonly core: SimulatorCore;
  readonly simulator: NonTaxSimulator;
  readonly port: number;
  /** Sends bytes and gives what came back until the simulator closed. */
  send(bytes: Buffer): Promise<Buffer>;
  /** Sends one voucher and gives the inner voucher and frame number of the answer. */
  ask(messageNumber: string, voucher: string, head?: Readonly<Record<string, string>>): Promise<Answer>;
  act(kind: string, parameters?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** The ledger without its times. */
  ledger(): readonly Readonly<Record<string, unknown>>[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a simulator with the golden token and key, its clock at a moment of the golden day unless told otherwise. */
export async function running(
  population: Population,
  options: NonTaxSimulatorOptions & { at?: string } = {},
): Promise<Running> {
  const core = new SimulatorCore('non-tax');
  core.setClock(Date.parse(options.at ?? '2026-03-16T12:00:00+08:00') - Date.now());
  const simulator = simulateNonTax(core, population, {
    notify: options.notify,
    settings: {
      token: manifest.token,
      restKey: manifest.restKey,
      restAppId: 'XABDC0000001',
      billFile: () => Buffer.from('%PDF-1.4\n%minimal test document\n%%EOF\n'),
      ...options.settings,
    },
  });
  const port = Number(new URL(await simulator.listen(0)).port);
  const send = (bytes: Buffer) => talk(port, bytes);
  return {
    core,
    simulator,
    port,
    send,
    ask: async (messageNumber, voucher, head) => readAnswer(await send(frameOf(messageNumber, [voucher], { head }))),
    act: async (kind, parameters = {}) => {
      const act = simulator.acts[kind];
      if (!act) throw new Error(`no act ${kind}`);
      return act.run(parameters);
    },
    ledger: () => core.ledger.map(({ at: _at, ...entry }) => entry),
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

export interface FrameOptions {
  readonly token?: string;
  readonly head?: Readonly<Record<string, string>> | undefined;
  /** Replaces the frame's own bytes, before the digest is made. */
  readonly label?: string;
  readonly count?: number;
  readonly version?: string;
  readonly edit?: (xml: string) => string;
}

/** A frame as a unit sends it, its digest in small letters. */
export function frameOf(messageNumber: string, vouchers: readonly string[], options: FrameOptions = {}): Buffer {
  const {
    token = manifest.token,
    head = {},
    label = 'GB18030',
    count = vouchers.length,
    version = '1.0',
    edit = (xml) => xml,
  } = options;
  const names = {
    APP: 'CNNONTAX',
    VER: '1.0',
    SRC: 'K4212020001',
    DES: 'F421202',
    MsgNo: messageNumber,
    MsgID: '20260316120000000001',
    MsgRef: head.MsgID ?? '20260316120000000001',
    WorkDate: '20260316',
    Reserve: '',
    ...head,
  };
  const headXml = Object.entries(names).map(([name, value]) =>
    value === '' ? `<${name}/>` : `<${name}>${value}</${name}>`,
  );
  const body = vouchers.map((voucher) => `<Voucher>${iconv.encode(voucher, 'gb18030').toString('base64')}</Voucher>`);
  const xml = Buffer.from(
    edit(
      `<?xml version="1.0" encoding="${label}"?><CFX><HEAD>${headXml.join('')}</HEAD><MSG><MOF><VoucherCount>${count}</VoucherCount>` +
        `<VoucherBody>${body.join('')}</VoucherBody></MOF></MSG></CFX>`,
    ),
    'latin1',
  );
  return framed(messageNumber, xml, token, version);
}

/** Bytes around an XML: length, application, version, number, digest. */
export function framed(messageNumber: string, xml: Buffer, token = manifest.token, version = '1.0'): Buffer {
  const digest = createHash('sha256').update(token).update(xml).digest('hex');
  return Buffer.concat([
    Buffer.from(`${String(xml.length + 87).padEnd(8)}CNNONTAX${version}${messageNumber}`),
    xml,
    Buffer.from(digest),
  ]);
}

export interface Answer {
  readonly number: string;
  readonly xml: string;
  readonly vouchers: readonly string[];
  /** The first voucher. */
  readonly voucher: string;
  /** Text of an element of the first voucher; empty when it has none. */
  get(name: string): string;
  head(name: string): string;
}

/** Takes an answer apart after checking length and digest. */
export function readAnswer(bytes: Buffer, token = manifest.token): Answer {
  if (bytes.length < 87 || Number(bytes.toString('latin1', 0, 8)) !== bytes.length) {
    throw new Error(`not one whole frame: ${bytes.length} bytes`);
  }
  const xml = bytes.subarray(23, -64);
  const digest = createHash('sha256').update(token).update(xml).digest('hex').toUpperCase();
  if (bytes.toString('latin1', bytes.length - 64) !== digest) throw new Error('wrong digest');
  const text = xml.toString('latin1');
  const vouchers = [...text.matchAll(/<Voucher>([^<]*)<\/Voucher>/g)].map(([, base64 = '']) =>
    new TextDecoder('gb18030', { fatal: true }).decode(Buffer.from(base64, 'base64')),
  );
  const [voucher = ''] = vouchers;
  return {
    number: bytes.toString('latin1', 19, 23),
    xml: text,
    vouchers,
    voucher,
    get: (name) => elementText(voucher, name),
    head: (name) => elementText(text, name),
  };
}

/** The text of the first element of a name, unescaped; empty when there is none. */
export function elementText(xml: string, name: string): string {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** A voucher with the text of some elements replaced; `null` takes the element out. */
export function edited(voucher: string, changes: Readonly<Record<string, string | null>>): string {
  return Object.entries(changes).reduce((xml, [name, value]) => {
    const element = new RegExp(`<${name}>[^<]*</${name}>|<${name}/>`);
    if (!element.test(xml)) throw new Error(`no ${name} in the voucher`);
    return xml.replace(element, () => (value === null ? '' : `<${name}>${value}</${name}>`));
  }, voucher);
}

/** A unit's listener for 5996: hands every request frame to `reply` and writes what it gives, chunk by chunk. */
export interface UnitListener {
  readonly address: string;
  readonly frames: readonly Buffer[];
  /** Resolves once that many frames have come. */
  received(count: number): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function unitListener(
  reply: (frame: Buffer, index: number) => readonly Buffer[] | undefined,
): Promise<UnitListener> {
  const frames: Buffer[] = [];
  let arrived = Promise.withResolvers<void>();
  const { port, close } = await tcpLoopback(isWholeFrame, (frame, socket) => {
    frames.push(frame);
    const answer = reply(frame, frames.length - 1);
    arrived.resolve();
    arrived = Promise.withResolvers();
    if (answer) void writeSlowly(socket, answer);
    else socket.destroy();
  });
  return {
    address: `127.0.0.1:${port}`,
    frames,
    async received(count) {
      while (frames.length < count) await arrived.promise;
    },
    [Symbol.asyncDispose]: close,
  };
}

/** Each chunk is a packet of its own: it is written when the one before has left. */
async function writeSlowly(socket: Socket, chunks: readonly Buffer[]): Promise<void> {
  socket.setNoDelay(true);
  for (const chunk of chunks) {
    await new Promise<void>((resolve) => socket.write(chunk, () => setImmediate(resolve)));
  }
  socket.end();
}

/** The unit's 8001 to a 5996 frame. */
export function unitReply(frame: Buffer, result = '00000'): Buffer {
  const id = elementText(frame.toString('latin1'), 'MsgID');
  const voucher = `<Voucher><OriMsgNo>5996</OriMsgNo><Result>${result}</Result><Information/></Voucher>`;
  return frameOf('8001', [voucher], { head: { DES: 'F421202', MsgID: '20260316153306000009', MsgRef: id } });
}
