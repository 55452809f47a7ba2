/** Checks an interceptor's options once, loudly, when the line is composed. Throws `RangeError` naming the interceptor. */
export function requirePositive(owner: string, ...values: number[]): void {
  for (const value of values) {
    if (!(value > 0)) throw new RangeError(`${owner}: options must be numbers above zero`);
  }
}
