import type { WriteTransaction } from './writing.ts';

const hooks = new WeakMap<object, (() => void)[]>();

/** Has something done once what this transaction wrote is on disk; not at all when it is rolled back. For waking, not for effects. */
export function afterCommit(tx: WriteTransaction, hook: () => void): void {
  const waiting = hooks.get(tx);
  if (waiting) waiting.push(hook);
  else hooks.set(tx, [hook]);
}

/** Does what waits for the commit of a transaction. Called by the writer. */
export function committed(tx: WriteTransaction): void {
  for (const hook of hooks.get(tx) ?? []) hook();
  hooks.delete(tx);
}
