/** A department's record on a case, as it travels in the graph (design, section 5). */
export interface Reference {
  readonly system: string;
  readonly kind: string;
  readonly reference: string;
  readonly values: readonly { readonly name: string; readonly value: string }[];
}

/** The references of one system and kind. */
export function referencesOf(references: readonly Reference[], system: string, kind: string): Reference[] {
  return references.filter((reference) => reference.system === system && reference.kind === kind);
}

/** A named value of a reference; undefined when the reference has none. */
export function referenceValue(reference: Reference, name: string): string | undefined {
  return reference.values.find((value) => value.name === name)?.value;
}
