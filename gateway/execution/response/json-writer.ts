const INITIAL_BYTES = 64 * 1024;
/** A buffer that has grown beyond this for one large answer is given up after it. */
const KEPT_BYTES = 1024 * 1024;
/** Longer texts are escaped by JSON.stringify. */
const SHORT_TEXT = 80;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Writes JSON as bytes into one buffer that is used again and again. Whoever finds that a value cannot stand goes back to the position
 * where it began. Writing is never interrupted: begin, write, take the bytes, all in one turn.
 */
export class JsonWriter {
  #buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  /** Where the next byte goes. May be set back, never forward. */
  position = 0;

  /** Begins anew. */
  begin(): void {
    this.position = 0;
    if (this.#buffer.length > KEPT_BYTES) this.#buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  }

  /** What was written, as bytes of its own. */
  take(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.position));
  }

  byte(value: number): void {
    if (this.position === this.#buffer.length) this.#grow(1);
    this.#buffer[this.position] = value;
    this.position += 1;
  }

  /** Bytes that are JSON already, prepared once: a key, a bracket. */
  bytes(prepared: Uint8Array): void {
    const { length } = prepared;
    if (this.position + length > this.#buffer.length) this.#grow(length);
    const buffer = this.#buffer;
    let position = this.position;
    for (let index = 0; index < length; index += 1) {
      buffer[position] = prepared[index] as number;
      position += 1;
    }
    this.position = position;
  }

  /** Text that is JSON already. */
  raw(text: string): void {
    const room = text.length * 3;
    if (this.position + room > this.#buffer.length) this.#grow(room);
    this.position += this.#buffer.write(text, this.position);
  }

  number(value: number): void {
    if (Number.isInteger(value) && value >= 0 && value < 1e9) this.#digits(value);
    else this.#ascii(String(value));
  }

  text(value: string): void {
    const { length } = value;
    if (length > SHORT_TEXT) {
      this.raw(JSON.stringify(value));
      return;
    }
    if (this.position + length * 3 + 2 > this.#buffer.length) this.#grow(length * 3 + 2);
    const buffer = this.#buffer;
    let position = this.position;
    buffer[position] = QUOTE;
    position += 1;
    for (let index = 0; index < length; index += 1) {
      const code = value.charCodeAt(index);
      if (code < 0x80) {
        if (code < 0x20 || code === QUOTE || code === BACKSLASH) {
          this.raw(JSON.stringify(value));
          return;
        }
        buffer[position] = code;
        position += 1;
      } else if (code < 0x800) {
        buffer[position] = 0xc0 | (code >> 6);
        buffer[position + 1] = 0x80 | (code & 0x3f);
        position += 2;
      } else if (code < 0xd800 || code > 0xdfff) {
        buffer[position] = 0xe0 | (code >> 12);
        buffer[position + 1] = 0x80 | ((code >> 6) & 0x3f);
        buffer[position + 2] = 0x80 | (code & 0x3f);
        position += 3;
      } else {
        this.raw(JSON.stringify(value));
        return;
      }
    }
    buffer[position] = QUOTE;
    this.position = position + 1;
  }

  /** A whole number below a thousand million, without a text made of it first. */
  #digits(value: number): void {
    if (this.position + 9 > this.#buffer.length) this.#grow(9);
    let length = 1;
    for (let limit = 10; value >= limit; limit *= 10) length += 1;
    const buffer = this.#buffer;
    let rest = value;
    for (let index = this.position + length - 1; index >= this.position; index -= 1) {
      const next = (rest / 10) | 0;
      buffer[index] = 0x30 + rest - next * 10;
      rest = next;
    }
    this.position += length;
  }

  #ascii(text: string): void {
    const { length } = text;
    if (this.position + length > this.#buffer.length) this.#grow(length);
    for (let index = 0; index < length; index += 1) this.#buffer[this.position + index] = text.charCodeAt(index);
    this.position += length;
  }

  #grow(room: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.position + room));
    this.#buffer.copy(grown, 0, 0, this.position);
    this.#buffer = grown;
  }
}
