/** What a response name stands for at one place. */
export interface Claim {
  readonly parent: string;
  /** Two object types never meet in one answer, so that a name may mean a field of each. */
  readonly ofObject: boolean;
  /** The field with its arguments. */
  readonly field: string;
  /** The field's type, as far as two fields of one response name must agree in it. */
  readonly shape: string;
}

interface Taken {
  readonly claims: Claim[];
  readonly inner: Scope;
}

/** The response names taken in one object of an answer, so that operations come out mergeable (GraphQL specification, 5.3.2). */
export class Scope {
  readonly #names = new Map<string, Taken>();

  /** Takes a name. Gives the scope below it, or undefined where the name means something else already. */
  take(name: string, claim: Claim): Scope | undefined {
    const taken = this.#names.get(name);
    if (!taken) {
      const inner = new Scope();
      this.#names.set(name, { claims: [claim], inner });
      return inner;
    }
    if (taken.claims.some((other) => conflict(other, claim))) return undefined;
    taken.claims.push(claim);
    return taken.inner;
  }

  /** Takes all that a fragment's scope has taken; false, and nothing taken, where the two cannot meet. */
  takeAll(other: Scope): boolean {
    if (!this.#admits(other)) return false;
    for (const [name, { claims, inner }] of other.#names) {
      for (const claim of claims) this.take(name, claim)?.takeAll(inner);
    }
    return true;
  }

  #admits(other: Scope): boolean {
    return [...other.#names].every(([name, theirs]) => {
      const mine = this.#names.get(name);
      if (!mine) return true;
      return (
        mine.claims.every((claim) => !theirs.claims.some((their) => conflict(claim, their))) &&
        mine.inner.#admits(theirs.inner)
      );
    });
  }
}

function conflict(one: Claim, other: Claim): boolean {
  if (one.shape !== other.shape) return true;
  const apart = one.ofObject && other.ofObject && one.parent !== other.parent;
  return !apart && one.field !== other.field;
}
