/** The registry's own XML: a strict reader of the small part of XML 1.0 that its messages use, and a writer. */

export interface MarkupElement {
  /** Local name and the namespace it is in, empty for none. */
  readonly name: string;
  readonly namespace: string;
  /** Without namespace declarations. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly MarkupElement[];
  readonly text: string;
}

/** A text that is not well-formed, or uses what the registry does not take: document types, processing instructions. */
export class MarkupError extends Error {
  override readonly name = 'MarkupError';
}

const NAME = /(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)/y;
const SPACE = /[ \t\n]*/y;
const DECLARATION = /<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?(?: standalone="(?:yes|no)")? ?\?>/y;
const COMMENT = /<!--(?:[^-]|-[^-])*-->/y;
const CHARACTER_DATA = /[^<]+/y;
const CDATA = /<!\[CDATA\[([\s\S]*?)\]\]>/y;
const ATTRIBUTE_VALUE = /"([^<"]*)"|'([^<']*)'/y;
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

const DEEPEST = 16;

type Scope = ReadonlyMap<string, string>;

/** Reads a document. Throws `MarkupError`. */
export function readMarkup(document: string): MarkupElement {
  if (!document.isWellFormed() || NOT_XML.test(document)) throw new MarkupError('characters outside XML');
  return new MarkupReader(document.replace(/\r\n?/g, '\n')).document();
}

class MarkupReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): MarkupElement {
    this.#take(DECLARATION);
    this.#misc();
    const root = this.#element(new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]), 0);
    this.#misc();
    if (this.#at !== this.#text.length) throw new MarkupError('content after the root element');
    return root;
  }

  #element(outer: Scope, depth: number): MarkupElement {
    if (depth > DEEPEST) throw new MarkupError('nested too deep');
    this.#expect('<');
    const start = this.#at;
    const [prefix, name] = this.#name();
    const tag = this.#text.slice(start, this.#at);
    const { attributes, scope } = this.#attributes(outer);
    const namespace = scope.get(prefix);
    if (namespace === undefined && prefix !== '') throw new MarkupError('namespace prefix not declared');

    const content = this.#skip('/>') ? { children: [], text: '' } : this.#content(tag, scope, depth);
    return { name, namespace: namespace ?? '', attributes, ...content };
  }

  #attributes(outer: Scope): { attributes: Map<string, string>; scope: Scope } {
    const attributes = new Map<string, string>();
    const scope = new Map(outer);
    const names = new Set<string>();
    while (this.#take(SPACE)?.[0] && !this.#follows('/>') && !this.#follows('>')) {
      const [prefix, local] = this.#name();
      this.#take(SPACE);
      this.#expect('=');
      this.#take(SPACE);
      const match = this.#take(ATTRIBUTE_VALUE);
      if (!match) throw new MarkupError('attribute without a value');
      const value = unescaped((match[1] ?? match[2] ?? '').replace(/[\t\n]/g, ' '));
      const name = prefix === '' ? local : `${prefix}:${local}`;
      if (names.has(name)) throw new MarkupError('attribute twice');
      names.add(name);
      if (name === 'xmlns') scope.set('', value);
      else if (prefix === 'xmlns') scope.set(local, value);
      else attributes.set(name, value);
    }
    return { attributes, scope };
  }

  #content(tag: string, scope: Scope, depth: number): { children: MarkupElement[]; text: string } {
    this.#expect('>');
    const children: MarkupElement[] = [];
    let text = '';
    while (!this.#follows('</')) {
      const data = this.#take(CHARACTER_DATA)?.[0];
      if (data !== undefined) {
        if (data.includes(']]>')) throw new MarkupError(']]> in character data');
        text += unescaped(data);
      } else {
        const section = this.#take(CDATA);
        if (section) text += section[1] ?? '';
        else if (!this.#take(COMMENT)) children.push(this.#element(scope, depth + 1));
      }
    }
    this.#expect(`</${tag}`);
    this.#take(SPACE);
    this.#expect('>');
    return { children, text };
  }

  #misc(): void {
    do this.#take(SPACE);
    while (this.#take(COMMENT));
  }

  /** Prefix (empty for none) and local name. */
  #name(): [string, string] {
    const match = this.#take(NAME);
    if (!match) throw new MarkupError('name expected');
    return [match[1] ?? '', match[2] ?? ''];
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (!match) return undefined;
    this.#at = pattern.lastIndex;
    return match;
  }

  #follows(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  #skip(text: string): boolean {
    if (!this.#follows(text)) return false;
    this.#at += text.length;
    return true;
  }

  #expect(text: string): void {
    if (!this.#skip(text)) throw new MarkupError(`${text} expected`);
  }
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  const [head = '', ...rest] = text.split('&');
  return rest.reduce((done, part) => {
    const end = part.indexOf(';');
    if (end < 1) throw new MarkupError('& without a reference');
    return done + character(part.slice(0, end)) + part.slice(end + 1);
  }, head);
}

function character(reference: string): string {
  const entity = Object.hasOwn(ENTITIES, reference) ? ENTITIES[reference] : undefined;
  if (entity !== undefined) return entity;
  const decimal = /^#(\d{1,7})$/.exec(reference)?.[1];
  const hexadecimal = /^#x([\dA-Fa-f]{1,6})$/.exec(reference)?.[1];
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? 'none', 16) : Number(decimal);
  if (!(code <= 0x10ffff) || NOT_XML.test(String.fromCodePoint(code))) throw new MarkupError('unknown reference');
  return String.fromCodePoint(code);
}

/** Writes an element: attributes in the order given, those undefined left out; `inner` is XML already. */
export function markup(
  name: string,
  attributes: readonly (readonly [name: string, value: string | undefined])[],
  inner?: string,
): string {
  const written = attributes
    .filter((attribute): attribute is readonly [string, string] => attribute[1] !== undefined)
    .map(([attribute, value]) => ` ${attribute}="${escaped(value, /[&<>"\t\n\r]/g)}"`)
    .join('');
  return inner === undefined || inner === '' ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>`;
}

/** Writes character data. CR goes as a reference, or a reader's line-end rules would lose it (wire spec 1.1). */
export function markupText(text: string): string {
  return escaped(text, /[&<>\r]/g);
}

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

function escaped(text: string, special: RegExp): string {
  return text.replace(special, (found) => REFERENCES[found] ?? found);
}
