import { sql } from 'kysely';
import { afterAll, describe, expect, it } from 'vitest';
import { type Home, openHome } from '../../adapters/database/home.ts';
import { statement } from '../../adapters/database/statement.ts';
import { testHomes } from './homes.ts';

const homes = (await testHomes()).filter(({ name }) => name === 'PostgreSQL');
const open: Home[] = [];

const note = statement<{ name: string; value: string }>()((db, { name, value }) =>
  db.insertInto('setting').values({ name, value }),
);

describe.each(homes)('what is written often on $name', ({ newPlace }) => {
  afterAll(() => Promise.all(open.map((home) => home.close())));

  it('is planned once by the server, and lives through a table that gets another column', async () => {
    const { db } = await newHome();
    await sql`create table setting (name text primary key, value text not null)`.execute(db);
    for (let number = 0; number < 12; number += 1) await note(db, { name: `note-${number}`, value: 'x' });
    expect(await prepared(db)).toEqual([expect.stringMatching(/^insert into "setting"/)]);
    await sql`alter table setting add column more text`.execute(db);
    await note(db, { name: 'after', value: 'y' });
    expect(await db.selectFrom('setting').select('value').where('name', '=', 'after').execute()).toEqual([
      { value: 'y' },
    ]);
  });

  it('is not when it gives whole rows back, nor is what only reads', async () => {
    const { db } = await newHome();
    await sql`create table setting (name text primary key, value text not null)`.execute(db);
    for (let number = 0; number < 12; number += 1) {
      await db
        .insertInto('setting')
        .values({ name: `note-${number}`, value: 'x' })
        .returningAll()
        .execute();
      await db.selectFrom('setting').select('value').where('name', '=', `note-${number}`).execute();
    }
    expect(await prepared(db)).toEqual([]);
  });

  /** With one connection, whose statements are those that are told. */
  async function newHome(): Promise<Home> {
    const home = await openHome({ ...(await newPlace()), connections: 1 });
    open.push(home);
    return home;
  }

  async function prepared(db: Home['db']): Promise<string[]> {
    const { rows } = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(db);
    return rows.map((row) => row.statement);
  }
});
