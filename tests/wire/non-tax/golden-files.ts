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

export function goldenBytes(file: string): Buffer {
  return readFileSync(new URL(file, folder));
}

export function goldenEntry(file: string): ManifestEntry {
  const entry = manifest.files.find((candidate) => candidate.file === file);
  if (entry === undefined) throw new Error(`not in the manifest: ${file}`);
  return entry;
}

/** The first inner voucher of a golden file. */
export function goldenVoucher(file: string): string {
  const voucher = goldenEntry(file).vouchers?.[0];
  if (voucher === undefined) throw new Error(`no voucher in the manifest: ${file}`);
  return voucher;
}
