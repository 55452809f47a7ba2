import { describe, expect, it } from 'vitest';
import { openHome } from '../../adapters/database/home.ts';
import { migrate } from '../../adapters/database/migrations.ts';
import { columnsOf, statement } from '../../adapters/database/statement.ts';
import type { CaseMaterialTable, SettingTable } from '../../adapters/database/tables.ts';
import { testHomes } from './homes.ts';

const SETTING = columnsOf<SettingTable>({ name: true, value: true });

let written = 0;
const keep = statement<SettingTable>()((db, row) => {
  written += 1;
  return db
    .insertInto('setting')
    .values(SETTING(row))
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: row.value }));
});
const settings = statement<{ from: string; limit: number }>()((db, { from, limit }) =>
  db.selectFrom('setting').selectAll().where('name', '>=', from).where('name', '<', 'c').orderBy('name').limit(limit),
);
const materials = statement<Pick<CaseMaterialTable, 'case_id'>>()((db, { case_id }) =>
  db.selectFrom('case_material').select('name').where('case_id', '=', case_id),
);

describe.each(await testHomes())('a statement on $name', ({ newPlace }) => {
  async function openNew() {
    const home = await openHome(await newPlace());
    await migrate(home.db, home.name);
    return home;
  }

  it('is written once for each store, and run with the values of each time', async () => {
    const home = await openNew();
    const other = await openNew();
    const before = written;
    await home.writer.write(async (tx) => {
      for (const [name, value] of ['a1', 'b2', 'a3', 'c4'].entries()) {
        await keep(tx, { name: value, value: String(name) });
      }
    });
    expect((await settings(home.db, { from: 'a2', limit: 5 })).rows.map(({ name }) => name)).toEqual(['a3', 'b2']);
    expect((await settings(home.db, { from: 'a', limit: 1 })).rows).toEqual([{ name: 'a1', value: '0' }]);
    expect((await settings(other.db, { from: 'a', limit: 5 })).rows).toEqual([]);
    await other.writer.write((tx) => keep(tx, { name: 'a1', value: 'another' }));
    expect((await settings(other.db, { from: 'a', limit: 5 })).rows).toEqual([{ name: 'a1', value: 'another' }]);
    expect(written - before).toBe(2);
    await Promise.all([home.close(), other.close()]);
  });

  it('takes part in its unit of work, tells how many rows it changed, and is undone with it', async () => {
    const { db, writer, close } = await openNew();
    const undone = writer.write(async (tx) => {
      const { numAffectedRows } = await keep(tx, { name: 'a', value: '1' });
      expect(numAffectedRows).toBe(1n);
      expect((await settings(tx, { from: 'a', limit: 5 })).rows).toHaveLength(1);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect((await settings(db, { from: 'a', limit: 5 })).rows).toEqual([]);
    await close();
  });

  it('takes a value for a value, whatever text it is', async () => {
    const { db, close } = await openNew();
    expect((await materials(db, { case_id: `' or '1' = '1` })).rows).toEqual([]);
    await close();
  });
});
