import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHome } from '../../adapters/database/home.ts';
import { StoreUnavailable } from '../../adapters/database/store-unavailable.ts';
import { storeOpener, testHomes } from './homes.ts';
import { runWithStore } from './processes.ts';
import { type Cluster, noCluster, startCluster } from './throwaway-cluster.ts';

const open = storeOpener();
const postgres = (await testHomes()).find(({ name }) => name === 'PostgreSQL');

describe.skipIf(!postgres)('a store on PostgreSQL', () => {
  const newPlace = () => (postgres as NonNullable<typeof postgres>).newPlace();

  it('is used by several processes, which make its tables together', async () => {
    const place = await newPlace();
    const program = `
      await store.write((tx) => tx.insertInto('setting').values({ name: String(process.pid), value: 'x' }).execute());
      console.log('opened');
      await store.close();`;
    const opened = await Promise.all(Array.from({ length: 4 }, () => runWithStore(place, program).rest()));
    expect(opened).toEqual(Array.from({ length: 4 }, () => ['opened']));
    const { write } = await open(place);
    const rows = await write((tx) => tx.selectFrom('setting').select('name').where('value', '=', 'x').execute());
    expect(rows).toHaveLength(4);
  }, 60_000);

  it('counts across processes, each number once', async () => {
    const place = await newPlace();
    await (await open(place)).close();
    const program = `
      const numbers = await Promise.all(Array.from({ length: 500 }, () => store.counter.next('series')));
      console.log(JSON.stringify(numbers));
      await store.close();`;
    const given = (await Promise.all(Array.from({ length: 4 }, () => runWithStore(place, program).rest()))).flatMap(
      ([line]) => JSON.parse(line as string) as number[],
    );
    expect(given).toHaveLength(2_000);
    expect(new Set(given).size).toBe(2_000);
  }, 60_000);

  it('acknowledges what is on disk, also where the server would not wait for it', async () => {
    const place = await newPlace();
    const home = await openHome(place);
    await sql`alter database ${sql.ref(new URL(place.url as string).pathname.slice(1))} set synchronous_commit = off`.execute(
      home.db,
    );
    await home.close();
    const again = await openHome(place);
    const { rows } = await sql<{ setting: string }>`
      select current_setting('synchronous_commit') as setting`.execute(again.db);
    expect(rows).toEqual([{ setting: 'on' }]);
    await again.close();
  });

  it('that cannot be reached says where and what to do, without the password', async () => {
    const refusal = await open({ url: 'postgres://clerk:hidden@127.0.0.1:9/casegraph' }).catch(
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(StoreUnavailable);
    expect(String(refusal)).toContain('PostgreSQL at 127.0.0.1:9/casegraph cannot be used');
    expect(String(refusal)).toContain('DATABASE_URL');
    expect(String(refusal)).not.toContain('hidden');
  });

  it('outlives a connection that the server ends', async () => {
    const place = await newPlace();
    const { write, counter } = await open(place);
    await counter.next('before');
    await write((tx) =>
      sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`.execute(tx),
    );
    const killed = write((tx) => sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx));
    await expect(killed).rejects.toThrow(/terminat/);
    expect(await write((tx) => tx.selectFrom('counter').select('series').execute())).toEqual([{ series: 'before' }]);
  });
});

describe.skipIf(noCluster())('a PostgreSQL server that would lose what it acknowledged', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster({ fsync: 'off' });
  }, 90_000);
  afterAll(() => cluster.stop());

  it('is refused with fsync off, saying what to do', async () => {
    const refusal = open({ url: cluster.url });
    await expect(refusal).rejects.toThrow(StoreUnavailable);
    await expect(refusal).rejects.toThrow(/runs with fsync off.*Set fsync = on in postgresql.conf/);
  });
});

describe.skipIf(noCluster())('a PostgreSQL server that would spoil its own pages', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster({ full_page_writes: 'off' });
  }, 90_000);
  afterAll(() => cluster.stop());

  it('is refused with full_page_writes off', async () => {
    await expect(open({ url: cluster.url })).rejects.toThrow('full_page_writes off');
  });
});
