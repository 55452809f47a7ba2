import DataLoader from 'dataloader';

/**
 * A loader over a department's reading call that takes one thing at a time: each distinct key is asked once a request, however many
 * fields want it. Each call answers for itself: nobody waits for the slowest of those asked in the same moment. How many run at once is
 * the adapter's limit.
 */
export function callLoader<Key, Value>(load: (key: Key) => Promise<Value>): DataLoader<Key, Value, string> {
  const settled = async (key: Key): Promise<Value | Error> => {
    try {
      return await load(key);
    } catch (error) {
      return error instanceof Error ? error : new Error('call failed', { cause: error });
    }
  };
  return new DataLoader<Key, Value, string>((keys) => Promise.all(keys.map(settled)), {
    batch: false,
    cacheKeyFn: (key) => JSON.stringify(key, inOrder),
  });
}

/** Keys are equal whatever the order of their members. */
function inOrder(_name: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;
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
