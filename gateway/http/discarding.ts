import type { Readable } from 'node:stream';

/** So much of a refused body is taken in, and for so long; whoever sends more finds the connection closed. */
const MOST = { bytes: 128 * 1_048_576, ms: 30_000 };

/**
 * Takes in what a client still sends of a body that is refused, and forgets it. Were the connection closed before the client has sent it
 * all, many a client would see a broken connection instead of the answer. Resolves when it has ended, or was too much, or took too long.
 */
export function discardRest(body: Readable, most = MOST): Promise<void> {
  if (body.readableEnded || body.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let bytes = 0;
    const count = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > most.bytes) end();
    };
    const end = () => {
      clearTimeout(timer);
      body.off('data', count).off('close', end).off('end', end).pause();
      resolve();
    };
    const timer = setTimeout(end, most.ms);
    body.on('data', count).once('end', end).once('close', end).resume();
  });
}
