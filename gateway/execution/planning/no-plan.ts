/** Why an operation cannot be planned, in words for whoever sent it. */
export class NoPlan extends Error {
  override readonly name = 'NoPlan';
  /** True when it is because of how much it asks for. */
  readonly tooLarge: boolean;

  constructor(message: string, { tooLarge = false, ...options }: ErrorOptions & { readonly tooLarge?: boolean } = {}) {
    super(message, options);
    this.tooLarge = tooLarge;
  }
}
