import { z } from 'zod';
import type { MedicalInsuranceSettings } from '../settings.ts';
import { text } from './answer-fields.ts';
import type { Node } from './input-fields.ts';

type BytesForm = MedicalInsuranceSettings['reconciliationFiles']['bytes'];

/** 9101 file upload (wire spec 3.13): `in` is a byte array; some JSON libraries write one as base64. */
export function uploadInput(content: Buffer, fileName: string, providerCode: string, form: BytesForm): Node {
  return {
    fsUploadIn: {
      in: form === 'array' ? [...content] : content.toString('base64'),
      filename: fileName,
      fixmedins_code: providerCode,
    },
  };
}

const queryNumber = z.object({ file_qury_no: text });

/** The wire spec names the member and no node around it: it is taken where it stands, or one node deeper. */
export const uploaded = z.union([queryNumber, z.record(z.string(), z.unknown())]).transform((output, context) => {
  for (const node of [output, ...Object.values(output)]) {
    const found = queryNumber.safeParse(node);
    if (found.success) return found.data.file_qury_no;
  }
  context.addIssue({ code: 'custom', message: 'missing', path: ['file_qury_no'] });
  return z.NEVER;
});

/** 9102 file download (wire spec 3.13). */
export function downloadInput(fileQueryNumber: string, fileName: string, providerCode: string): Node {
  return { fsDownloadIn: { file_qury_no: fileQueryNumber, filename: fileName, fixmedins_code: providerCode } };
}
