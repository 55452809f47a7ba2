import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runHospital } from '../../../gateway/consoles/hospital/command.ts';
import { withIdCheck } from '../../../seeds/population/check-digits.ts';

const PROGRAM = new URL('../../../gateway/consoles/hospital.ts', import.meta.url).pathname;

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Starts the command as a hospital does: a process of its own. */
export function begin(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { PATH: process.env.PATH, LANG: 'C', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { child, ended: ending(child) };
}

/**
 * Runs the command inside this process.
 *
 * @param columns the width of the terminal that the standard error is; none when absent
 */
export async function run(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  columns?: number,
): Promise<Ended> {
  let output = '';
  let errors = '';
  const code = await runHospital(args, environment, {
    output: {
      write: (text) => {
        output += text;
      },
    },
    errors: {
      ...(columns !== undefined && { isTTY: true, columns }),
      write: (text) => {
        errors += text;
      },
    },
  });
  return { code, output, errors };
}

function ending(child: ChildProcess): Promise<Ended> {
  let output = '';
  let errors = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output, errors })));
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'casegraph-hospital-'));
}

/** Writes a file into a folder of its own and gives its path. */
export function fileOf(content: string | Uint8Array, name = 'posting'): string {
  const path = join(newFolder(), name);
  writeFileSync(path, content);
  return path;
}

export function referral(document: string) {
  return {
    kind: 'REFERRAL',
    document,
    patient: { idNumber: withIdCheck('42120219900307002'), name: '示例甲' },
    diagnosis: { code: 'C34.900', name: '支气管或肺恶性肿瘤' },
    hospital: { code: 'H42010600902', name: '武汉示例医院（虚构）' },
    date: '2026-11-24',
    reason: '本院不具备放射治疗条件',
    opinion: '同意转院',
    from: '2026-11-24',
    to: '2027-05-23',
  };
}

/** NDJSON of referrals with these documents. */
export function linesOf(documents: readonly string[]): string {
  return documents.map((document) => `${JSON.stringify(referral(document))}\n`).join('');
}

export function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `ZZ-${at + 1}`);
}

/** The lines of a result file. */
export function resultOf(path: string): Record<string, unknown>[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  if (lines.pop() !== '') throw new Error('the last line is torn');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

export function entriesOf(path: string): Record<string, unknown>[] {
  return resultOf(path).filter(({ record }) => record === 'entry');
}
