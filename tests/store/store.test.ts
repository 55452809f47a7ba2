import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { PersonalColumns } from '../../adapters/database/personal-columns.ts';
import { openStore } from '../../adapters/database/store.ts';
import { StoreUnavailable } from '../../adapters/database/store-unavailable.ts';

const KEYS = { handleKey: Buffer.alloc(32, 1), columnKey: Buffer.alloc(32, 2) };
const newPath = () => join(mkdtempSync(join(tmpdir(), 'casegraph-store-')), 'store.sqlite');
const run = promisify(execFile);

/** Opens the store in a process of its own and says what came of it. */
async function openElsewhere(path: string): Promise<string> {
  const program = `
    import { openStore } from ${JSON.stringify(new URL('../../adapters/database/store.ts', import.meta.url).href)};
    const key = (byte) => Buffer.alloc(32, byte);
    try {
      await openStore({ path: ${JSON.stringify(path)}, handleKey: key(1), columnKey: key(2) });
      console.log('opened');
    } catch (error) {
      console.log(error.message);
    }`;
  const { stdout } = await run(process.execPath, ['--input-type=module-typescript', '-e', program]);
  return stdout.trim();
}

describe('the SQLite store', () => {
  it('refuses a second process, naming the holder, and lets it in when the first has closed', async () => {
    const path = newPath();
    const store = await openStore({ path, ...KEYS });
    expect(await openElsewhere(path)).toContain(`is held by process ${process.pid}.`);
    await store.counter.next('still-working');
    await store.close();
    expect(await openElsewhere(path)).toBe('opened');
  });

  it('refuses keys it was not made with', async () => {
    const path = newPath();
    await (await openStore({ path, ...KEYS })).close();
    await expect(openStore({ path, ...KEYS, handleKey: Buffer.alloc(32, 9) })).rejects.toThrow(StoreUnavailable);
    await (await openStore({ path, ...KEYS })).close();
  });

  it('refuses a file that is no store, naming it', async () => {
    await expect(openStore({ path: import.meta.filename, ...KEYS })).rejects.toThrow(import.meta.filename);
  });

  it('opens a second time with its tables as they are', async () => {
    const path = newPath();
    const first = await openStore({ path, ...KEYS });
    await first.registry.add(
      [{ idNumber: '421202197803159926', name: null, hukouDivision: null, residenceDivision: null }],
      [],
    );
    await first.close();
    const second = await openStore({ path, ...KEYS });
    expect(await second.registry.residents([second.registry.handle('421202197803159926')])).toHaveLength(1);
    await second.close();
  });
});

describe('the counter', () => {
  it('never gives a number twice, however many ask at once and however often the store is opened again', async () => {
    const path = newPath();
    const given: number[] = [];
    for (let opening = 0; opening < 3; opening += 1) {
      const store = await openStore({ path, ...KEYS });
      given.push(...(await Promise.all(Array.from({ length: 55 }, () => store.counter.next('series')))));
      await store.close();
    }
    expect(new Set(given).size).toBe(165);
    expect(Math.min(...given)).toBe(1);
  });

  it('counts each series by itself', async () => {
    const { counter, close } = await openStore({ path: ':memory:', ...KEYS });
    expect([await counter.next('a'), await counter.next('b'), await counter.next('a')]).toEqual([1, 1, 2]);
    await close();
  });
});

describe('personal columns', () => {
  const columns = new PersonalColumns(KEYS);

  it('open to what was sealed, each time in other bytes', () => {
    const [first, second] = [columns.seal('resident.name', '孙䶮'), columns.seal('resident.name', '孙䶮')];
    expect(Buffer.compare(first, second)).not.toBe(0);
    expect(columns.open('resident.name', first)).toBe('孙䶮');
  });

  it('refuse altered bytes, another column and another key', () => {
    const sealed = Buffer.from(columns.seal('resident.name', '孙䶮'));
    const altered = Buffer.from(sealed);
    altered[altered.length - 1] = (altered.at(-1) as number) ^ 1;
    expect(() => columns.open('resident.name', altered)).toThrow();
    expect(() => columns.open('resident.id_number', sealed)).toThrow();
    expect(() =>
      new PersonalColumns({ ...KEYS, columnKey: Buffer.alloc(32, 3) }).open('resident.name', sealed),
    ).toThrow();
  });

  it('give a person one handle, and another under another key', () => {
    const handle = columns.handle('421202197803159926');
    expect(handle).toMatch(/^[\w-]{22}$/);
    expect(columns.handle('421202197803159926')).toBe(handle);
    expect(new PersonalColumns({ ...KEYS, handleKey: Buffer.alloc(32, 3) }).handle('421202197803159926')).not.toBe(
      handle,
    );
  });

  it('want keys of 32 bytes', () => {
    expect(() => new PersonalColumns({ ...KEYS, columnKey: Buffer.alloc(16) })).toThrow('columnKey');
  });
});
