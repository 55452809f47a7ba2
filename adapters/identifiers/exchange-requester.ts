import { inputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';

/** Requester id of the national data exchange platform (gjgxjhpt_rid, 请求者标识), lower case (identifiers.md 10). */
export type ExchangeRequester = string & { readonly __brand: 'ExchangeRequester' };

/**
 * Takes a requester id from configuration. Throws `InvalidIdentifier`. Letters keep their case, since the suffix may
 * hold both; the short names of test programs are refused (identifiers.md 10).
 *
 * @example parseExchangeRequester('5c1d8a40-0f5e-4b1e-9a37-2f0c6d7b4212@xn-202') // the same
 */
export function parseExchangeRequester(text: string): ExchangeRequester {
  const value = inputForm(text);
  return accepted<ExchangeRequester>('ExchangeRequester', value, faultOf(value));
}

/**
 * True for a requester id exactly as the wire carries it (identifiers.md 10).
 *
 * @example isExchangeRequester('x2019') // false
 */
export function isExchangeRequester(text: string): text is ExchangeRequester {
  return faultOf(text) === undefined;
}

function faultOf(text: string): Fault | undefined {
  const [id = '', ...suffix] = text.split('@');
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) {
    return { reason: 'must begin with a lower-case UUID', reasonZh: '应以小写UUID开头' };
  }
  if (suffix.length > 0 && !/^[0-9A-Za-z-]{1,40}$/.test(suffix.join('@'))) {
    return {
      reason: 'suffix must be 1 to 40 letters, digits or hyphens',
      reasonZh: '后缀应为1至40位字母、数字或连字符',
    };
  }
  return undefined;
}
