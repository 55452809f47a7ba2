import { readdirSync, readFileSync } from 'node:fs';
import sandbox from '../../seeds/sandbox.json' with { type: 'json' };
import { ConfigurationRefused } from './load.ts';

const KEYS = new URL('../../seeds/sandbox-keys/', import.meta.url);

/** Texts shorter than this are words, not secrets. */
const SHORTEST_SECRET = 12;

/**
 * Refuses a configuration that holds what belongs to the sandbox: its credentials, which are public, and its invented residents. Throws
 * `ConfigurationRefused` with the place.
 */
export function refuseSandboxCredentials(configuration: unknown): void {
  const known = new Set<string>();
  collect(sandbox, (text) => known.add(text));
  for (const file of readdirSync(KEYS)) known.add(readFileSync(new URL(file, KEYS), 'utf8').trim());
  const invented = findKey(configuration, 'sandboxPopulation');
  if (invented) throw new ConfigurationRefused(`${invented.join('.')}: invented residents belong in the sandbox only`);
  collect(configuration, (text, path) => {
    if (text.length >= SHORTEST_SECRET && known.has(text.trim())) {
      throw new ConfigurationRefused(
        `${path.join('.')}: is a credential of the sandbox, which anyone can read; production needs its own`,
      );
    }
  });
}

function collect(
  value: unknown,
  found: (text: string, path: readonly string[]) => void,
  path: readonly string[] = [],
): void {
  if (typeof value === 'string') found(value, path);
  else if (value instanceof Uint8Array) found(Buffer.from(value).toString('base64'), path);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) collect(inner, found, [...path, name]);
  }
}

function findKey(value: unknown, key: string, path: readonly string[] = []): readonly string[] | undefined {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const found = name === key && inner !== undefined ? [...path, name] : findKey(inner, key, [...path, name]);
    if (found) return found;
  }
  return undefined;
}
