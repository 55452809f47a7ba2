import type { Compilable, CompiledQuery, Kysely, QueryResult } from 'kysely';
import type { Tables } from './tables.ts';

/** Stands in a statement for a value that is given with each run. */
class Slot {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** The values of a statement by name, as it is written with them: each stands where its value will. */
type Slots<Values> = Readonly<Values>;

/** A statement of one text: runs with its values, in a store as it is or in a unit of work. */
export type Statement<Values, Result> = (db: Kysely<Tables>, values: Values) => Promise<QueryResult<Result>>;

/**
 * A statement that is built and compiled once for each store and then only run: for those of every step of every case. Its text is the
 * same whatever the values are, so a list or a column that is there only sometimes has no place in it, and `write` looks at no value.
 *
 * @example
 * const caseById = statement<{ id: string }>()((db, { id }) => db.selectFrom('registry_case').selectAll().where('id', '=', id));
 * const { rows } = await caseById(tx, { id });
 */
export function statement<Values extends object>() {
  return <Result>(
    write: (db: Kysely<Tables>, slots: Slots<Values>) => Compilable<Result>,
  ): Statement<Values, Result> => {
    const compiled = new WeakMap<object, CompiledQuery<Result>>();
    return (db, values) => {
      // One for each store and what it speaks; its transactions have it too.
      const { adapter } = db.getExecutor();
      let query = compiled.get(adapter);
      if (!query) {
        query = write(db, slots as Slots<Values>).compile();
        compiled.set(adapter, query);
      }
      const parameters = query.parameters.map((parameter) =>
        parameter instanceof Slot ? values[parameter.name as keyof Values] : parameter,
      );
      return db.executeQuery({ ...query, parameters });
    };
  };
}

/**
 * Statements that write now these columns of a row and now those: one for each choice that is met.
 *
 * @example
 * const changeCase = changing<Partial<CaseTable>, { id: string }>()((db, columns, { id }) =>
 *   db.updateTable('registry_case').set(columns).where('id', '=', id));
 * await changeCase(tx, { status: '3' }, { id });
 */
export function changing<Columns extends object, Values extends object>() {
  return <Result>(
    write: (db: Kysely<Tables>, columns: Columns, slots: Slots<Values>) => Compilable<Result>,
  ): ((db: Kysely<Tables>, columns: Columns, values: Values) => Promise<QueryResult<Result>>) => {
    const met = new Map<string, Statement<Values, Result>>();
    return (db, columns, values) => {
      const names = Object.keys(columns) as (keyof Columns & string)[];
      const choice = names.join();
      let run = met.get(choice);
      if (!run) {
        run = statement<Values>()((on, own) => write(on, columnSlots(names), own));
        met.set(choice, run);
      }
      return run(db, { ...values, ...set(columns) });
    };
  };
}

/** The columns that are written have names of their own among a statement's values. */
const SET = 'set ';

function columnSlots<Columns extends object>(names: readonly (keyof Columns & string)[]): Columns {
  return Object.fromEntries(names.map((name) => [name, new Slot(`${SET}${name}`)])) as Columns;
}

function set(columns: object): object {
  return Object.fromEntries(Object.entries(columns).map(([name, value]) => [`${SET}${name}`, value]));
}

/**
 * A whole row's slots, for `values`: `row` itself shows none of its columns.
 *
 * @param columns Each column of the table, so that none is forgotten.
 */
export function columnsOf<Row extends object>(columns: Readonly<Record<keyof Row, true>>): (row: Slots<Row>) => Row {
  const names = Object.keys(columns) as (keyof Row)[];
  return (row) => Object.fromEntries(names.map((name) => [name, row[name]])) as Row;
}

/** Whatever is asked of it by name is a slot of that name. */
const slots: object = new Proxy({}, { get: (_, name) => new Slot(String(name)) });
