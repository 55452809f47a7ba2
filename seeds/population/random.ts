/**
 * A small deterministic source of choices. What it gives depends on nothing but the three numbers it was made with, so that
 * resident `index` stays the same whoever comes after, and one concern (`stream`) can draw more without moving another.
 */
export class Random {
  #state: number;

  constructor(seed: number, index: number, stream: number) {
    this.#state = mixed(mixed(mixed(stream + 1) ^ folded(seed)) ^ index);
  }

  /** At least 0, below 1. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    return (mixed(this.#state) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[Math.floor(this.next() * values.length)] as Value;
  }

  /** One of the values, each as likely as its weight says. */
  weighted<Value>(choices: readonly (readonly [weight: number, value: Value])[]): Value {
    let total = 0;
    for (const [weight] of choices) total += weight;
    let left = this.next() * total;
    for (const [weight, value] of choices) {
      left -= weight;
      if (left < 0) return value;
    }
    return (choices[choices.length - 1] as readonly [number, Value])[1];
  }

  /** That many decimal digits. */
  digits(count: number): string {
    let text = '';
    while (text.length < count) text += this.whole(0, 9);
    return text;
  }
}

/** Which concern draws: each has numbers of its own. */
export const STREAMS = { person: 1, home: 2, spouse: 3, life: 4 } as const;

/** A seed of up to 53 bits in 32. */
export function folded(seed: number): number {
  return mixed(mixed(seed >>> 0) ^ Math.floor(seed / 2 ** 32));
}

/** Spreads the bits of a 32-bit number over all of it (finalizer of MurmurHash3); a bijection. */
export function mixed(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
