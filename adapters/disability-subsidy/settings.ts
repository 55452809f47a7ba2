import { z } from 'zod';
import { isExchangeRequester } from '../identifiers/exchange-requester.ts';
import { isExchangeService } from '../identifiers/exchange-service.ts';
import { COMMON_LINE, lineSettings } from '../transport/settings.ts';

const service = (number: string) =>
  z
    .string()
    .refine((value): boolean => isExchangeService(value), 'not a service id')
    .default(`s_X4212020000000000_${number}`);

const appKey = z.string().regex(/^[0-9a-f]{32}$/, 'must be 32 lower-case hexadecimal characters');

/** Settings of the line to the national disability-subsidy system (wire spec 1, 5). */
export const disabilitySubsidySettings = z.strictObject({
  origin: z.url({ protocol: /^https?$/ }).describe('The exchange, http://host:port without a path'),
  rid: z
    .string()
    .refine((value): boolean => isExchangeRequester(value), 'not a requester id')
    .describe('Requester id 请求者身份标识 (1.2)'),
  sids: z
    .strictObject({
      LB01: service('9001'),
      LB02: service('9002'),
      LB03: service('9003'),
      LB04: service('9004'),
      LB05: service('9005'),
      LB06: service('9006'),
      LB07: service('9007'),
      LB08: service('9008'),
    })
    .prefault({})
    .describe('Service id 服务编码 of each transaction (1.2)'),
  appKeys: z
    .strictObject({
      LB01: appKey,
      LB02: appKey,
      LB03: appKey,
      LB04: appKey,
      LB05: appKey,
      LB06: appKey,
      LB07: appKey,
      LB08: appKey,
    })
    .describe('Secret: the grant key 服务授权码 of each transaction (1.4)'),
  division: z
    .string()
    .regex(/^\d{6}$/)
    .default('421202')
    .describe("The sender's division, 6 digits, the head of every serial number (2)"),
  organisationCode: z
    .string()
    .regex(/^[0-9A-Z]{18}$/)
    .describe('Unified social credit code of the sender (2)'),
  operator: z
    .string()
    .regex(/^[a-z0-9]{4,20}$/)
    .describe('Operator account 操作员 (2)'),
  forwardedFor: z
    .union([z.ipv4(), z.ipv6()])
    .optional()
    .describe('The registered address, sent as X-Forwarded-For where the exchange wants it (1.1)'),
  line: lineSettings({
    ...COMMON_LINE,
    connectTimeoutMs: 3_000,
    readTimeoutMs: 15_000,
    // Room for one wait of 20 s that the exchange may ask for (-50), and for a write's one repetition.
    deadline: { readMs: 40_000, writeMs: 60_000 },
    concurrency: 10,
    rates: [{ calls: 1_000, perMs: 3_600_000 }],
  }).describe('The line to the exchange; rates count for each service id (5)'),
});

export type DisabilitySubsidySettings = z.output<typeof disabilitySubsidySettings>;
