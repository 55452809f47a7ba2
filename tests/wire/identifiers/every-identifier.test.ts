import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidIdentifier } from '../../../adapters/identifiers/invalid-identifier.ts';
import { anyText } from '../any-text.ts';
import { CASES } from './kinds/cases.ts';
import type { Kind } from './kinds/kind.ts';
import { ORGANISATIONS } from './kinds/organisations.ts';
import { PAYMENTS } from './kinds/payments.ts';
import { PERSONS } from './kinds/persons.ts';
import { PLACES } from './kinds/places.ts';
import { REAL_ESTATE } from './kinds/real-estate.ts';

const KINDS: readonly Kind[] = [...PERSONS, ...ORGANISATIONS, ...PLACES, ...CASES, ...PAYMENTS, ...REAL_ESTATE];

describe.each(KINDS)('$identifier', (kind) => {
  test.each(kind.valid)('takes %s as it is', (value) => {
    expect(kind.is(value)).toBe(true);
    expect(kind.parse(value)).toBe(value);
  });

  test.each(kind.invalid)('does not know $value on the wire: $why', ({ value }) => {
    expect(kind.is(value)).toBe(false);
  });

  const refused = kind.invalid.filter(({ readAs }) => readAs === undefined);
  test.each(refused)('refuses to parse $value: $why', ({ value }) => {
    expectRefusal(kind, value);
  });

  const forgiven = kind.invalid.filter(({ readAs }) => readAs !== undefined);
  if (forgiven.length > 0) {
    test.each(forgiven)('reads $value as $readAs when a person typed it: $why', ({ value, readAs }) => {
      expect(kind.parse(value)).toBe(readAs);
    });
  }

  test('forgives surrounding white space in what a person typed', () => {
    for (const space of [' ', '\t', '\u3000', '\n']) {
      for (const value of kind.valid) expect(kind.parse(space + value + space)).toBe(value);
    }
  });

  if (!kind.opaque) {
    test('forgives full-width characters in what a person typed, and none on the wire', () => {
      for (const value of kind.valid) {
        expect(kind.parse(fullWidth(value))).toBe(value);
        expect(kind.is(fullWidth(value))).toBe(false);
      }
    });
  }

  test('gives nothing but the wire form, and that again when parsed twice', () => {
    fc.assert(
      fc.property(nearly(kind.valid), (text) => {
        const value = parsed(kind, text);
        if (value === undefined) return;
        expect(kind.is(value)).toBe(true);
        expect(kind.parse(value)).toBe(value);
      }),
      { numRuns: 500 },
    );
  });

  test('is of one mind whether it asks or parses: what it knows on the wire it parses unchanged', () => {
    fc.assert(
      fc.property(nearly(kind.valid), (text) => {
        if (kind.is(text)) expect(kind.parse(text)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  test('refuses any text at all with InvalidIdentifier and nothing else', () => {
    fc.assert(fc.property(anyText(), (text) => void parsed(kind, text)));
  });
});

/** The parsed value, or undefined when it was refused in the proper way; any other failure comes through. */
function parsed(kind: Kind, text: string): string | undefined {
  try {
    return kind.parse(text);
  } catch (error) {
    if (error instanceof InvalidIdentifier) return undefined;
    throw error;
  }
}

function expectRefusal(kind: Kind, value: string): void {
  expect(() => kind.parse(value)).toThrow(InvalidIdentifier);
  try {
    kind.parse(value);
  } catch (error) {
    if (!(error instanceof InvalidIdentifier)) throw error;
    expect(error.identifier).toBe(kind.identifier);
    expect(error.reason).not.toBe('');
    expect(error.reasonZh).toMatch(/[\u4e00-\u9fa5]/);
    if (value.length > 4) expect(JSON.stringify([error.message, error.stack, error])).not.toContain(value);
  }
}

/** Valid texts with one character put in another's place, left out, or added, and their case turned. */
function nearly(valid: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(fc.constantFrom(...'0123456789XBZax- ＡＯ０－ſı'), fc.string({ maxLength: 2 }));
  return fc
    .tuple(fc.constantFrom(...valid), fc.nat(), fc.nat({ max: 2 }), piece, fc.boolean())
    .map(([value, at, removed, inserted, lower]) => {
      const start = at % (value.length + 1);
      const text = value.slice(0, start) + inserted + value.slice(start + removed);
      return lower ? text.toLowerCase() : text;
    });
}

function fullWidth(text: string): string {
  return text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));
}
