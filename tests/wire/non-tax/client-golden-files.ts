import { readFileSync } from 'node:fs';

const folder = new URL('../golden/non-tax/', import.meta.url);

interface ManifestEntry {
  readonly file: string;
  readonly vouchers?: readonly string[];
  readonly plain?: unknown;
  readonly result?: string;
  readonly expect?: string;
  readonly mac?: string;
  readonly msgNo?: string;
}

export const manifest: { readonly token: string; readonly restKey: string; readonly files: readonly ManifestEntry[] } =
  JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8'));

export function golden(file: string): Buffer {
  return readFileSync(new URL(file, folder));
}

export function goldenEntry(file: string): ManifestEntry {
  const entry = manifest.files.find((candidate) => candidate.file === file);
  if (entry === undefined) throw new Error(`not in the manifest: ${file}`);
  return entry;
}
