import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder outside the project that is gone when this process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'casegraph-engine-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
