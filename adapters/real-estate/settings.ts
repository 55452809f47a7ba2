import { createPrivateKey, createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { COMMON_LINE, lineSettings } from '../transport/settings.ts';

const DAY_MS = 86_400_000;

/** Milliseconds to wait before each further attempt; the list's length is their number. */
const pauses = (defaults: readonly number[]) => z.array(z.int().nonnegative()).default([...defaults]);

/** Settings of the line to the real-estate registry. Numbers are the wire document's sections 1, 4 and 5. */
export const realEstateSettings = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe("Address of the registry's SOAP service"),
  namespace: z
    .string()
    .min(1)
    .default('http://bdc.example.invalid/ws/query/1.0')
    .describe('XML namespace of the operations; SOAPAction is this, a slash and the operation'),
  account: z.string().min(1).max(32).default('xa-gateway').describe('CXR: the account that the registry gave us'),
  areaCode: z
    .string()
    .regex(/^\d{6}$/)
    .default('421202')
    .describe('AreaCode, and the first six digits of our message ids'),
  registrar: z
    .string()
    .regex(/^\d{6}$/)
    .default('421202')
    .describe('RegOrgID: the registry asked'),
  privateKey: z
    .string()
    .refine((text) => holdsKey(text, createPrivateKey), 'must be the PEM text of an RSA private key')
    .describe('PEM text of the RSA key that signs our messages'),
  registryPublicKey: z
    .string()
    .refine((text) => holdsKey(text, createPublicKey), 'must be the PEM text of an RSA public key')
    .describe("PEM text of the registry's RSA key, which verifies its answers"),
  repeatWithFifteenDigits: z
    .boolean()
    .default(false)
    .describe('Ask again with the 15-digit form of an ID number when an owner query finds nothing (wire spec 3.2)'),
  unavailablePausesMs: pauses([1_000, 5_000, 15_000]).describe('Pauses before asking a query again after 9001 or 9999'),
  makingPausesMs: pauses([2_000, 5_000, 10_000]).describe('Pauses before asking for a print again after 3001'),
  line: lineSettings({
    connectTimeoutMs: 5_000,
    readTimeoutMs: 30_000,
    // One silent answer, or all pauses of section 4 with quick answers between them.
    deadline: { readMs: 35_000, writeMs: 40_000 },
    concurrency: 4,
    rates: [
      { calls: 10, perMs: 1_000 },
      { calls: 5_000, perMs: DAY_MS },
    ],
    ...COMMON_LINE,
  }),
});

export type RealEstateSettings = z.output<typeof realEstateSettings>;

function holdsKey(pem: string, read: (pem: string) => { readonly asymmetricKeyType?: string }): boolean {
  try {
    return read(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
