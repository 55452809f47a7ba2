import { createHash, randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { PersonalColumns } from './personal-columns.ts';
import type { Tables } from './tables.ts';
import type { WriteTransaction } from './writing.ts';

/** A document that a department issued, without its bytes. */
export interface IssuedDocument {
  readonly id: string;
  readonly caseId: string;
  readonly submissionId: string;
  readonly kind: string;
  /** As the department numbers it. */
  readonly number: string;
  /** SHA-256 of the bytes, lower-case hex. */
  readonly digest: string;
  /** What the department said beside it; JSON. */
  readonly facts: unknown;
  /** When it was kept, milliseconds since 1970. */
  readonly createdAt: number;
}

export type NewDocument = Pick<IssuedDocument, 'caseId' | 'submissionId' | 'kind' | 'number' | 'facts'> & {
  readonly bytes: Uint8Array;
  readonly at: number;
};

const WITHOUT_BYTES = [
  'id',
  'case_id',
  'submission_id',
  'kind',
  'number',
  'digest',
  'facts_sealed',
  'created_at',
] as const;

/** Documents that departments issued for cases, kept byte for byte as they came; encrypted, for they name people. */
export class Documents {
  readonly #db: Kysely<Tables>;
  readonly #columns: PersonalColumns;

  constructor(db: Kysely<Tables>, columns: PersonalColumns) {
    this.#db = db;
    this.#columns = columns;
  }

  /** Keeps the document that a write brought, and gives its number. A write has one: with another kept already, it gives that one's. */
  async keep(tx: WriteTransaction, { bytes, at, ...document }: NewDocument): Promise<string> {
    const { submissionId } = document;
    const { number } = await tx
      .insertInto('document')
      .values({
        id: randomUUID(),
        case_id: document.caseId,
        submission_id: submissionId,
        kind: document.kind,
        number: document.number,
        digest: digestOf(bytes),
        bytes_sealed: this.#columns.seal('document.bytes', Buffer.from(bytes).toString('base64')),
        facts_sealed: this.#columns.seal('document.facts', JSON.stringify(document.facts)),
        created_at: at,
      })
      .onConflict((conflict) => conflict.column('submission_id').doUpdateSet({ submission_id: submissionId }))
      .returning('number')
      .executeTakeFirstOrThrow();
    return number;
  }

  async bySubmission(submissionId: string): Promise<IssuedDocument | undefined> {
    const row = await this.#db
      .selectFrom('document')
      .select(WITHOUT_BYTES)
      .where('submission_id', '=', submissionId)
      .executeTakeFirst();
    return row && this.#document(row);
  }

  /** The documents of this number, oldest first: one, unless a department gave it twice. */
  async byNumber(number: string): Promise<IssuedDocument[]> {
    const rows = await this.#db
      .selectFrom('document')
      .select(WITHOUT_BYTES)
      .where('number', '=', number)
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    return rows.map((row) => this.#document(row));
  }

  /** The documents of each case, oldest first; keyed by case id. */
  async ofCases(caseIds: readonly string[]): Promise<Map<string, IssuedDocument[]>> {
    const rows = await this.#db
      .selectFrom('document')
      .select(WITHOUT_BYTES)
      .where('case_id', 'in', caseIds)
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    return Map.groupBy(
      rows.map((row) => this.#document(row)),
      ({ caseId }) => caseId,
    );
  }

  /** The bytes of a document. Throws when they are not those that were kept. */
  async bytes({ id, digest }: Pick<IssuedDocument, 'id' | 'digest'>): Promise<Uint8Array> {
    const { bytes_sealed } = await this.#db
      .selectFrom('document')
      .select('bytes_sealed')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const bytes = Buffer.from(this.#columns.open('document.bytes', bytes_sealed), 'base64');
    if (digestOf(bytes) !== digest) throw new Error('a kept document is not the one that was issued');
    return bytes;
  }

  #document(row: Pick<Tables['document'], (typeof WITHOUT_BYTES)[number]>): IssuedDocument {
    return {
      id: row.id,
      caseId: row.case_id,
      submissionId: row.submission_id,
      kind: row.kind,
      number: row.number,
      digest: row.digest,
      facts: JSON.parse(this.#columns.open('document.facts', row.facts_sealed)),
      createdAt: Number(row.created_at),
    };
  }
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
