/** One element: its text is all its character data joined; attributes are dropped (wire spec 2, "accept and ignore them"). */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
  /** Where it stands in the text that was read, tags included. */
  readonly from: number;
  readonly to: number;
}

export class MalformedXml extends Error {
  override readonly name = 'MalformedXml';
}

interface OpenElement {
  name: string;
  children: XmlElement[];
  text: string;
  from: number;
}

const DECLARATION = /^<\?xml[^<>]*\?>/;
const TAG =
  /<(?:!--[\s\S]*?--|!\[CDATA\[([\s\S]*?)\]\]|(\/?)([A-Za-z_][\w.-]*)((?:\s+[A-Za-z_][\w.:-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?))>/y;
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp;', '&'],
  ['lt;', '<'],
  ['gt;', '>'],
  ['quot;', '"'],
  ['apos;', "'"],
]);

/**
 * Reads a document strictly: one root, matching tags, no DTD, no processing instruction, no entity but the five of XML itself and
 * character references (wire spec 1.1, "DTDs and entities off"). A reader of our own, so that the two ends of the wire do not
 * share a parser's leniency. Throws `MalformedXml`.
 */
export function readXml(source: string): XmlElement {
  const start = DECLARATION.exec(source)?.[0].length ?? 0;
  const stack: OpenElement[] = [{ name: '', children: [], text: '', from: 0 }];
  let at = start;
  while (at < source.length) {
    const next = source.indexOf('<', at);
    const end = next === -1 ? source.length : next;
    if (end > at) addText(stack, decodeEntities(source.slice(at, end)));
    at = next === -1 ? source.length : readTag(source, next, stack);
  }
  const document = stack.pop();
  const [root, ...others] = document?.children ?? [];
  if (stack.length > 0 || !document || !root || others.length > 0) throw new MalformedXml('not one whole root element');
  if (document.text.trim() !== '') throw new MalformedXml('text outside the root element');
  return root;
}

function readTag(source: string, at: number, stack: OpenElement[]): number {
  TAG.lastIndex = at;
  const match = TAG.exec(source);
  if (!match) throw new MalformedXml('not a tag');
  const [whole, cdata, closing, name, attributes, empty] = match;
  const after = at + whole.length;
  if (cdata !== undefined) addText(stack, cdata);
  else if (name === undefined)
    return after; // a comment
  else if (closing === '/') {
    if (attributes !== '' || empty !== '') throw new MalformedXml('a closing tag with more than its name');
    close(stack, name, after);
  } else {
    stack.push({ name, children: [], text: '', from: at });
    if (stack.length > 32) throw new MalformedXml('too deep');
    if (empty === '/') close(stack, name, after);
  }
  return after;
}

function close(stack: OpenElement[], name: string, to: number): void {
  const element = stack.pop();
  const parent = stack.at(-1);
  if (!element || !parent || element.name !== name) throw new MalformedXml('tags do not match');
  parent.children.push({ ...element, to });
}

function addText(stack: OpenElement[], text: string): void {
  const element = stack.at(-1);
  if (element) element.text += text;
}

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&([^;&]*;?)/g, (_, body: string) => {
    const reference = /^#(?:x([0-9A-Fa-f]{1,6})|(\d{1,7}));$/.exec(body);
    if (reference) return character(reference[1] ? Number.parseInt(reference[1], 16) : Number(reference[2]));
    const known = ENTITIES.get(body);
    if (known === undefined) throw new MalformedXml('unknown entity');
    return known;
  });
}

function character(code: number): string {
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw new MalformedXml('no such character');
  return String.fromCodePoint(code);
}

/** One element with text; an empty text gives `<Name/>`, as every observed sender writes it. */
export function writeElement(name: string, text: string): string {
  if (text === '') return `<${name}/>`;
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<${name}>${escaped}</${name}>`;
}

/** An inner voucher with its fields in the order given. */
export function writeVoucher(fields: Readonly<Record<string, string>>): string {
  const inner = Object.entries(fields).map(([name, text]) => writeElement(name, text));
  return `<Voucher>${inner.join('')}</Voucher>`;
}
