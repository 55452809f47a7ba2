import { parsePreciseJson } from '../../precise-json.ts';
import type { ResponseError } from '../response/projection.ts';
import type { Batch, Pending } from './delivery.ts';
import { Shown } from './shown.ts';

/** The words in which an answer's parts are told. */
export interface IncrementalFormat {
  /** Begins an answer. */
  begin(): PartsInWords;
}

/** The parts of one answer in words, in the order in which they are sent. */
export interface PartsInWords {
  /** The first part. `data` is JSON. */
  first(data: string, errors: readonly ResponseError[], pending: readonly Pending[]): string;
  /** A later one; undefined when there is nothing to tell. */
  later(batch: Batch): string | undefined;
}

/**
 * Incremental delivery as the GraphQL specification's working draft words it today: what is to come is announced in `pending`, and told off in
 * `completed`. A field is sent once, with the first fragment that has it: a fragment's part leaves out what the client has already.
 */
export const CURRENT: IncrementalFormat = { begin: () => new PartsOfToday() };

class PartsOfToday implements PartsInWords {
  #shown = new Shown(null);
  /** Fragments at places that the client does not have: a null stands there. */
  readonly #unheard = new Set<string>();

  first(data: string, errors: readonly ResponseError[], pending: readonly Pending[]): string {
    this.#shown = new Shown(parsePreciseJson(data));
    return members([['data', data], ...told(errors), ...this.#announced(pending), ['hasNext', 'true']]);
  }

  later({ pending, delivered, errors, hasNext }: Batch): string | undefined {
    const heard = delivered.filter(({ pending: { id } }) => !this.#unheard.delete(id));
    const incremental: string[] = [];
    const completed = heard.map(({ pending: { id, path }, data, errors: own }) => {
      const untold = own.filter((error) => error.path === undefined || !this.#shown.isNull(error.path));
      const lacking = data === undefined ? undefined : this.#shown.add(path, parsePreciseJson(data));
      const parts = lacking?.map((part) => ({ ...part, subPath: part.path.slice(path.length) })) ?? [];
      for (const [index, { subPath, members: fields }] of parts.entries()) {
        incremental.push(
          members([
            ['id', JSON.stringify(id)],
            subPath.length > 0 && ['subPath', JSON.stringify(subPath)],
            ['data', JSON.stringify(fields)],
            ...told(index === 0 ? untold : []),
          ]),
        );
      }
      return members([['id', JSON.stringify(id)], ...(parts.length === 0 ? told(untold) : [])]);
    });
    const announced = this.#announced(pending);
    if (completed.length === 0 && hasNext && errors.length === 0) return undefined;
    return members([
      ...announced,
      incremental.length > 0 && ['incremental', `[${incremental.join(',')}]`],
      completed.length > 0 && ['completed', `[${completed.join(',')}]`],
      ...told(errors),
      ['hasNext', String(hasNext)],
    ]);
  }

  #announced(pending: readonly Pending[]): [string, string][] {
    const heard = pending.filter(({ path }) => this.#shown.isObject(path));
    for (const one of pending) if (!heard.includes(one)) this.#unheard.add(one.id);
    const words = heard.map(({ id, path, label }) => ({ id, path, ...(label !== undefined && { label }) }));
    return words.length > 0 ? [['pending', JSON.stringify(words)]] : [];
  }
}

/** The format of August 2022 (`deferSpec=20220824`), which clients in the field speak: each part tells its own path and label. */
export const OF_2022: IncrementalFormat = { begin: () => PARTS_OF_2022 };

const PARTS_OF_2022: PartsInWords = {
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

function told(errors: readonly ResponseError[]): [string, string][] {
  return errors.length > 0 ? [['errors', JSON.stringify(errors)]] : [];
}

/** A JSON object of members whose values are JSON. */
function members(entries: readonly (readonly [string, string] | false)[]): string {
  return `{${entries.flatMap((entry) => (entry ? [`"${entry[0]}":${entry[1]}`] : [])).join(',')}}`;
}
