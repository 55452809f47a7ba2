import { type ConstDirectiveNode, type DocumentNode, Kind, valueFromASTUntyped } from 'graphql';

/** Features that protect fields, by the last names of their specifications, and how schemas write them. */
const PROTECTING: Readonly<Record<string, string>> = {
  authenticated: '@authenticated',
  requiresScopes: '@requiresScopes',
  policy: '@policy',
};

/**
 * Throws when a supergraph protects fields by a directive that is not enforced here: whoever accepts such a directive must enforce it.
 */
export function refuseUnenforced({ definitions }: DocumentNode): void {
  const features = definitions.flatMap((node) =>
    node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION
      ? (node.directives ?? []).flatMap(featureOf)
      : [],
  );
  const names = features.flatMap((feature) => PROTECTING[feature] ?? []);
  if (names.length > 0) {
    throw new Error(
      `The supergraph protects fields with ${names.join(', ')}, which this gateway does not enforce yet.`,
    );
  }
}

/** The name of the feature that `@link` or `@core` brings in: `https://specs.apollo.dev/policy/v0.1` is `policy`. */
function featureOf({ arguments: given = [] }: ConstDirectiveNode): string[] {
  const url = given.find(({ name }) => name.value === 'url' || name.value === 'feature');
  const text: unknown = url && valueFromASTUntyped(url.value);
  const name = typeof text === 'string' ? /\/([^/]+)\/v\d[^/]*$/.exec(text)?.[1] : undefined;
  return name === undefined ? [] : [name];
}
