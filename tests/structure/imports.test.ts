import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url).pathname;
const ROOMS = ['schema', 'seeds', 'adapters', 'subgraphs', 'gateway'] as const;

/** Adapters that are not an outside system but shared by those that are. */
const SHARED_ADAPTERS = new Set(['transport', 'values', 'identifiers', 'database', 'simulator', 'documents']);

/** What the gateway itself may use of the adapters (design, section 1). */
const GATEWAY_ADAPTERS = new Set(['transport', 'database', 'audit-log', 'values']);

interface Import {
  readonly from: string;
  readonly to: string;
}

function files(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)['"](\.[^'"]+)['"]/g)].map(([, specifier = '']) => ({
    from: file,
    to: normalize(join(dirname(file), specifier)),
  }));
}

const imports = ROOMS.flatMap(files).flatMap(importsOf);
const room = (file: string) => file.split('/')[0] ?? '';
const folder = (file: string) => file.split('/')[1] ?? '';
const show = (found: readonly Import[]) => found.map(({ from, to }) => `${from} → ${to}`);

describe('imports', () => {
  it('are found at all', () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  it('run one way between the rooms: gateway → subgraphs → adapters; schema and seeds are data that anyone reads', () => {
    const allowed: Readonly<Record<string, readonly string[]>> = {
      schema: ['schema'],
      seeds: ['seeds'],
      adapters: ['adapters', 'seeds'],
      subgraphs: ['subgraphs', 'adapters', 'schema', 'seeds'],
      gateway: ['gateway', 'subgraphs', 'adapters', 'schema', 'seeds'],
    };
    expect(show(imports.filter(({ from, to }) => !allowed[room(from)]?.includes(room(to))))).toEqual([]);
  });

  it('never lead from one system’s adapter to another’s', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        room(from) === 'adapters' &&
        room(to) === 'adapters' &&
        folder(from) !== folder(to) &&
        !SHARED_ADAPTERS.has(folder(to)) &&
        // The command line that starts any simulator by its name.
        from !== 'adapters/simulate.ts',
    );
    expect(show(wrong)).toEqual([]);
  });

  it('never lead from one subgraph to another', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        room(from) === 'subgraphs' &&
        room(to) === 'subgraphs' &&
        from.split('/').length > 2 &&
        to.split('/').length > 2 &&
        // What the services of all subgraphs are made of.
        folder(to) !== 'services' &&
        folder(from) !== folder(to),
    );
    expect(show(wrong)).toEqual([]);
  });

  it('of the gateway reach no department’s adapter', () => {
    const wrong = imports.filter(
      ({ from, to }) => room(from) === 'gateway' && room(to) === 'adapters' && !GATEWAY_ADAPTERS.has(folder(to)),
    );
    expect(show(wrong)).toEqual([]);
  });

  it('of a simulator share no code with the client of its wire', () => {
    const ofSimulator = (file: string) => /^adapters\/[^/]+\/simulator(\.ts|\/)/.test(file);
    const wrong = imports.filter(
      ({ from, to }) =>
        ofSimulator(from) &&
        !ofSimulator(to) &&
        room(to) === 'adapters' &&
        !['simulator', 'identifiers', 'values'].includes(folder(to)),
    );
    expect(show(wrong)).toEqual([]);
  });

  it('form no circle', () => {
    const next = Map.groupBy(imports, ({ from }) => from);
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (file: string, trail: readonly string[]) => {
      if (trail.includes(file)) {
        circles.push([...trail.slice(trail.indexOf(file)), file].join(' → '));
        return;
      }
      if (done.has(file)) return;
      for (const { to } of next.get(file) ?? []) walk(to, [...trail, file]);
      done.add(file);
    };
    for (const file of next.keys()) walk(file, []);
    expect(circles).toEqual([]);
  });
});
