import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url).pathname;

/** Where a counterpart dictates a weak algorithm (wire documents: non-tax 8, real-estate 1.1, disability-subsidy 1.4, unified-acceptance 1). */
const DICTATED = [
  'adapters/non-tax/',
  'adapters/real-estate/',
  'adapters/disability-subsidy/',
  'adapters/unified-acceptance/',
];

describe('MD5 and SHA-1', () => {
  it('stay inside the adapters whose counterparts dictate them', () => {
    const users = ['adapters', 'subgraphs', 'gateway', 'seeds'].flatMap((room) =>
      readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
        .map((file) => `${room}/${file}`)
        .filter(
          (file) =>
            file.endsWith('.ts') && /['"](md5|sha1|RSA-SHA1|RSA-MD5)['"]/i.test(readFileSync(join(ROOT, file), 'utf8')),
        ),
    );
    expect(users.length).toBeGreaterThan(3);
    expect(users.filter((file) => !DICTATED.some((folder) => file.startsWith(folder)))).toEqual([]);
  });
});
