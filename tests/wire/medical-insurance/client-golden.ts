import { readFileSync } from 'node:fs';

/** One exchange of the golden folder. */
export interface Golden {
  readonly file: string;
  readonly meta: { readonly transaction: string; readonly case: string };
  readonly request: {
    readonly path_dispatcher: string;
    readonly path_per_transaction: string | null;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Readonly<Record<string, unknown>> & { readonly msgid: string; readonly inf_time: string };
  };
  readonly response: { readonly body: Readonly<Record<string, unknown>> } | null;
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
