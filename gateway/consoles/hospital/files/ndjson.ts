import { type Entry, KINDS, LARGEST_ENTRY } from './entry.ts';
import { Faults } from './faults.ts';
import { jsonFaultAt } from './json-fault.ts';
import type { TextFile } from './text-file.ts';

/** Reads a file of one `PostingEntry` a line; empty lines and those that begin with `#` are left out. Throws `ConsoleRefusal`. */
export function readJsonLines({ path, text }: TextFile): Entry[] {
  const faults = new Faults(path);
  const entries: Entry[] = [];
  text.split(/\r\n|\n|\r/).forEach((whole, at) => {
    const json = whole.trim();
    if (json === '' || json.startsWith('#')) return;
    const place = { line: at + 1, column: whole.length - whole.trimStart().length + 1 };
    const value = parse(json);
    if (value === undefined) {
      const column = [...json.slice(0, jsonFaultAt(json))].length + place.column;
      faults.add({ line: place.line, column }, { en: 'not JSON from here on', zh: '从此处起不是有效的JSON' });
    } else if (!isEntry(value)) {
      faults.add(place, {
        en: `must be an object whose "kind" is ${KINDS.join(' or ')}`,
        zh: `应为对象，其"kind"为${KINDS.join('或')}`,
      });
    } else if (Buffer.byteLength(json) > LARGEST_ENTRY) {
      faults.add(place, { en: 'larger than 1,000,000 bytes', zh: '超过1000000字节' });
    } else {
      const { document, version } = value;
      entries.push({
        index: entries.length,
        line: place.line,
        document: typeof document === 'string' ? document : null,
        version: typeof version === 'number' ? version : 1,
        json,
      });
    }
  });
  faults.refuse();
  return entries;
}

/** Undefined where it is not JSON: the parser's own message repeats the text, which is personal data. */
function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' && value !== null && 'kind' in value && (KINDS as readonly unknown[]).includes(value.kind)
  );
}
