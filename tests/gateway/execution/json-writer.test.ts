import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonWriter } from '../../../gateway/execution/response/json-writer.ts';

/** What a writer holds after `write`. */
function written(write: (writer: JsonWriter) => void): string {
  const writer = new JsonWriter();
  writer.begin();
  write(writer);
  return writer.take().toString('utf8');
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  // Every code unit, surrogates without a partner among them.
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 120 }).map((units) => String.fromCharCode(...units)),
);

describe('a text in JSON', () => {
  it('is written as JSON.stringify writes it, whatever it holds', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(written((writer) => writer.text(text))).toBe(JSON.stringify(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['Chinese', '咸安区永安街道银桂巷７号'],
    ['a character beyond the basic plane', '𠮷野家'],
    ['an emoji of several code points', '👩‍👩‍👧‍👦🇨🇳'],
    ['a high surrogate without its low one', 'a\ud842b'],
    ['a low surrogate without its high one', 'a\udfb7b'],
    ['quotes and backslashes', '"C:\\temp"'],
    ['control characters', 'a\u0000b\nc\u001fd\u007f'],
    ['separators that JavaScript once took for line ends', 'a\u2028b\u2029'],
    ['nothing', ''],
  ])('keeps %s', (_, text) => {
    expect(written((writer) => writer.text(text))).toBe(JSON.stringify(text));
  });

  it.each([79, 80, 81, 82])('of %i characters is whole, on either side of where it is called short', (length) => {
    for (const unit of ['a', '户', '"', 'é']) {
      const text = unit.repeat(length);
      expect(written((writer) => writer.text(text))).toBe(JSON.stringify(text));
    }
  });

  it('of which only the end must be escaped leaves nothing of the first attempt', () => {
    const text = `${'户'.repeat(40)}"`;
    expect(
      written((writer) => {
        writer.text('before');
        writer.text(text);
        writer.text('after');
      }),
    ).toBe(`"before"${JSON.stringify(text)}"after"`);
  });
});

describe('a number in JSON', () => {
  it('is written as JSON.stringify writes it', () => {
    const anyNumber = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.integer({ min: 0, max: 2_000_000_000 }),
    );
    fc.assert(
      fc.property(anyNumber, (number) => {
        expect(written((writer) => writer.number(number))).toBe(JSON.stringify(number));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    0,
    -0,
    1,
    9,
    10,
    99,
    100,
    99_999_999,
    999_999_999,
    1_000_000_000,
    1_000_000_001,
    2_147_483_647,
    -2_147_483_648,
    1e21,
    5e-324,
    0.1,
    Number.MAX_SAFE_INTEGER,
  ])('keeps every digit of %d', (number) => {
    expect(written((writer) => writer.number(number))).toBe(JSON.stringify(number));
  });
});

describe('the writer', () => {
  it('goes back to where a value began, and nothing of it stays', () => {
    expect(
      written((writer) => {
        writer.bytes(Buffer.from('{"a":'));
        const begin = writer.position;
        writer.text('a long value that may not stand after all');
        writer.position = begin;
        writer.bytes(Buffer.from('null'));
        writer.byte(0x7d);
      }),
    ).toBe('{"a":null}');
  });

  it('takes more than its first buffer holds, by whatever it is written', () => {
    const parts = fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('text' as const), value: fc.string({ unit: 'grapheme', maxLength: 90 }) }),
        fc.record({ kind: fc.constant('number' as const), value: fc.integer() }),
        fc.record({ kind: fc.constant('raw' as const), value: fc.constant('"户"'.repeat(5_000)) }),
        fc.record({ kind: fc.constant('bytes' as const), value: fc.constant('["prepared"]'.repeat(900)) }),
      ),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(parts, (all) => {
        const expected = all.map(({ kind, value }) =>
          kind === 'text' || kind === 'number' ? JSON.stringify(value) : value,
        );
        const got = written((writer) => {
          for (const { kind, value } of all) {
            if (kind === 'text') writer.text(value);
            else if (kind === 'number') writer.number(value);
            else if (kind === 'raw') writer.raw(value);
            else writer.bytes(Buffer.from(value));
          }
        });
        expect(got).toBe(expected.join(''));
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['byte', (writer: JsonWriter) => writer.byte(0x5b), '['],
    ['number', (writer: JsonWriter) => writer.number(123_456_789), '123456789'],
    ['number of ten digits', (writer: JsonWriter) => writer.number(9_876_543_210), '9876543210'],
    ['number with a fraction', (writer: JsonWriter) => writer.number(-0.5), '-0.5'],
    ['text', (writer: JsonWriter) => writer.text('户籍所在地'), '"户籍所在地"'],
    ['text to be escaped', (writer: JsonWriter) => writer.text('户"籍'), '"户\\"籍"'],
    ['prepared bytes', (writer: JsonWriter) => writer.bytes(Buffer.from('"key":')), '"key":'],
    ['raw text', (writer: JsonWriter) => writer.raw('"户"'), '"户"'],
  ])('grows for a %s that begins near the end of its buffer', (_, write, expected) => {
    const size = 64 * 1_024;
    for (let room = 0; room <= 20; room += 1) {
      const before = 'x'.repeat(size - room);
      const got = written((writer) => {
        writer.bytes(Buffer.from(before));
        write(writer);
      });
      expect(got === before + expected).toBe(true);
    }
  });

  it('gives bytes that the next answer does not touch', () => {
    const writer = new JsonWriter();
    writer.begin();
    writer.text('first');
    const first = writer.take();
    writer.begin();
    writer.text('other');
    expect([first.toString(), writer.take().toString()]).toEqual(['"first"', '"other"']);
  });

  it('begins anew after an answer so large that its buffer is given up', () => {
    const writer = new JsonWriter();
    writer.begin();
    const large = '"户"'.repeat(600_000);
    writer.raw(large);
    expect(writer.take().toString() === large).toBe(true);
    writer.begin();
    writer.text('small');
    expect(writer.take().toString()).toBe('"small"');
  });
});
