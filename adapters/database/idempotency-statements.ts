import { columnsOf, statement } from './statement.ts';
import type { IdempotencyTable } from './work-tables.ts';

/** The statements of every mutation's key; `idempotency.ts` says what they are for. */

const KEY = columnsOf<IdempotencyTable>({
  caller: true,
  operation: true,
  key: true,
  fingerprint: true,
  submission_id: true,
  reply_sealed: true,
  created_at: true,
});

type Key = Pick<IdempotencyTable, 'caller' | 'operation' | 'key'>;

/** Where nobody has claimed it. */
export const claimKey = statement<IdempotencyTable>()((db, row) =>
  db
    .insertInto('idempotency_key')
    .values(KEY(row))
    .onConflict((conflict) => conflict.columns(['caller', 'operation', 'key']).doNothing()),
);

export const findKey = statement<Key>()((db, { caller, operation, key }) =>
  db
    .selectFrom('idempotency_key')
    .selectAll()
    .where('caller', '=', caller)
    .where('operation', '=', operation)
    .where('key', '=', key),
);

export const tieKey = statement<Key & { submissionId: string }>()((db, { caller, operation, key, submissionId }) =>
  db
    .updateTable('idempotency_key')
    .set({ submission_id: submissionId })
    .where('caller', '=', caller)
    .where('operation', '=', operation)
    .where('key', '=', key),
);

export const answerKey = statement<Key & { reply: Uint8Array }>()((db, { caller, operation, key, reply }) =>
  db
    .updateTable('idempotency_key')
    .set({ reply_sealed: reply })
    .where('caller', '=', caller)
    .where('operation', '=', operation)
    .where('key', '=', key),
);
