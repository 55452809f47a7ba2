/**
 * Why a text is not an identifier of its kind, in English for logs and in Chinese for the counter (窗口). Never holds
 * the text.
 */
export interface Fault {
  readonly reason: string;
  readonly reasonZh: string;
}

/**
 * Thrown by every `parse…` function of this folder. Identifiers are personal data, so neither the message nor any field
 * repeats the refused text: an instance may be logged and answered as it is.
 */
export class InvalidIdentifier extends Error {
  override readonly name = 'InvalidIdentifier';
  /** The kind of identifier expected, for example `'IdNumber'`. */
  readonly identifier: string;
  readonly reason: string;
  readonly reasonZh: string;

  constructor(identifier: string, fault: Fault) {
    super(`${identifier}: ${fault.reason}`);
    this.identifier = identifier;
    this.reason = fault.reason;
    this.reasonZh = fault.reasonZh;
  }
}

/**
 * Gives a text the brand of its kind, or throws `InvalidIdentifier` when a fault was found. The first argument is tied
 * to the brand, so that an error cannot name another kind than the one returned.
 *
 * @example accepted<MobileNumber>('MobileNumber', '13800000000', undefined) // '13800000000'
 */
export function accepted<Identifier extends string & { readonly __brand: string }>(
  identifier: Identifier['__brand'],
  text: string,
  fault: Fault | undefined,
): Identifier {
  if (fault) throw new InvalidIdentifier(identifier, fault);
  return text as Identifier;
}
