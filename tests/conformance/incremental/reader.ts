/** One part of an answer as JSON carries it, in either format. */
export interface Part {
  readonly data?: unknown;
  readonly errors?: readonly PartError[];
  readonly hasNext?: boolean;
  /** Today's format. */
  readonly pending?: readonly { readonly id: string; readonly path: Path; readonly label?: string }[];
  readonly incremental?: readonly Increment[];
  readonly completed?: readonly { readonly id: string; readonly errors?: readonly PartError[] }[];
}

export interface Increment {
  readonly data?: unknown;
  readonly errors?: readonly PartError[];
  /** Today's format. */
  readonly id?: string;
  readonly subPath?: Path;
  /** The format of 2022. */
  readonly path?: Path;
  readonly label?: string;
}

export interface PartError {
  readonly message: string;
  readonly path?: Path;
  readonly extensions: Readonly<Record<string, unknown>>;
}

export type Path = readonly (string | number)[];

/** Reads the parts of a body of type `multipart/mixed; boundary="-"`, each as soon as the boundary after it has come. */
export async function* multipartParts(body: AsyncIterable<string>): AsyncGenerator<Part> {
  let text = '\r\n';
  let begun = false;
  for await (const chunk of body) {
    text += chunk;
    for (let at = text.indexOf('\r\n---'); at >= 0; at = text.indexOf('\r\n---')) {
      const part = text.slice(0, at);
      if (begun) yield readPart(part);
      else if (part !== '') throw new Error(`text before the first boundary: ${part}`);
      begun = true;
      text = text.slice(at + '\r\n---'.length);
    }
  }
  if (text !== '--\r\n') throw new Error(`the answer ends with ${JSON.stringify(text)}`);
}

function readPart(text: string): Part {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  if (head !== '\r\nContent-Type: application/json; charset=utf-8') throw new Error(`a part with the head ${head}`);
  return JSON.parse(body) as Part;
}

/** Reads the parts of a body of type `text/event-stream`: one `next` each, then `complete`. */
export async function* eventParts(body: AsyncIterable<string>): AsyncGenerator<Part> {
  let text = '';
  let complete = false;
  for await (const chunk of body) {
    text += chunk;
    for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
      const [event, data = ''] = text.slice(0, at).split('\n');
      text = text.slice(at + 2);
      if (complete) throw new Error('an event after the last');
      if (event === 'event: next') yield JSON.parse(data.replace(/^data: /, '')) as Part;
      else if (event === 'event: complete') complete = true;
      else throw new Error(`an event of the kind ${event}`);
    }
  }
  if (!complete || text !== '') throw new Error(`the answer ends with ${JSON.stringify(text)}`);
}
