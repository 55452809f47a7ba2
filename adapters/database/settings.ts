import type { WriteTransaction } from './writing.ts';

/** What the store remembers of itself, by name. The row is locked until the transaction ends. */
export async function readSetting(tx: WriteTransaction, name: string): Promise<string | undefined> {
  const row = await tx.selectFrom('setting').select('value').where('name', '=', name).forUpdate().executeTakeFirst();
  return row?.value;
}

export async function writeSetting(tx: WriteTransaction, name: string, value: string): Promise<void> {
  await tx
    .insertInto('setting')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

export async function deleteSetting(tx: WriteTransaction, name: string): Promise<void> {
  await tx.deleteFrom('setting').where('name', '=', name).execute();
}
