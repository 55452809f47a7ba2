import type { ResponseError } from '../response/projection.ts';
import type { Batch, Pending } from './delivery.ts';

/** The words in which an answer's parts are told. */
export interface IncrementalFormat {
  /** The first part. `data` is JSON. */
  first(data: string, errors: readonly ResponseError[], pending: readonly Pending[]): string;
  later(batch: Batch): string;
}

/**
 * Incremental delivery as the GraphQL specification's working draft words it today: what is to come is announced in `pending`, and told off in
 * `completed`.
 */
export const CURRENT: IncrementalFormat = {
  first(data, errors, pending) {
    return members([
      ['data', data],
      ...told(errors),
      ['pending', JSON.stringify(pending.map(announced))],
      ['hasNext', 'true'],
    ]);
  },
  later({ pending, delivered, errors, hasNext }) {
    const incremental = delivered.flatMap(({ pending: { id }, data, errors: own }) =>
      data === undefined ? [] : [members([['id', JSON.stringify(id)], ['data', data], ...told(own)])],
    );
    const completed = delivered.map(({ pending: { id }, data, errors: own }) =>
      members([['id', JSON.stringify(id)], ...(data === undefined ? told(own) : [])]),
    );
    return members([
      pending.length > 0 && ['pending', JSON.stringify(pending.map(announced))],
      incremental.length > 0 && ['incremental', `[${incremental.join(',')}]`],
      ['completed', `[${completed.join(',')}]`],
      ...told(errors),
      ['hasNext', String(hasNext)],
    ]);
  },
};

/** The format of August 2022 (`deferSpec=20220824`), which clients in the field speak: each part tells its own path and label. */
export const OF_2022: IncrementalFormat = {
  first(data, errors) {
    return members([['data', data], ...told(errors), ['hasNext', 'true']]);
  },
  later({ delivered, errors, hasNext }) {
    const incremental = delivered.map(({ pending: { label, path }, data = 'null', errors: own }) =>
      members([
        ['data', data],
        ['path', JSON.stringify(path)],
        label !== undefined && ['label', JSON.stringify(label)],
        ...told(own),
      ]),
    );
    return members([['incremental', `[${incremental.join(',')}]`], ...told(errors), ['hasNext', String(hasNext)]]);
  },
};

function announced({ id, path, label }: Pending) {
  return { id, path, ...(label !== undefined && { label }) };
}

function told(errors: readonly ResponseError[]): [string, string][] {
  return errors.length > 0 ? [['errors', JSON.stringify(errors)]] : [];
}

/** A JSON object of members whose values are JSON. */
function members(entries: readonly (readonly [string, string] | false)[]): string {
  return `{${entries.flatMap((entry) => (entry ? [`"${entry[0]}":${entry[1]}`] : [])).join(',')}}`;
}
