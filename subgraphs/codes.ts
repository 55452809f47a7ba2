/** A department's code as a member of an enum, or null for a code that the list does not have: a new code costs one field. */
export function knownCode(list: Readonly<Record<string, string>>, code: string | null | undefined): string | null {
  return code != null && Object.values(list).includes(code) ? code : null;
}
