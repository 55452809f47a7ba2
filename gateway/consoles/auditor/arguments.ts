import type { CommandShape } from '../command-line/arguments.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** The command line of the auditors. `verify` asks nobody and is a file of its own. */
export const AUDITOR: CommandShape = {
  name: 'auditor',
  subcommands: {
    trace: { number: text, json: flag },
    export: { number: text, out: text },
    accesses: { resident: text, by: text, organisation: text, request: text, from: text, to: text, json: flag },
    checkpoint: { out: text },
    verify: { key: text, checkpoint: text },
  },
};
