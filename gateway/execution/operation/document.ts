import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import type { DocumentFault } from '../planning/messages.ts';

/** An operation and the fragments of its document. */
export interface OperationDocument {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** A document that cannot be taken: what is wrong with it, and where. */
export class DocumentRefused extends Error {
  override readonly name = 'DocumentRefused';
  readonly faults: readonly DocumentFault[];

  constructor(faults: readonly DocumentFault[]) {
    super(faults.map(({ message }) => message).join('\n'));
    this.faults = faults;
  }
}

/** Parses a document. Throws `DocumentRefused`. */
export function parseDocument(text: string, maxTokens: number): DocumentNode {
  try {
    return parse(text, { maxTokens });
  } catch (error) {
    if (error instanceof RangeError) throw new DocumentRefused([{ message: 'The document is nested too deep.' }]);
    if (!(error instanceof GraphQLError)) throw error;
    const { message, locations } = error;
    throw new DocumentRefused([
      { message, ...(locations && { locations: locations.map(({ line, column }) => ({ line, column })) }) },
    ]);
  }
}

/** Picks the operation to run. Throws `INVALID_INPUT` when the document does not tell which, or has none of that name. */
export function pickOperation({ definitions }: DocumentNode, name: string | undefined): OperationDocument {
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const [operation, ...others] = operations.filter((each) => name === undefined || each.name?.value === name);
  if (!operation || others.length > 0) {
    const message =
      name === undefined
        ? 'The document holds several operations, or none: give operationName.'
        : `The document has no operation named ${name}.`;
    throw new CasegraphError('INVALID_INPUT', message, { field: 'operationName' });
  }
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return { operation, fragments: new Map(fragments.map((fragment) => [fragment.name.value, fragment])) };
}
