import DataLoader from 'dataloader';

/**
 * A loader over a department's reading call that takes one thing at a time: each distinct key is asked once a request, however many
 * fields want it. How many run at once is the adapter's limit.
 */
export function callLoader<Key, Value>(load: (key: Key) => Promise<Value>): DataLoader<Key, Value, string> {
  return new DataLoader<Key, Value, string>(
    (keys) =>
      Promise.all(
        keys.map((key) =>
          load(key).catch((error: unknown) =>
            error instanceof Error ? error : new Error('call failed', { cause: error }),
          ),
        ),
      ),
    { cacheKeyFn: (key) => JSON.stringify(key) },
  );
}

/** A loader over a lookup that takes many keys at once; `fallback` stands for keys that were not found. */
export function batchLoader<Value, Fallback>(
  lookUp: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
  fallback: Fallback,
): DataLoader<string, Value | Fallback> {
  return new DataLoader<string, Value | Fallback>(async (keys) => {
    const found = await lookUp(keys);
    return keys.map((key) => found.get(key) ?? fallback);
  });
}
