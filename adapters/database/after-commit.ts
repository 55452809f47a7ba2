import type { WriteTransaction } from './writing.ts';

const hooks = new WeakMap<object, (() => void)[]>();

/** Has something done once what this transaction wrote is on disk; not at all when it is rolled back. For waking, not for effects. */
export function afterCommit(tx: WriteTransaction, hook: () => void): void {
  const waiting = hooks.get(tx);
  if (waiting) waiting.push(hook);
  else hooks.set(tx, [hook]);
}

/** Takes what waits for the commit from a transaction: what was written since it was taken last. Called by the writer. */
export function takeHooks(tx: WriteTransaction): readonly (() => void)[] {
  const waiting = hooks.get(tx) ?? [];
  hooks.delete(tx);
  return waiting;
}

/** Does what waits for the commit of a transaction. Called by the writer. */
export function committed(tx: WriteTransaction): void {
  for (const hook of takeHooks(tx)) hook();
}
