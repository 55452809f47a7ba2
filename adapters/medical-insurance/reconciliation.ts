import { protocolFault } from './errors.ts';
import { downloadInput, uploaded, uploadInput } from './messages/file.ts';
import { detailsInput, resultFile } from './messages/reconciliation.ts';
import { type MedicalCallOptions, type Orders, reading } from './orders.ts';
import { RESULT_ENTRY, readRows, writeRows } from './reconciliation-file.ts';
import type { DetailsCompared, ReconciliationDetails } from './records/reconciliation.ts';
import type { MedicalInsuranceSettings } from './settings.ts';
import { TRANSACTIONS } from './transactions.ts';
import { unzip, ZipFault, zipOf } from './zip.ts';

/** `result.txt` of one day, unpacked, stays far below this. */
const LARGEST_RESULT_BYTES = 64 * 1024 * 1024;

/** 3202 对明细账 with its files: 9101 takes the rows, 3202 compares, 9102 gives the rows compared (wire spec 3.13). */
export async function reconcileDetails(
  orders: Orders,
  details: ReconciliationDetails,
  files: MedicalInsuranceSettings['reconciliationFiles'],
  options: MedicalCallOptions,
): Promise<DetailsCompared> {
  const { code } = orders.institution(options);
  const { separator, zipUpload, bytes } = files;
  const name = `${code}_${details.from}_${details.to}`;
  const rows = Buffer.from(writeRows(details.rows, separator), 'utf8');
  const upload = zipUpload
    ? uploadInput(zipOf(`${name}.txt`, rows), `${name}.zip`, code, bytes)
    : uploadInput(rows, `${name}.txt`, code, bytes);

  const { value: rowsFile } = await orders.place(TRANSACTIONS.upload, null, upload, reading(uploaded), options);
  const question = detailsInput(details, rowsFile);
  const compared = await orders.place(TRANSACTIONS.details, null, question, reading(resultFile), options);
  const { fileQueryNumber, fileName } = compared.value;
  const download = downloadInput(fileQueryNumber, fileName, code);
  const read = (output: unknown) => readRows(unpacked(output), separator);
  const result = await orders.place(TRANSACTIONS.download, null, download, read, options);
  return { ...compared.value, rows: result.value, messageId: compared.messageId };
}

/** The text of `result.txt`; a download is a zip and nothing else (wire spec 3.13). */
function unpacked(output: unknown): string {
  if (!Buffer.isBuffer(output)) throw protocolFault('body', 'is not a zip');
  try {
    const content = unzip(output, RESULT_ENTRY, LARGEST_RESULT_BYTES);
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (error) {
    if (error instanceof ZipFault) throw protocolFault(RESULT_ENTRY, `cannot be unpacked: ${error.message}`);
    throw protocolFault(RESULT_ENTRY, 'is not UTF-8');
  }
}
