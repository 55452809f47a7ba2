import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element as read: namespace prefixes gone, every value text. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** All character data directly inside, as written. */
  readonly text: string;
}

/** A text that is not the XML this wire uses. The message says why and holds none of the text. */
export class XmlFault extends Error {
  override readonly name = 'XmlFault';
}

/** What XML 1.0 cannot carry at all, escaped or not. */
const UNWRITABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** True when XML can carry the text: no control characters, no half of a surrogate pair. */
export function isXmlText(text: string): boolean {
  return text.isWellFormed() && !UNWRITABLE.test(text);
}

/**
 * Writes an element with its attributes in the order given; those that are undefined are left out. Children are XML already.
 *
 * @example element('CXTJ', { CXLX: '3', BDCDYH: undefined }) // '<CXTJ CXLX="3"/>'
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  children: readonly string[] = [],
): string {
  let start = `<${name}`;
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== undefined) start += ` ${attribute}="${attributeText(value)}"`;
  }
  return children.length === 0 ? `${start}/>` : `${start}>${children.join('')}</${name}>`;
}

/** Escapes character data. A bare CR would be lost by XML's line-end rules and with it the signature (wire spec 1.1). */
export function characterData(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');
}

function attributeText(text: string): string {
  return characterData(text).replaceAll('"', '&quot;').replaceAll('\t', '&#9;').replaceAll('\n', '&#10;');
}

const CDATA = '#cdata';
const ATTRIBUTES = ':@';

/** Keeps order and text as they are and expands nothing: references are resolved below, and none but XML's own exist. */
const PARSER_OPTIONS = {
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  removeNSPrefix: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  cdataPropName: CDATA,
} as const;

/** Reads a document. Throws `XmlFault` when it is not well-formed, declares a document type or uses an entity of its own. */
export function parseXml(text: string): XmlElement {
  if (text.includes('<!DOCTYPE')) throw new XmlFault('document types are not taken');
  if (!isXmlText(text)) throw new XmlFault('holds characters that XML has not');
  const roots = elementsOf(parsedNodes(text));
  const [root] = roots;
  if (root === undefined || roots.length !== 1) throw new XmlFault('must have one root element');
  return root;
}

type Node = Readonly<Record<string, unknown>>;

function parsedNodes(text: string): readonly Node[] {
  let wellFormed: boolean;
  let nodes: unknown;
  try {
    wellFormed = XMLValidator.validate(text) === true;
    nodes = wellFormed ? new XMLParser(PARSER_OPTIONS).parse(text) : [];
  } catch {
    throw new XmlFault('cannot be parsed'); // the parser's own message may quote the text
  }
  if (!wellFormed) throw new XmlFault('is not well-formed');
  return nodes as readonly Node[];
}

function elementsOf(nodes: readonly Node[]): readonly XmlElement[] {
  return nodes.flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ATTRIBUTES);
    return name === undefined || name === '#text' || name === CDATA ? [] : [elementOf(name, node)];
  });
}

function elementOf(name: string, node: Node): XmlElement {
  const content = node[name] as readonly Node[];
  const attributes = Object.entries((node[ATTRIBUTES] ?? {}) as Record<string, string>);
  return {
    name,
    attributes: Object.fromEntries(attributes.map(([attribute, value]) => [attribute, resolved(value)])),
    children: elementsOf(content),
    text: content.map(textOf).join(''),
  };
}

function textOf(node: Node): string {
  if (typeof node['#text'] === 'string') return resolved(node['#text']);
  const cdata = node[CDATA] as readonly Node[] | undefined;
  return cdata ? cdata.map((part) => String(part['#text'] ?? '')).join('') : '';
}

const PREDEFINED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Replaces references by their characters, once: what comes out is not looked at again. */
function resolved(text: string): string {
  return text.replace(/&([^;&\s]{0,12});?/g, (reference, name: string) => {
    const predefined = reference.endsWith(';') && Object.hasOwn(PREDEFINED, name) ? PREDEFINED[name] : undefined;
    return predefined ?? numberedCharacter(reference);
  });
}

function numberedCharacter(reference: string): string {
  const match = /^&#(?:(\d{1,7})|x([0-9A-Fa-f]{1,6}));$/.exec(reference);
  const code = match ? Number.parseInt(match[1] ?? match[2] ?? '', match[1] === undefined ? 16 : 10) : -1;
  if (code < 0 || code > 0x10_ffff) throw new XmlFault('uses a reference that XML has not');
  const character = String.fromCodePoint(code);
  if (!isXmlText(character)) throw new XmlFault('refers to a character that XML has not');
  return character;
}
