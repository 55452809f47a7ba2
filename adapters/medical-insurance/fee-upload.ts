import { CasegraphError } from '../transport/errors.ts';
import { invalidInput } from '../values/checked.ts';
import { decode, FeeUploadStopped, protocolFault } from './errors.ts';
import { feeResults, feesInput } from './messages/fees.ts';
import type { MedicalCallOptions, Orders } from './orders.ts';
import type { FeeResult, FeesUploaded, FeeUpload } from './records/settlement.ts';
import { TRANSACTIONS } from './transactions.ts';

/**
 * 2301 住院费用明细上传 (wire spec 3.10) in slices of `size` rows, one after another: nothing is sent unless all of them can be. Throws
 * `FeeUploadStopped` at the first slice that fails.
 */
export async function uploadFees(
  orders: Orders,
  upload: FeeUpload,
  size: number,
  options: MedicalCallOptions,
): Promise<FeesUploaded> {
  if (upload.rows.length === 0) throw invalidInput('rows', 'must hold one row at least');
  const slices = Array.from({ length: Math.ceil(upload.rows.length / size) }, (_, index) => {
    const start = index * size;
    const sent = upload.rows.slice(start, start + size);
    return { start, sent, input: feesInput(upload, sent, start) };
  });

  const rows: FeeResult[] = [];
  const messageIds: string[] = [];
  for (const { start, sent, input } of slices) {
    const read = (output: unknown) => resultsOf(sent, output);
    try {
      const { value, messageId } = await orders.place(TRANSACTIONS.fees, upload, input, read, options);
      rows.push(...value);
      messageIds.push(messageId);
    } catch (error) {
      if (!(error instanceof CasegraphError)) throw error;
      throw new FeeUploadStopped(error, { rows, messageIds }, start);
    }
  }
  return { rows, messageIds };
}

function resultsOf(sent: FeeUpload['rows'], output: unknown): readonly FeeResult[] {
  const results = decode(feeResults, output);
  const answered = new Set(results.map((row) => row.serial));
  if (sent.some(({ serial }) => !answered.has(serial)))
    throw protocolFault('output.result', 'lacks rows that were sent');
  return results;
}
