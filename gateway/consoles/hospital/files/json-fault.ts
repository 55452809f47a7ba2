const TOKEN =
  /[\t\n\r ]*(?:([{}[\]:,])|("(?:[^"\\\p{Cc}]|\x7f|[\x80-\x9f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/uy;

/** What may stand next. `first` is a value or the end of an empty array, `name` a member's name. */
type Expected = 'value' | 'first' | 'name' | 'first-name' | 'colon' | 'comma' | 'end';

/** Where a text stops being JSON: the index of the first character that cannot stand there; its length where it is cut short. */
export function jsonFaultAt(text: string): number {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let index = 0;
  const afterValue = (): Expected => (open.length === 0 ? 'end' : 'comma');
  for (;;) {
    TOKEN.lastIndex = index;
    const match = TOKEN.exec(text);
    if (match === null) return afterSpace(text, index);
    const [, sign, string] = match;
    const next: Expected | undefined = step(sign, string !== undefined);
    if (next === undefined) return afterSpace(text, index);
    expected = next;
    index = TOKEN.lastIndex;
  }

  function step(sign: string | undefined, isString: boolean): Expected | undefined {
    const inObject = open.at(-1) === '{';
    if (expected === 'colon') return sign === ':' ? 'value' : undefined;
    if (expected === 'name' || expected === 'first-name') {
      if (isString) return 'colon';
      return sign === '}' && expected === 'first-name' ? close() : undefined;
    }
    if (expected === 'comma') {
      if (sign === ',') return inObject ? 'name' : 'value';
      return sign === (inObject ? '}' : ']') ? close() : undefined;
    }
    if (expected === 'end') return undefined;
    if (sign === undefined) return afterValue();
    if (sign === ']' && expected === 'first') return close();
    if (sign !== '{' && sign !== '[') return undefined;
    open.push(sign);
    return sign === '{' ? 'first-name' : 'first';
  }

  function close(): Expected {
    open.pop();
    return afterValue();
  }
}

function afterSpace(text: string, index: number): number {
  const space = /[\t\n\r ]*/y;
  space.lastIndex = index;
  space.exec(text);
  return space.lastIndex;
}
