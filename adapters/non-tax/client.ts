import type { NonTaxClient, NonTaxServices } from './binding.ts';
import { CnnontaxClient } from './cnnontax/client.ts';
import type { NonTaxSettings } from './settings.ts';
import { StandardWebClient } from './standard-web/client.ts';

export type { NonTaxClient, NonTaxServices, PaymentLookup } from './binding.ts';

/**
 * The client of the dialect that the settings choose. Throws `RangeError` when its section is missing.
 *
 * @example
 * const nonTax = nonTaxClient(nonTaxSettings.parse(file), { counter });
 * const notice = { payCode: await nonTax.allotPayCode(), ... };
 * const { payUrl } = await nonTax.openPayment(notice);
 */
export function nonTaxClient(settings: NonTaxSettings, services: NonTaxServices): NonTaxClient {
  return settings.dialect === 'cnnontax'
    ? new CnnontaxClient(settings, services)
    : new StandardWebClient(settings, services);
}
