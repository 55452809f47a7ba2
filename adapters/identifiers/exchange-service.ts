import { inputForm } from './input-form.ts';
import { accepted, type Fault } from './invalid-identifier.ts';

/** Service id of the national data exchange platform (gjgxjhpt_sid, 服务标识), mixed case (identifiers.md 11). */
export type ExchangeService = string & { readonly __brand: 'ExchangeService' };

/**
 * Takes a service id from configuration. Throws `InvalidIdentifier`. Letters keep their case, which the platform minds
 * (identifiers.md 11).
 *
 * @example parseExchangeService('s_X4212020000000000_9001') // the same
 */
export function parseExchangeService(text: string): ExchangeService {
  const value = inputForm(text);
  return accepted<ExchangeService>('ExchangeService', value, faultOf(value));
}

/**
 * True for a service id exactly as the wire carries it (identifiers.md 11).
 *
 * @example isExchangeService('s_sys_service001') // true
 */
export function isExchangeService(text: string): text is ExchangeService {
  return faultOf(text) === undefined;
}

function faultOf(text: string): Fault | undefined {
  if (/^s_(?:sys_[a-z]+[0-9]{3}|[0-9A-Z]{9,20}_[0-9]{1,6})$/.test(text)) return undefined;
  return {
    reason: 'must be s_, an organisation in capitals and a number, or s_sys_ and a service name',
    reasonZh: '应为s_加大写机构编码及序号，或s_sys_加服务名称',
  };
}
