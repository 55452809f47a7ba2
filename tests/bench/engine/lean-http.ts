import { createServer, type Server } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);

/** A whole HTTP answer with a JSON body, ready to be written again and again. */
export function jsonAnswer(json: string): Buffer {
  const length = Buffer.byteLength(json);
  return Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${json}`);
}

/**
 * HTTP/1.1 as the contenders' clients speak it: bodies with a content-length, one request at a time on a kept connection. node:http
 * would cost a multiple and could become what limits the gateway. `answer` gives whole answers by `jsonAnswer`.
 */
export function serveLean(answer: (body: Buffer) => Buffer | Promise<Buffer>): Server {
  return createServer({ noDelay: true }, (socket) => {
    let received: Buffer = NOTHING;
    const write = (whole: Buffer) => socket.write(whole);
    socket.on('data', (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const headEnd = received.indexOf(HEAD_END);
      if (headEnd === -1) return;
      const start = headEnd + HEAD_END.length;
      const [, length] = /\r\ncontent-length: *(\d+)/i.exec(received.toString('latin1', 0, headEnd)) ?? [];
      if (length === undefined) {
        socket.end('HTTP/1.1 411 Length Required\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
        return;
      }
      const end = start + Number(length);
      if (received.length < end) return;
      const body = received.subarray(start, end);
      received = received.subarray(end);
      const whole = answer(body);
      if (whole instanceof Promise) whole.then(write, (error: Error) => socket.destroy(error));
      else write(whole);
    });
    // Contenders that stop leave their sockets as they are.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') throw error;
    });
  });
}
