import type { CommandShape } from '../command-line/arguments.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const list = { type: 'string', multiple: true } as const;

/** The command line of the hospitals. */
export const HOSPITAL: CommandShape = {
  name: 'hospital',
  subcommands: {
    post: {
      operator: text,
      fees: text,
      result: text,
      encoding: text,
      ignore: list,
      batch: text,
      'in-flight': text,
      atomic: flag,
      fresh: flag,
      check: flag,
      wait: flag,
      'wait-at-most': text,
    },
    status: { file: text, state: list, from: text, to: text, hospital: text, json: flag },
    receipt: { file: text, hospital: text, verify: flag, keys: text },
    template: { csv: flag, ndjson: flag, fees: flag, out: text, encoding: text },
    reconcile: {
      operator: text,
      hospital: text,
      from: text,
      to: text,
      file: text,
      encoding: text,
      ignore: list,
      csv: text,
      pdf: text,
      'wait-at-most': text,
    },
  },
};
