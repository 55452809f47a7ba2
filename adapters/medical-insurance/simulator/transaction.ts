import type { Envelope } from './envelope.ts';
import { type Fields, node, type Values } from './fields.ts';

/** A file sent as the whole body of an answer (9102, wire spec 3.13). */
export class FileAnswer {
  readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

/** The content of `output`, or a file in place of the whole answer. */
export type Output = Readonly<Record<string, unknown>> | FileAnswer;

/** One transaction: reads its nodes from `input`, does its work and gives what is answered. Throws `Refusal`, having done nothing. */
export interface Transaction {
  run(envelope: Envelope): Output;
}

/** Transactions by `infno`. */
export type Transactions = Readonly<Record<string, Transaction>>;

/** A transaction from the nodes it takes (wire spec 3) and its work. */
export function transaction<Nodes extends Fields>(
  nodes: Nodes,
  work: (input: Values<Nodes>, envelope: Envelope) => Output,
): Transaction {
  const input = node(nodes);
  return { run: (envelope) => work(input.read(envelope.input, ''), envelope) };
}
