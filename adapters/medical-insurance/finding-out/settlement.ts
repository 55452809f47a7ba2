import type { MedicalInsuranceClient } from '../client.ts';
import type { Settlement, SettlementRecord, SettlementReference, SettlementRequest } from '../records/settlement.ts';
import { type FindingOptions, type FoundOut, foundOrReversed, NOT_DONE } from './found-out.ts';

/**
 * 2304: the settlement of the visit that stands and carries the message id of the call (5203), and else the call is reversed. It is never
 * sent again before.
 */
export async function findSettlement(
  client: MedicalInsuranceClient,
  request: SettlementRequest,
  messageId: string | null,
  options: FindingOptions = {},
): Promise<FoundOut<SettlementRecord>> {
  if (messageId === null) return NOT_DONE;
  const { personNumber, insuredRegion, visitId } = request;
  const standing = async () => {
    const record = await client.settlement({ personNumber, insuredRegion, visitId }, options);
    return record && !record.refunded && record.providerSettlementId === messageId ? record : undefined;
  };
  const reversal = { personNumber, insuredRegion, of: 'settlement', originalMessageId: messageId } as const;
  return foundOrReversed(client, standing, reversal, options);
}

export interface SettlementCancelled {
  readonly settlementId: string;
  /** The settlement with negative amounts; `null` where its answer was lost and the platform does not tell it again. */
  readonly refund: Settlement | null;
}

/** 2305: done when the settlement is refunded (5203); else the call is reversed, and the settlement stands. */
export async function findSettlementCancellation(
  client: MedicalInsuranceClient,
  reference: SettlementReference,
  messageId: string | null,
  options: FindingOptions = {},
): Promise<FoundOut<SettlementCancelled>> {
  if (messageId === null) return NOT_DONE;
  const { personNumber, insuredRegion, visitId, settlementId } = reference;
  const cancelled = async (): Promise<SettlementCancelled | undefined> => {
    const original = await client.settlement(reference, options);
    if (!original?.refunded) return undefined;
    const latest = await client.settlement({ personNumber, insuredRegion, visitId }, options);
    return { settlementId, refund: latest?.providerSettlementId === messageId ? latest : null };
  };
  const reversal = {
    personNumber,
    insuredRegion,
    of: 'settlement-cancellation',
    originalMessageId: messageId,
  } as const;
  return foundOrReversed(client, cancelled, reversal, options);
}
