import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeEnvelope, encodeEnvelope } from '../../../adapters/real-estate/messages/envelope.ts';
import { queryByOwner } from '../../../adapters/real-estate/messages/property-query.ts';
import { element, isXmlText, parseXml, XmlFault } from '../../../adapters/real-estate/messages/xml.ts';
import { detachSignature } from '../../../adapters/real-estate/signing.ts';
import { MarkupError, markup, readMarkup } from '../../../adapters/real-estate/simulator/markup.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { anyText } from '../any-text.ts';
import { golden, ownerQuery, SUN } from './fixture.ts';

const NAMESPACE = 'http://bdc.example.invalid/ws/query/1.0';

/** Any text that XML can carry: rare characters, markup, line ends. */
const plainText = anyText({ maxLength: 60 }).map((text) => [...text].filter(isXmlText).join(''));
const markupHeavy = fc.string({ unit: fc.constantFrom(...'&<>"\'\r\n\t;#x1 amplt]]>䶮𠮷㙍'), maxLength: 40 });
const xmlText = fc.oneof(plainText, markupHeavy.filter(isXmlText));

describe('round trips', () => {
  test('attributes that the client writes are read unchanged by both readers', () => {
    fc.assert(
      fc.property(xmlText, (value) => {
        const written = element('A', { B: value });
        expect(parseXml(written).attributes).toEqual({ B: value });
        expect(readMarkup(written).attributes.get('B')).toBe(value);
      }),
    );
  });

  test('attributes that the simulator writes are read unchanged by the client', () => {
    fc.assert(
      fc.property(xmlText, (value) => {
        expect(parseXml(markup('A', [['B', value]])).attributes).toEqual({ B: value });
      }),
    );
  });

  test('a message in an envelope keeps every character, CR included', () => {
    fc.assert(
      fc.property(xmlText, (message) => {
        const request = encodeEnvelope(NAMESPACE, 'LinkFee', message);
        expect(readMarkup(request).children[1]?.children[0]?.children[0]?.text).toBe(message);
        const answer = request.replaceAll('LinkFee', 'LinkFeeResponse').replaceAll('requestXml', 'responseXml');
        expect(decodeEnvelope({ headers: {}, body: Buffer.from(answer) }, 'LinkFee')).toEqual({
          kind: 'message',
          message,
        });
      }),
    );
  });

  test('a name never leaves its attribute', () => {
    fc.assert(
      fc.property(
        xmlText.filter((text) => text !== ''),
        (name) => {
          const { data } = queryByOwner({ ...ownerQuery(SUN), name }, { account: 'a', page: 1, size: 1 });
          const record = readMarkup(data);
          expect(record.attributes.get('QLRMC')).toBe(name);
          expect(record.children).toEqual([]);
          expect(detachSignature(data)).toBeUndefined();
        },
      ),
    );
  });
});

describe('anything else', () => {
  const near = (file: string) => {
    const text = golden(file).toString('utf8');
    return fc
      .tuple(fc.nat(text.length), fc.nat(20), fc.oneof(xmlText, markupHeavy))
      .map(([at, length, piece]) => text.slice(0, at) + piece + text.slice(at + length));
  };

  test('bytes are an answer, or an error of the shared table', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => decodeEnvelope({ headers: {}, body: Buffer.from(bytes) }, 'LinkFee')).toThrow(CasegraphError);
      }),
    );
  });

  test('a golden answer with a piece changed is read, or refused as outside the protocol', () => {
    fc.assert(
      fc.property(near('01-query-by-owner.response.xml'), (text) => {
        try {
          decodeEnvelope({ headers: {}, body: Buffer.from(text) }, 'QueryByOwner');
        } catch (error) {
          expect(error).toMatchObject({ code: 'DEPARTMENT_PROTOCOL' });
        }
      }),
      { numRuns: 300 },
    );
  });

  test('both readers say no in their own words only', () => {
    fc.assert(
      fc.property(fc.oneof(xmlText, near('01-query-by-owner.request.xml')), (text) => {
        for (const [read, Refusal] of [
          [parseXml, XmlFault],
          [readMarkup, MarkupError],
        ] as const) {
          try {
            read(text);
          } catch (error) {
            expect(error).toBeInstanceOf(Refusal);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['a document type', '<!DOCTYPE a><a/>'],
    ['an entity', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['an undeclared entity', '<a>&nbsp;</a>'],
    ['a bare ampersand', '<a>&</a>'],
    ['a reference to a control character', '<a>&#1;</a>'],
    ['a reference to half a pair', '<a>&#xD842;</a>'],
    ['a control character', '<a>\u0001</a>'],
    ['two roots', '<a/><b/>'],
    ['no root', ' '],
    ['an open element', '<a>'],
    ['crossed elements', '<a><b></a></b>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['an attribute without quotes', '<a b=1/>'],
  ])('both readers refuse %s', (_, text) => {
    expect(() => parseXml(text)).toThrow(XmlFault);
    expect(() => readMarkup(text)).toThrow(MarkupError);
  });

  test('nested references are resolved once', () => {
    expect(parseXml('<a>&amp;lt;&#38;amp;</a>').text).toBe('&lt;&amp;');
    expect(readMarkup('<a>&amp;lt;&#38;amp;</a>').text).toBe('&lt;&amp;');
  });
});
