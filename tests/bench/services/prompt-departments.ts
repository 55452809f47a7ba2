import type { NonTaxClient } from '../../../adapters/non-tax/client.ts';
import type { UnifiedAcceptanceClient } from '../../../adapters/unified-acceptance/client.ts';

/** What is left of finance and of the platform when they take no time at all: no socket, no message, the answer at once. */
export interface PromptDepartments {
  readonly finance: NonTaxClient;
  readonly platform: UnifiedAcceptanceClient;
}

/** @param ended Told the number of each case whose result was reported: the last that is told of it. */
export function promptDepartments(ended: (caseNumber: string) => void): PromptDepartments {
  let last = 0;
  const serial = (digits: number) => {
    last += 1;
    return String(last).padStart(digits, '0');
  };
  const finance: Partial<NonTaxClient> = {
    allotPayCode: async () => `42120226${serial(12)}`,
    openPayment: async ({ payCode }) => ({ payCode, crcCode: '1234', payUrl: null, reference: serial(32) }),
    allotEReceiptNumber: async () => serial(10),
    issueEReceipt: async ({ number, check }) => ({
      code: '42010126',
      number,
      check,
      tradeId: serial(20),
      issuedOn: '2026-01-01',
      url: null,
      reference: serial(32),
    }),
    downloadEReceipt: async ({ number = '' }) => ({
      code: '42010126',
      number,
      check: null,
      fileName: null,
      mediaType: 'application/pdf',
      content: new Uint8Array(1),
      url: null,
      tradeId: null,
      message: null,
      serviceCode: null,
      serviceMessage: null,
    }),
  };
  const taken = async (records: readonly unknown[]) => ({ accepted: records.length, rejected: [] });
  const platform: Partial<UnifiedAcceptanceClient> = {
    allocate: async () => ({ number: serial(43), password: '123456' }),
    reportAcceptance: taken,
    reportProcess: taken,
    reportMaterials: taken,
    reportFee: async ({ payCode }) => ({ payCode, payState: '0' }),
    async reportResult(records) {
      for (const { caseNumber } of records) ended(caseNumber);
      return taken(records);
    },
  };
  return { finance: finance as NonTaxClient, platform: platform as UnifiedAcceptanceClient };
}
