import fc from 'fast-check';

/** Any character of Unicode. The library's own `binary` unit makes a table of them all first, which takes a second in every file. */
const character = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));

/** Any text that UTF-8 can carry, half of it in the basic plane. */
export function anyText(constraints: { minLength?: number; maxLength?: number } = {}): fc.Arbitrary<string> {
  return fc.string({ ...constraints, unit: character });
}
