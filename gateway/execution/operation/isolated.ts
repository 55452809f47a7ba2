import { type OperationDefinitionNode, print, visit } from 'graphql';
import { directives, type Selection } from './selection.ts';

/**
 * The text of an operation as it is planned: what the client asks for, under the names of its slots. Fields that the gateway answers by
 * itself are left out; undefined when nothing else is left.
 */
export function isolatedOperation(
  operation: OperationDefinitionNode,
  selections: readonly Selection[],
): string | undefined {
  const variables = new Set<string>();
  const body = writeSelections(
    selections.filter((selection) => !isOwn(selection)),
    variables,
    true,
  );
  if (body === '') return undefined;
  const definitions = (operation.variableDefinitions ?? []).filter(({ variable }) =>
    variables.has(variable.name.value),
  );
  const head = definitions.length === 0 ? '' : `(${definitions.map((definition) => print(definition)).join(', ')})`;
  return `${operation.operation}${head} {${body}}`;
}

/** True for what the gateway answers without asking anybody: the schema, and the name of a root type. */
function isOwn(selection: Selection): boolean {
  return selection.kind === 'field' && selection.name.startsWith('__');
}

function writeSelections(selections: readonly Selection[], variables: Set<string>, atRoot: boolean): string {
  return selections
    .filter((selection) => !(atRoot && isOwn(selection)))
    .map((selection) => {
      if (selection.kind === 'fragment') {
        const inner = writeSelections(selection.selections, variables, atRoot);
        if (inner === '') return '';
        const on = selection.typeCondition === undefined ? '' : ` on ${selection.typeCondition}`;
        const defer = selection.defer ? ` @defer(label: "${selection.defer.id}")` : '';
        return ` ...${on}${defer} {${inner}}`;
      }
      const { node, slot, name } = selection;
      const given = (node.arguments ?? []).map((argument) => print(argument)).join(', ');
      visit(node, {
        Variable: ({ name: { value } }) => {
          variables.add(value);
        },
        // Those of the inner fields are met there, where they still stand.
        SelectionSet: () => false,
        Directive: ({ name: { value } }) => (value === 'skip' || value === 'include' ? false : undefined),
      });
      // An object of which no field is left still is, or is not, there.
      const fields = selection.selections && (writeSelections(selection.selections, variables, false) || ' __typename');
      const inner = fields === undefined ? '' : ` {${fields}}`;
      return ` ${slot === name ? '' : `${slot}: `}${name}${given && `(${given})`}${directives(node)}${inner}`;
    })
    .join('');
}
