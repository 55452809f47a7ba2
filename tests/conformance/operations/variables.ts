import { type GraphQLInputType, getNullableType, isNonNullType } from 'graphql';
import type { Random } from './random.ts';
import { literal } from './values.ts';

interface Variable {
  readonly name: string;
  readonly usableAt: string;
  readonly definition: string;
}

/** The variables of one operation: defined where a value asks for one, sometimes shared, sometimes left to their default. */
export class Variables {
  readonly #random: Random;
  readonly #defined: Variable[] = [];
  readonly #values: Record<string, unknown> = {};

  constructor(random: Random) {
    this.#random = random;
  }

  /** `$name` of a variable that may stand where a value of this type does. */
  standFor(value: unknown, type: GraphQLInputType): string {
    const usableAt = String(type);
    const known = this.#defined.filter((variable) => variable.usableAt === usableAt);
    if (known.length > 0 && this.#random.chance(0.4)) return `$${this.#random.pick(known).name}`;
    const name = `v${this.#defined.length}`;
    this.#defined.push({ name, usableAt, definition: this.#define(name, value, type) });
    return `$${name}`;
  }

  definitions(): string {
    return this.#defined.length === 0 ? '' : `(${this.#defined.map(({ definition }) => definition).join(', ')})`;
  }

  values(): Readonly<Record<string, unknown>> {
    return this.#values;
  }

  #define(name: string, value: unknown, type: GraphQLInputType): string {
    const nullable = getNullableType(type);
    const written = () => literal(value, type, () => undefined);
    if (value !== null && this.#random.chance(0.25)) {
      if (this.#random.chance(0.4)) this.#values[name] = value;
      return `$${name}: ${nullable} = ${written()}`;
    }
    if (isNonNullType(type) || (value !== null && this.#random.chance(0.3))) {
      this.#values[name] = value;
      return `$${name}: ${nullable}!`;
    }
    // Left out, a nullable variable leaves its argument out too.
    if (!this.#random.chance(0.2)) this.#values[name] = value;
    return `$${name}: ${nullable}`;
  }
}
