import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readyLine } from '../../journeys/sandbox/sandbox.ts';
import { readCores, startPinned, stopProcess } from './process.ts';

/** What takes part, by the letter it has in the report. */
export const CONTENDERS = {
  a: '@apollo/server with @apollo/gateway',
  g: 'this gateway',
  h: 'the same fetches by hand',
} as const;

export type Letter = keyof typeof CONTENDERS;

/** A contender in service, alone in its process on the gateway's core. */
export interface Contender {
  readonly letter: Letter;
  readonly pid: number;
  /** Where it takes POST. */
  readonly url: string;
  stop(): Promise<void>;
}

export interface Surroundings {
  readonly supergraphFile: string;
  readonly addresses: Readonly<Record<string, string>>;
}

/** Node's flags in the command by which users start the gateway. */
function ownFlags(): string[] {
  const { scripts } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    scripts: { gateway: string };
  };
  return scripts.gateway.split(' ').filter((word) => word.startsWith('--'));
}

/** Starts a contender; `flags` are Node's own. */
export async function startContender(
  letter: Letter,
  { supergraphFile, addresses }: Surroundings,
  flags: readonly string[] = [],
): Promise<Contender> {
  const programs: Readonly<Record<Letter, readonly string[]>> = {
    a: ['tests/bench/engine/stock.ts', supergraphFile],
    g: [...ownFlags(), 'gateway/main.ts', '--supergraph', supergraphFile, '--port', '0', '--quiet'],
    h: ['tests/bench/engine/by-hand/server.ts', JSON.stringify(addresses)],
  };
  const child: ChildProcess = startPinned(readCores().gateway, [...flags, ...programs[letter]]);
  const { url } = (await readyLine(child)) as { url: string };
  const { hostname } = new URL(url);
  const pathname = letter === 'a' ? '/' : '/graphql';
  return {
    letter,
    pid: child.pid as number,
    url: `${hostname === 'localhost' ? url.replace('localhost', '127.0.0.1') : url}${pathname}`,
    stop: () => stopProcess(child),
  };
}
