import { afterEach } from 'vitest';

export interface Closable {
  close(): Promise<unknown>;
}

const open: Closable[] = [];

afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part.close();
});

/** Has something closed when the test ends: what was opened last goes first. */
export function closeLater<Part extends Closable>(part: Part): Part {
  open.push(part);
  return part;
}

/** Closes before the test ends what was to be closed later. */
export async function closeNow(part: Closable): Promise<void> {
  open.splice(open.indexOf(part), 1);
  await part.close();
}
