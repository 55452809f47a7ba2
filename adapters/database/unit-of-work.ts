import { AsyncLocalStorage } from 'node:async_hooks';
import type { WriteTransaction } from './writing.ts';

interface Unit {
  ended: boolean;
}

const running = new AsyncLocalStorage<Unit>();

/** Runs a unit of work, so that what it must not do is found. */
export async function runUnit<T>(work: (tx: WriteTransaction) => Promise<T>, tx: WriteTransaction): Promise<T> {
  const unit: Unit = { ended: false };
  try {
    return await running.run(unit, () => work(tx));
  } finally {
    unit.ended = true;
  }
}

/**
 * Throws inside a unit of work: what is about to happen would wait for that unit to end, which would wait for it in turn.
 * @param what is about to happen, as a sentence's subject.
 */
export function refuseInsideUnit(what: string): void {
  if (running.getStore()?.ended === false) {
    throw new Error(`${what} inside a unit of work would wait for that unit to end: use its tx`);
  }
}
