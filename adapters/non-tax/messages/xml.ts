import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element of either XML layer: text or children, never attributes, which are accepted and ignored (wire spec section 2). */
export interface XmlElement {
  readonly name: string;
  /** Without the white space around it; empty when there are children. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** XML that is not well formed or uses what this wire has no use for. Never holds the text. */
export class XmlFault extends Error {
  override readonly name = 'XmlFault';
}

/** Makes an element from its text or its children. */
export function element(name: string, content: string | readonly XmlElement[] = ''): XmlElement {
  return typeof content === 'string' ? { name, text: content, children: [] } : { name, text: '', children: content };
}

/**
 * Writes an element exactly as the district's files show: no line breaks, no attributes, `<Name/>` when empty. The digest is made over
 * these bytes, so the form matters.
 */
export function writeXml({ name, text, children }: XmlElement): string {
  if (children.length > 0) return `<${name}>${children.map(writeXml).join('')}</${name}>`;
  return text === '' ? `<${name}/>` : `<${name}>${escaped(text)}</${name}>`;
}

/** Reads one element with everything in it. DTDs are refused, entities other than XML's own five too. Throws `XmlFault`. */
export function readXml(xml: string): XmlElement {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml)) throw new XmlFault('a document type is not allowed');
  if (XMLValidator.validate(xml) !== true) throw new XmlFault('not well formed');
  const roots = elementsOf(parsed(xml));
  const [root] = roots;
  if (root === undefined || roots.length > 1) throw new XmlFault('one root element expected');
  return root;
}

const TEXT = '#text';
const CDATA = '#cdata';

/** What fast-xml-parser gives in document order: objects of one key, the element's name, with the list of what is inside. */
type ParsedNode = Readonly<Record<string, unknown>>;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  cdataPropName: CDATA,
  maxNestedTags: 16,
});

function parsed(xml: string): readonly ParsedNode[] {
  try {
    return parser.parse(xml);
  } catch {
    throw new XmlFault('not well formed'); // the parser's own message quotes the text
  }
}

function elementsOf(nodes: readonly ParsedNode[]): XmlElement[] {
  const elements: XmlElement[] = [];
  for (const node of nodes) {
    for (const [name, inside] of Object.entries(node)) {
      if (name === TEXT || name === CDATA || !Array.isArray(inside)) continue;
      const children = elementsOf(inside);
      elements.push({ name, text: children.length > 0 ? '' : textOf(inside), children });
    }
  }
  return elements;
}

function textOf(nodes: readonly ParsedNode[]): string {
  let text = '';
  for (const node of nodes) {
    const plain = node[TEXT];
    const cdata = node[CDATA];
    if (typeof plain === 'string') text += unescaped(plain);
    if (Array.isArray(cdata)) for (const part of cdata) text += String((part as ParsedNode)[TEXT] ?? '');
  }
  return text.trim();
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&([^;&\s]*);?/g, (reference, name: string) => {
    const character = reference.endsWith(';') ? (NAMED[name] ?? numbered(name)) : undefined;
    if (character === undefined) throw new XmlFault('unknown entity');
    return character;
  });
}

function numbered(name: string): string | undefined {
  const match = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
  if (!match) return undefined;
  const code = match[1] === undefined ? Number(match[2]) : Number.parseInt(match[1], 16);
  const allowed = code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0x10ffff);
  return allowed && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : undefined;
}
