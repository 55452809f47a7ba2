declare global {
  interface JSON {
    parse(
      text: string,
      reviver: (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown;
    rawJSON(text: string): object;
    isRawJSON(value: unknown): boolean;
  }
}

/** A number that stands as a value and has so many digits that a double may not hold it. Inside a text it only costs a slower reading. */
const LONG_NUMBER = /[:,[]\s*-?\d{16}/;

/**
 * Reads JSON without harm to numbers that a double cannot hold (a custom scalar's 64-bit integers): they stay what was written, and
 * JSON.stringify writes them so again. Throws `SyntaxError`.
 */
export function parsePreciseJson(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && /^-?\d{16,}$/.test(source) && String(value) !== source
      ? JSON.rawJSON(source)
      : value,
  );
}

/** True for a number that was kept as it was written. */
export function isLongNumber(value: unknown): boolean {
  return JSON.isRawJSON(value);
}
