import { z } from 'zod';
import { CIPHERS } from '../../adapters/database/column-cipher.ts';

/** A 32-byte key in Base64. */
const key = z
  .base64()
  .refine((text) => Buffer.from(text, 'base64').length === 32, 'expected 32 bytes in Base64')
  .transform((text): Uint8Array => Buffer.from(text, 'base64'));

/** Where the store is and the keys under which it keeps personal data. */
export const storeSettings = z
  .strictObject({
    path: z.string().min(1).default('.data/casegraph.sqlite').describe('The SQLite file, where no url is given'),
    url: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'expected postgres://user:password@host:port/database')
      .optional()
      .describe('The PostgreSQL database instead of a SQLite file; also from the environment as DATABASE_URL'),
    connections: z.int().min(1).max(1_000).default(10).describe('Connections to PostgreSQL at most'),
    handleKey: key.describe('Key of the handles that stand for people: 32 bytes in Base64'),
    columnKey: key.optional().describe('Key that encrypts personal columns: 32 bytes in Base64'),
    columnKeys: z
      .array(z.strictObject({ id: z.string().min(1).describe('What people call the key'), key }))
      .min(1)
      .optional()
      .describe('Instead of columnKey, while keys change: the first encrypts, all decrypt'),
    cipher: z.enum(CIPHERS).default('aes-256-gcm').describe('How personal columns are encrypted'),
  })
  .refine(({ columnKey, columnKeys }) => (columnKey === undefined) !== (columnKeys === undefined), {
    path: ['columnKey'],
    error: 'expected either columnKey or columnKeys',
  });
