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

/** How users start the gateway: Node's flags in their command, and the environment it sets. */
function ownCommand(): { readonly flags: readonly string[]; readonly environment: Readonly<Record<string, string>> } {
  const { scripts } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    scripts: { gateway: string };
  };
  const words = scripts.gateway.split(' ');
  const settings = words.slice(0, words.indexOf('exec')).map((word) => word.split('=') as [string, string]);
  return { flags: words.filter((word) => word.startsWith('--')), environment: Object.fromEntries(settings) };
}

/** Starts a contender; `flags` are Node's own. */
export async function startContender(
  letter: Letter,
  { supergraphFile, addresses }: Surroundings,
  flags: readonly string[] = [],
): Promise<Contender> {
  const own = ownCommand();
  const programs: Readonly<Record<Letter, readonly string[]>> = {
    a: ['tests/bench/engine/stock.ts', supergraphFile],
    g: [...own.flags, 'gateway/main.ts', '--supergraph', supergraphFile, '--port', '0', '--quiet'],
    h: ['tests/bench/engine/by-hand/server.ts', JSON.stringify(addresses)],
  };
  const environment = letter === 'g' ? own.environment : {};
  const child: ChildProcess = startPinned(readCores().gateway, [...flags, ...programs[letter]], { environment });
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
