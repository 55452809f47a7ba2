import { describe, expect, it } from 'vitest';
import { PersonalColumns } from '../../adapters/database/personal-columns.ts';
import { KEYS } from './homes.ts';

const OTHER_KEY = Buffer.alloc(32, 3);
const columns = new PersonalColumns(KEYS);

describe.each(['aes-256-gcm', 'sm4-gcm'] as const)('personal columns under %s', (cipher) => {
  const sealing = new PersonalColumns({ ...KEYS, cipher });

  it('open to what was sealed, each time in other bytes', () => {
    const [first, second] = [sealing.seal('resident.name', '孙䶮𠮷'), sealing.seal('resident.name', '孙䶮𠮷')];
    expect(Buffer.compare(first, second)).not.toBe(0);
    expect(sealing.open('resident.name', first)).toBe('孙䶮𠮷');
  });

  it('refuse every altered byte, another column and another key', () => {
    const sealed = Buffer.from(sealing.seal('resident.name', '孙䶮'));
    for (let index = 0; index < sealed.length; index += 1) {
      const altered = Buffer.from(sealed);
      altered[index] = (altered[index] as number) ^ 1;
      expect(() => sealing.open('resident.name', altered), `byte ${index}`).toThrow();
    }
    expect(() => sealing.open('resident.id_number', sealed)).toThrow();
    expect(() => new PersonalColumns({ ...KEYS, cipher, columnKey: OTHER_KEY }).open('resident.name', sealed)).toThrow(
      'not configured',
    );
  });

  it('are opened whichever cipher is configured now, and are current under their own', () => {
    const sealed = sealing.seal('resident.name', '孙䶮');
    const other = new PersonalColumns({ ...KEYS, cipher: cipher === 'sm4-gcm' ? 'aes-256-gcm' : 'sm4-gcm' });
    expect(other.open('resident.name', sealed)).toBe('孙䶮');
    expect([sealing.isCurrent(sealed), other.isCurrent(sealed)]).toEqual([true, false]);
  });
});

describe('personal columns', () => {
  it('are sealed under the first key and opened under any', () => {
    const [first, second] = [
      { id: 'first', key: KEYS.columnKey },
      { id: 'second', key: OTHER_KEY },
    ];
    const before = new PersonalColumns({ ...KEYS, columnKey: undefined, columnKeys: [first, second] });
    const after = new PersonalColumns({ ...KEYS, columnKey: undefined, columnKeys: [second, first] });
    expect(after.open('a', before.seal('a', '甘'))).toBe('甘');
    expect(before.open('a', after.seal('a', '甘'))).toBe('甘');
    // A single key is the same as a list of one, whatever it is called.
    expect(before.open('a', columns.seal('a', '甘'))).toBe('甘');
  });

  it('give a person one handle, and another under another key', () => {
    const handle = columns.handle('421202197803159926');
    expect(handle).toMatch(/^[\w-]{22}$/);
    expect(columns.handle('421202197803159926')).toBe(handle);
    expect(new PersonalColumns({ ...KEYS, handleKey: OTHER_KEY }).handle('421202197803159926')).not.toBe(handle);
  });

  it('want at least one key, of 32 bytes, and none twice', () => {
    const key = { id: 'key-1', key: KEYS.columnKey };
    const made = (columnKeys: readonly { id: string; key: Uint8Array }[]) => () =>
      new PersonalColumns({ handleKey: KEYS.handleKey, columnKeys });
    expect(made([])).toThrow('columnKeys');
    expect(made([{ id: 'short', key: Buffer.alloc(16) }])).toThrow('short: must be 32 bytes');
    expect(made([key, { id: 'key-2', key: KEYS.columnKey }])).toThrow('twice');
  });
});
