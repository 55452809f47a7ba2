import { randomUUID } from 'node:crypto';
import { Migrator } from 'kysely/migration';
import { openHome, type Place } from '../../adapters/database/home.ts';
import { checkKeys } from '../../adapters/database/key-check.ts';
import { MIGRATIONS } from '../../adapters/database/migrations.ts';
import { PersonalColumns } from '../../adapters/database/personal-columns.ts';
import { KEYS } from '../store/homes.ts';

const LEASES = '007-senders-and-resolutions';

/** Keeps a write that is being sent as a program did that knew no leases, in a store of that time. Returns its id. */
export async function keepAsBeforeLeases(place: Place, at: number): Promise<string> {
  const { db, writer, close, name } = await openHome(place);
  const columns = new PersonalColumns(KEYS);
  const known = Object.fromEntries(Object.entries(MIGRATIONS).filter(([migration]) => migration < LEASES));
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => known } }).migrateToLatest();
  if (error !== undefined) throw error;
  await writer.write((tx) => checkKeys(tx, columns, name));
  const id = randomUUID();
  const row = {
    id,
    system: 'toy',
    kind: 'pay',
    case_id: null,
    operator: 'clerk',
    state: 'sending',
    input_sealed: columns.seal('submission.input', JSON.stringify({ amountFen: 100 })),
    outcome_sealed: null,
    failure: null,
    message_reference: null,
    created_at: at,
    changed_at: at,
  };
  await writer.write((tx) =>
    tx
      .insertInto('submission')
      .values(row as never)
      .execute(),
  );
  await close();
  return id;
}
