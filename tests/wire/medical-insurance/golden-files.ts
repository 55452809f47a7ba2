import { readFileSync } from 'node:fs';

export type Json = Record<string, unknown>;

/** One exchange of the golden folder. */
export interface Golden {
  readonly file: string;
  readonly meta: { readonly transaction: string; readonly case: string };
  readonly request: {
    readonly path_dispatcher: string;
    readonly path_per_transaction: string | null;
    readonly headers: Record<string, string>;
    readonly body: Json & Record<'infno' | 'msgid' | 'inf_time' | 'sign_no', string> & { readonly input: Json };
  };
  readonly response: { readonly body: Json } | null;
}

const FOLDER = new URL('../golden/medical-insurance/', import.meta.url);

export function goldenText(file: string): string {
  return readFileSync(new URL(file, FOLDER), 'utf8');
}

export function goldenJson<T = Golden>(file: string): T {
  return JSON.parse(goldenText(file)) as T;
}

export interface Manifest {
  readonly paasid: string;
  readonly token: string;
  readonly files: readonly { readonly file: string; readonly infno: string; readonly case: string }[];
}

export const manifest: Manifest = goldenJson<Manifest>('manifest.json');

/** The golden exchange so named, without `.json`. */
export function golden(name: string): Golden {
  const file = `${name}.json`;
  return { ...goldenJson(file), file };
}

const DESIGNED = new URL('./designed/', import.meta.url);

/** An exchange made by hand from the tables of the adapter's README, where the wire spec has none; without `.json`. */
export function designed(name: string): Golden {
  const file = `${name}.json`;
  return { ...(JSON.parse(readFileSync(new URL(file, DESIGNED), 'utf8')) as Golden), file };
}

/** A golden request's `input`, to be changed at will. */
export function goldenInput(name: string): Json {
  return golden(name).request.body.input;
}

/** The `data` node of a golden request's `input`. */
export function goldenData(name: string): Json {
  return goldenInput(name).data as Json;
}

/** A golden answer's `output`. */
export function goldenOutput(name: string): Json {
  return (golden(name).response?.body.output ?? {}) as Json;
}
