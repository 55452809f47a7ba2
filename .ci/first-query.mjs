// Sends the first query of README.md and compares the answer with the one printed there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const [url] = process.argv.slice(2);
for (const file of ['README.md', 'README.zh-CN.md']) {
  const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
  const query = /```graphql\n([\s\S]*?)```/.exec(text)?.[1];
  const answer = /```json\n([\s\S]*?)```/.exec(text)?.[1];
  assert.ok(query && answer, `${file}: no first query with its answer`);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  assert.deepEqual(await response.json(), JSON.parse(answer), `${file}: the answer differs`);
}
