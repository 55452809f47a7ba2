/** The day the vectors take for today (identifiers.md). */
export const REFERENCE_DAY = new Date('2022-12-31T12:00:00+08:00');

export interface InvalidVector {
  readonly value: string;
  readonly why: string;
  /** What parsing makes of it where the mistake is one of those that user input is forgiven. */
  readonly readAs?: string;
}

/** One kind of identifier with the vectors of its section of the wire specification. */
export interface Kind {
  readonly identifier: string;
  readonly parse: (text: string) => string;
  readonly is: (text: string) => boolean;
  /** The texts belong to somebody else and are never converted. */
  readonly opaque?: true;
  readonly valid: readonly string[];
  readonly invalid: readonly InvalidVector[];
}

/** Marks the invalid vectors that parsing puts right, by value. */
export function forgiven(invalid: readonly InvalidVector[], readAs: Readonly<Record<string, string>>): InvalidVector[] {
  return invalid.map((vector) => {
    const value = readAs[vector.value];
    return value === undefined ? vector : { ...vector, readAs: value };
  });
}
