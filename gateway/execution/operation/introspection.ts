import { executeSync, type GraphQLSchema, Kind } from 'graphql';
import type { OperationDocument } from './document.ts';
import type { FieldSelection, Selection } from './selection.ts';

/** Answers what an operation asks of the schema itself: JSON text by key. */
export type Introspect = (variables: Readonly<Record<string, unknown>>) => Readonly<Record<string, string>>;

const NOTHING: Readonly<Record<string, string>> = {};

/** Compiles the introspection of an operation. What depends on no variable is answered once. */
export function introspection(
  schema: GraphQLSchema,
  { operation, fragments }: OperationDocument,
  selections: readonly Selection[],
): Introspect {
  const fields = introspectionFields(selections);
  if (fields.length === 0) return () => NOTHING;
  const document = {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        ...operation,
        selectionSet: { kind: Kind.SELECTION_SET, selections: fields.map(({ node }) => node) },
      },
      ...fragments.values(),
    ],
  } as const;
  const answer: Introspect = (variableValues) => {
    const { data, errors } = executeSync({ schema, document, variableValues });
    if (errors?.[0]) throw errors[0];
    return Object.fromEntries(Object.entries(data ?? {}).map(([key, value]) => [key, JSON.stringify(value)]));
  };
  if ((operation.variableDefinitions ?? []).length > 0) return answer;
  let known: Readonly<Record<string, string>> | undefined;
  return (variables) => {
    known ??= answer(variables);
    return known;
  };
}

function introspectionFields(selections: readonly Selection[]): FieldSelection[] {
  return selections.flatMap((selection) => {
    if (selection.kind === 'fragment') return introspectionFields(selection.selections);
    return selection.name === '__schema' || selection.name === '__type' ? [selection] : [];
  });
}
