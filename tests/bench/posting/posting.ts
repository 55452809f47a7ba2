import { parseArgs } from 'node:util';
import { postingHttpPart } from './http-part.ts';
import { millionPostingsPart } from './million.ts';
import { millionHttpPart } from './million-http.ts';
import { postingStorePart } from './store-part.ts';

const USAGE = `npm run bench -- posting [--only http|store|million|million-http] [--postings N]
npm run bench -- posting --only http --home SQLite --size 100 --writers 16 --profile   writes a .cpuprofile of the gateway beside you`;

/** The last two take minutes: a million postings pass. */
const PARTS = ['http', 'store', 'million', 'million-http'] as const;
const MOST_POSTINGS = 1_000_000;

type Part = (typeof PARTS)[number];

/** What a gateway takes of what hospitals post, what its store takes, and what a million of them leave in memory. */
export async function postingBenchmark(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options === undefined) return;
  const { parts, postings, http } = options;
  const results: Partial<Record<Part, unknown>> = {};
  for (const part of parts) {
    if (part === 'http') results.http = await postingHttpPart(http);
    if (part === 'store') results.store = await postingStorePart();
    if (part === 'million') results.million = await millionPostingsPart(postings);
    if (part === 'million-http') results['million-http'] = await millionHttpPart(postings);
  }
  const fiveDigits = (_key: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(5)) : value;
  console.log(JSON.stringify({ benchmark: 'posting', results }, fiveDigits));
}

/** Nothing when help was asked for, or the options are not taken. */
function readOptions(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        postings: { type: 'string', default: String(MOST_POSTINGS) },
        home: { type: 'string' },
        size: { type: 'string' },
        writers: { type: 'string' },
        profile: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(USAGE);
      return undefined;
    }
    const { only, home, size, writers, profile } = values;
    const parts = PARTS.filter((part) => only === undefined || part === only);
    if (parts.length === 0) throw new Error(`--only ${only}: expected ${PARTS.join(', ')}`);
    return {
      parts,
      postings: whole('postings', values.postings),
      http: {
        ...(home !== undefined && { homes: [home] }),
        ...(size !== undefined && { sizes: [whole('size', size)] }),
        ...(writers !== undefined && { writers: [whole('writers', writers)] }),
        ...(profile && { nodeOptions: ['--cpu-prof'] }),
      },
    };
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} ${text}: expected a whole number above 0`);
  return value;
}
