import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { isMedicalProvider } from '../../../adapters/identifiers/medical-provider.ts';

/** Four calls at once per provider code (medical-insurance 5). */
const MOST_AT_ONCE = 4;

const hospital = z.strictObject({
  code: z
    .string()
    .refine(isMedicalProvider, 'must be H or P and 11 digits')
    .describe('定点医药机构编号 of the hospital'),
  callback: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where the hospital is told of the end of its postings; it is not told where it is left out'),
  concurrency: z
    .int()
    .min(1)
    .max(MOST_AT_ONCE)
    .default(MOST_AT_ONCE)
    .describe('How many of its postings are worked on at once'),
});

const code = z.string().min(1).max(6);

const reconciliation = z
  .strictObject({
    dailyAt: z
      .string()
      .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/)
      .nullable()
      .default('02:30')
      .describe(
        'From when on the day before is reconciled, China time HH:mm: the platform has closed it by then; null for never',
      ),
    insuranceKinds: z
      .array(code)
      .default(['310', '390'])
      .describe('insutype 险种类型 that are asked for even where nothing was settled here'),
    clearings: z
      .array(
        z.strictObject({
          type: code.describe('clr_type 清算类别'),
          office: z
            .string()
            .regex(/^\d{6}$/)
            .describe('setl_optins 结算经办机构'),
        }),
      )
      .optional()
      .describe(
        'Clearings that are asked for even where nothing was settled here: inpatients and outpatients of the home region unless told',
      ),
  })
  .prefault({})
  .describe('Reconciliation of what hospitals booked with the platform (对账)');

/** Settings of what hospitals post (报送). */
export const postingSettings = z
  .strictObject({
    signingKeys: z
      .array(z.string().refine(isSigningKey, 'must be the PEM text of an Ed25519 private key (PKCS#8)'))
      .default([])
      .describe(
        'PEM texts of Ed25519 private keys, PKCS#8: the first signs receipts and callbacks, all are published. Postings are not taken without one',
      ),
    hospitals: z
      .array(hospital)
      .default([])
      .refine((all) => new Set(all.map(({ code }) => code)).size === all.length, 'names a hospital twice')
      .describe('What is special to a hospital; any hospital of the directory may post'),
    reconciliation,
  })
  .prefault({})
  .describe('What hospitals post from their own systems (报送)');

export type PostingSettings = z.output<typeof postingSettings>;

function isSigningKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}
