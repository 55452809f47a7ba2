import type { ErrorCode } from '../../adapters/transport/errors.ts';

/** One thing that guards a field: all that guard it must hold. */
export type Requirement =
  | { readonly kind: 'authenticated' }
  /** One of the lists must hold whole: `@requiresScopes(scopes: [["a", "b"], ["c"]])`. */
  | { readonly kind: 'scopes'; readonly anyOf: readonly (readonly string[])[] }
  | { readonly kind: 'policies'; readonly anyOf: readonly (readonly string[])[] }
  /** `@sensitivity(class: HEALTH, mask: NAME)`. Of the class NONE nothing is required. */
  | { readonly kind: 'sensitivity'; readonly class: string; readonly mask?: string | undefined };

/** Given, given with a part hidden, or denied and why. */
export type Verdict = 'given' | 'masked' | Denial;

export interface Denial {
  readonly code: Extract<ErrorCode, 'UNAUTHENTICATED' | 'FORBIDDEN' | 'PURPOSE_REQUIRED'>;
  /** English, appended to the code's own text. */
  readonly detail: string;
}

/** What one caller is given, for one purpose. The same caller and purpose have the same object while nothing of them changes. */
export interface Grants {
  /** Whether a denied field costs only itself or the whole request. */
  readonly denied: 'null' | 'refuse';
  verdict(requirement: Requirement): Verdict;
}

/** What an operation gives to a caller, told before anything of it is run. Each field as `Type.field`. */
export interface FieldsGiven {
  /** By sensitivity class; those of the class NONE too. */
  readonly byClass: Readonly<Record<string, readonly string[]>>;
  readonly denied: readonly string[];
}
