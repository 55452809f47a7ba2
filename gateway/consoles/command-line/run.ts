import { type Arguments, type CommandShape, languageFor, readArguments } from './arguments.ts';
import { GatewayClient } from './client.ts';
import type { Bilingual } from './language.ts';
import { ConsoleRefusal, EXIT } from './refusals.ts';
import { type Streams, Terminal } from './terminal.ts';

export interface Command {
  readonly shape: CommandShape;
  readonly help: Bilingual;
  /** Gives the exit code. */
  run(read: Arguments, terminal: Terminal): number | Promise<number>;
}

/** What a subcommand that asks the gateway works with. */
export interface Surroundings {
  readonly terminal: Terminal;
  readonly client: GatewayClient;
  /** Aborted when the user ends the command. */
  readonly stop: AbortSignal;
}

/** Runs a command line and gives its exit code. */
export async function runCommand(
  { shape, help, run }: Command,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  streams: Streams,
): Promise<number> {
  const terminal = new Terminal(languageFor(args, environment), streams);
  try {
    const read = readArguments(shape, args, environment);
    if (read === undefined) {
      terminal.result(terminal.text(help));
      return args.length === 0 ? EXIT.usage : EXIT.done;
    }
    return await run(read, terminal);
  } catch (error) {
    if (error instanceof ConsoleRefusal) {
      terminal.note(error.text);
      return error.exitCode;
    }
    const { syscall, code, path = '' } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    // A full disk, a folder that may not be written.
    terminal.note({ en: `${path} ${syscall}: ${code}`, zh: `${path} ${syscall}：${code}` });
    return EXIT.unfinished;
  }
}

/** Runs a command of the operating system: its arguments, streams and exit code. */
export async function runAsProcess(
  command: (args: readonly string[], environment: NodeJS.ProcessEnv, streams: Streams) => Promise<number>,
): Promise<void> {
  // Who reads the output may stop reading: `status | head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(EXIT.unfinished);
  });
  try {
    const streams = { output: process.stdout, errors: process.stderr };
    process.exitCode = await command(process.argv.slice(2), process.env, streams);
  } catch (error) {
    process.stderr.write(`${(error as Error).stack}\n`);
    process.exitCode = EXIT.unfinished;
  }
}

/** Opens the line to the gateway; the first Ctrl-C lets what is on its way come to its end. */
export async function withClient(
  read: Arguments,
  terminal: Terminal,
  work: (surroundings: Surroundings) => Promise<number>,
): Promise<number> {
  const url = read.fromEnvironment('url', 'CASEGRAPH_URL') ?? 'http://localhost:4000';
  const token = read.fromEnvironment('token', 'CASEGRAPH_TOKEN');
  const stopping = new AbortController();
  const client = new GatewayClient({
    url,
    token,
    patienceMs: read.whole('patience', 0, 86_400, 600) * 1_000,
    stop: stopping.signal,
    note: (text) => terminal.note(text),
    connections: read.whole('in-flight', 1, 8, 2),
  });
  if (token !== undefined && /^http:\/\/(?!localhost|127\.|\[::1\])/i.test(url)) {
    terminal.note({ en: 'The token goes over plain HTTP.', zh: '注意：令牌将通过未加密的HTTP发送。' });
  }
  const stop = () => {
    terminal.note({ en: 'Stopping; what is on its way is waited for.', zh: '正在停止，等待已发送的请求完成。' });
    stopping.abort();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    return await work({ terminal, client, stop: stopping.signal });
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    await client.close();
  }
}
