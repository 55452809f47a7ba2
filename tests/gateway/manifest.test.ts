import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ManifestRefused, readManifest } from '../../gateway/operations/manifest.ts';

const NAME = 'query Name($id: ID!) { product(id: $id) { name } }';
const RENAME = 'mutation Rename { rename(id: "1", name: "pot") { name } }';

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function folder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const path = mkdtempSync(join(tmpdir(), 'casegraph-manifest-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}

function file(content: unknown): string {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return join(folder({ 'manifest.json': text }), 'manifest.json');
}

const entry = (changes: object = {}) => ({ id: sha256(NAME), name: 'Name', type: 'query', body: NAME, ...changes });
const apollo = (operations: readonly object[]) => ({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations,
});

function refusal(path: string): string {
  try {
    readManifest(path);
  } catch (error) {
    if (error instanceof ManifestRefused) return error.message;
    throw error;
  }
  throw new Error('the manifest was taken');
}

describe('a manifest that is a folder', () => {
  it('knows each operation by its file name and by the hash of the file, line end included', () => {
    const text = `\uFEFF# 查询\n${NAME}\n`;
    const manifest = readManifest(folder({ 'name.graphql': text, 'name.json': '{"id":"1"}', 'notes.md': 'no' }));
    expect(manifest.find('name')).toBe(text);
    expect(manifest.find(`sha256:${sha256(text)}`)).toBe(text);
    expect(manifest.find(`sha256:${sha256(NAME)}`)).toBeUndefined();
    expect(manifest.find('notes')).toBeUndefined();
  });

  it('holds exactly the texts of its files', () => {
    const manifest = readManifest(folder({ 'name.graphql': NAME }));
    expect(manifest.holds(NAME)).toBe(true);
    expect(manifest.holds(`${NAME}\n`)).toBe(false);
    expect(manifest.holds('name')).toBe(false);
  });

  it.each([
    ['an empty file', ' \n', 'name.graphql: the text is empty'],
    ['a file that is no GraphQL', '{\n  product(', 'name.graphql: line 2, column 11: Syntax Error'],
    ['a file without an operation', 'fragment F on Product { name }', 'name.graphql: the text holds no operation'],
    ['a file that is no UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), 'name.graphql: not UTF-8'],
  ])('is refused with %s, naming the file', (_, content, message) => {
    expect(refusal(folder({ 'name.graphql': content }))).toContain(message);
  });

  it('is refused when a name claims to be a hash and is another’s', () => {
    expect(refusal(folder({ [`${sha256(RENAME)}.graphql`]: NAME }))).toContain(
      `${sha256(RENAME)} is not the SHA-256 of the text, which is ${sha256(NAME)}`,
    );
  });

  it('is refused when a file cannot be read', () => {
    const path = folder({});
    mkdirSync(join(path, 'name.graphql'));
    expect(refusal(path)).toBe(`${join(path, 'name.graphql')}: cannot be read: EISDIR`);
  });

  it('is refused when it holds no operation, or is not there', () => {
    const empty = folder({ 'name.json': '{}' });
    expect(refusal(empty)).toBe(`${empty}: holds no .graphql file`);
    expect(refusal(join(empty, 'none'))).toBe(`${join(empty, 'none')}: cannot be read: ENOENT`);
  });
});

describe('a manifest that is a file', () => {
  it('knows each operation by its id and by the hash of its text', () => {
    const rename = { id: 'rename-product', name: 'Rename', type: 'mutation', body: RENAME };
    const manifest = readManifest(file(apollo([entry({ clientName: null }), rename])));
    expect(manifest.find(sha256(NAME))).toBe(NAME);
    expect(manifest.find(`sha256:${sha256(NAME)}`)).toBe(NAME);
    expect(manifest.find('rename-product')).toBe(RENAME);
    expect(manifest.find(`sha256:${sha256(RENAME)}`)).toBe(RENAME);
    expect(manifest.find(sha256(RENAME))).toBeUndefined();
  });

  it.each([
    ['text that is no JSON', '{"format":', 'manifest.json: not JSON: '],
    ['another format', { ...apollo([entry()]), format: 'relay' }, 'manifest.json: format: '],
    ['another version', { ...apollo([entry()]), version: 2 }, 'manifest.json: version: '],
    ['no operations', apollo([]), 'manifest.json: operations: '],
    ['an operation without a body', apollo([entry({ body: undefined })]), 'manifest.json: operations.0.body: '],
    ['an empty id', apollo([entry({ id: '' })]), 'manifest.json: operations.0.id: '],
    ['a type that is none', apollo([entry({ type: 'fragment' })]), 'manifest.json: operations.0.type: '],
    ['an empty body', apollo([entry({ id: 'a', body: '' })]), 'manifest.json: operations.0: the text is empty'],
    ['a body of another name', apollo([entry({ name: 'Other' })]), 'operations.0: the text holds no query named Other'],
    ['a body of another type', apollo([entry({ type: 'mutation' })]), 'the text holds no mutation named Name'],
    [
      'a hash that is not its body’s',
      apollo([entry({ id: sha256(RENAME) })]),
      `manifest.json: operations.0: the id ${sha256(RENAME)} is not the SHA-256 of the text`,
    ],
    ['a prefixed id that is no hash', apollo([entry({ id: 'sha256:name' })]), 'the id sha256:name is not the SHA-256'],
  ])('is refused with %s, naming the place', (_, content, message) => {
    expect(refusal(file(content))).toContain(message);
  });

  it('is refused with an id that is taken, naming both places and whatever else is wrong', () => {
    const path = file(apollo([entry({ id: 'a' }), entry({ id: 'b', body: '{' }), entry({ id: 'a' })]));
    expect(refusal(path).split('\n')).toEqual([
      expect.stringMatching(/operations\.1: line 1, column 2: Syntax Error/),
      `${path}: operations.2: the id a is taken by ${path}: operations.0`,
    ]);
  });
});
