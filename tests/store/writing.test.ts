import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { afterCommit } from '../../adapters/database/after-commit.ts';
import type { WriteTransaction } from '../../adapters/database/writing.ts';
import { storeOpener, testHomes } from './homes.ts';

const open = storeOpener();

const note = (tx: WriteTransaction, name: string, value = 'x') =>
  tx.insertInto('setting').values({ name, value }).execute();

const noteOf = async (tx: WriteTransaction, name: string) =>
  (await tx.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst())?.value;

describe.each(await testHomes())('a unit of work on $name', ({ name, newPlace }) => {
  const openNew = async () => open(await newPlace());

  it('gives what its work gave, and has written it', async () => {
    const { write } = await openNew();
    expect(await write((tx) => note(tx, 'a').then(() => 7))).toBe(7);
    expect(await write((tx) => noteOf(tx, 'a'))).toBe('x');
  });

  it('that fails leaves nothing and rejects alone, whatever is written beside it', async () => {
    const { write } = await openNew();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) =>
        write(async (tx) => {
          await note(tx, `note-${index}`);
          if (index % 3 === 0) throw new Error(`refused ${index}`);
          return index;
        }),
      ),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(
      Array.from({ length: 30 }, (_, index) => (index % 3 === 0 ? 'rejected' : 'fulfilled')),
    );
    expect(outcomes[3]).toMatchObject({ reason: new Error('refused 3') });
    for (const index of [0, 1, 3, 4]) {
      expect(await write((tx) => noteOf(tx, `note-${index}`))).toBe(index % 3 === 0 ? undefined : 'x');
    }
  });

  it('that fails leaves what the others of its group wrote once, and what waits for their commit done once', async () => {
    const { write } = await openNew();
    const count = (tx: WriteTransaction) =>
      sql`update setting set value = cast(cast(value as integer) + 1 as text) where name = 'count'`.execute(tx);
    await write((tx) => note(tx, 'count', '0'));
    const hooks: string[] = [];
    for (let group = 0; group < 12; group += 1) {
      await Promise.allSettled(
        ['first', 'failing', 'last'].map((each) =>
          write(async (tx) => {
            await count(tx);
            afterCommit(tx, () => hooks.push(each));
            if (each === 'failing' && group !== 5) throw new Error('refused');
          }),
        ),
      );
    }
    expect(await write((tx) => noteOf(tx, 'count'))).toBe('25');
    expect(hooks.filter((each) => each === 'first')).toHaveLength(12);
    expect(hooks.filter((each) => each === 'failing')).toHaveLength(1);
    expect(hooks.filter((each) => each === 'last')).toHaveLength(12);
  });

  it('that breaks a rule of the tables leaves the others as they are', async () => {
    const { write } = await openNew();
    const outcomes = await Promise.allSettled(['a', 'a', 'b'].map((each) => write((tx) => note(tx, each))));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(await write((tx) => noteOf(tx, 'b'))).toBe('x');
  });

  it('is not seen by readers before it is committed', async () => {
    const { write, registry } = await openNew();
    const resident = { idNumber: '421202197803159926', name: null, hukouDivision: null, residenceDivision: null };
    const written = Promise.withResolvers<void>();
    const refused = write(async (tx) => {
      await registry.upsertResident(tx, resident);
      written.resolve();
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error('refused');
    });
    const seen = written.promise.then(() => registry.residents([registry.handle(resident.idNumber)]));
    await expect(refused).rejects.toThrow('refused');
    expect(await seen).toEqual([]);
  });

  it('has done what waits for its commit once, and nothing where it was undone', async () => {
    const { write } = await openNew();
    const done: string[] = [];
    await Promise.allSettled([
      write(async (tx) => afterCommit(tx, () => done.push('kept'))),
      write(async (tx) => {
        afterCommit(tx, () => done.push('undone'));
        throw new Error('refused');
      }),
    ]);
    expect(done).toEqual(['kept']);
  });

  it('is told at once that it would wait for itself', async () => {
    const { write } = await openNew();
    await expect(write(() => write(async () => undefined))).rejects.toThrow('write inside a unit of work');
    expect(await write(async () => 'still working')).toBe('still working');
  });

  it('is let end before the store closes', async () => {
    const place = await newPlace();
    const store = await open(place);
    const writing = Promise.all(['a', 'b', 'c'].map((each) => store.write((tx) => note(tx, each))));
    await store.close();
    await writing;
    const again = await open(place);
    expect(await again.write((tx) => noteOf(tx, 'c'))).toBe('x');
  });

  if (name === 'SQLite') {
    it('is told at once that the store outside its tx would wait for it', async () => {
      const { write, registry } = await openNew();
      await expect(write(() => registry.isEmpty())).rejects.toThrow('the store outside tx inside a unit of work');
      expect(await registry.isEmpty()).toBe(true);
    });

    it('rejects with its whole group when the commit fails, and the next group is written', async () => {
      const { write } = await openNew();
      const orphan = {
        case_id: 'nobody',
        number: 1,
        name: '申请表',
        way: '1',
        copies: 1,
      };
      const outcomes = await Promise.allSettled([
        write((tx) => note(tx, 'before')),
        write(async (tx) => {
          // Told at the commit only: the savepoint ends well.
          await sql`pragma defer_foreign_keys = on`.execute(tx);
          await tx.insertInto('case_material').values(orphan).execute();
        }),
        write((tx) => note(tx, 'behind')),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
      expect(await write((tx) => noteOf(tx, 'before'))).toBeUndefined();
      await write((tx) => note(tx, 'before'));
      expect(await write((tx) => noteOf(tx, 'before'))).toBe('x');
    });
  } else {
    it("is run again when it was in another's way", async () => {
      const { write } = await openNew();
      await write(async (tx) => {
        await note(tx, 'a');
        await note(tx, 'b');
      });
      let runs = 0;
      const both = Promise.withResolvers<void>();
      let waiting = 0;
      /** Both units hold their first row before they ask for the other's: a deadlock, the first time. */
      const meet = async () => {
        waiting += 1;
        if (waiting === 2) both.resolve();
        await both.promise;
      };
      const swap = (first: string, second: string) =>
        write(async (tx) => {
          runs += 1;
          await tx.updateTable('setting').set({ value: first }).where('name', '=', first).execute();
          await meet();
          await tx.updateTable('setting').set({ value: first }).where('name', '=', second).execute();
        });
      await Promise.all([swap('a', 'b'), swap('b', 'a')]);
      expect(runs).toBeGreaterThan(2);
      const values = await write(async (tx) => [await noteOf(tx, 'a'), await noteOf(tx, 'b')]);
      expect(values[0]).toBe(values[1]);
    });

    it('gives up when it is in the way again and again', async () => {
      const { write } = await openNew();
      let runs = 0;
      const conflict = Object.assign(new Error('could not serialize access'), { code: '40001' });
      await expect(
        write(async () => {
          runs += 1;
          throw conflict;
        }),
      ).rejects.toBe(conflict);
      expect(runs).toBe(8);
    });
  }
});
