import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parseQueryNumber } from '../../identifiers/query-number.ts';
import { checked, invalidInput } from '../../values/checked.ts';
import { protocolFault } from '../errors.ts';
import type { HousingProofRequest, Proof, ProofRequest } from '../records/proof.ts';
import { count, date, dateTime, filled, recordOf } from './answer-fields.ts';
import { child } from './envelope.ts';
import { formInput, identifierInput, purposeInput } from './input-fields.ts';
import { personAttributes } from './person.ts';
import type { Transaction } from './transaction.ts';
import { element } from './xml.ts';

/** PrintQueryProof (查询结果证明, wire spec 3.5). Throws `INVALID_INPUT`. */
export function printQueryProof(request: ProofRequest): Transaction<Proof> {
  return proofPrint('PrintQueryProof', '9800201', { ZMLX: '1', ...subject(request), DYFS: 'PDF' });
}

/** PrintHouseProof (有房无房证明, wire spec 3.6). Throws `INVALID_INPUT`. */
export function printHousingProof(request: HousingProofRequest): Transaction<Proof> {
  if (request.districts.length === 0) throw invalidInput('districts', 'must name one district at least');
  const districts = request.districts.map((district) =>
    formInput('districts', district, /^\d{6}$/, 'must be 6-digit division codes'),
  );
  return proofPrint('PrintHouseProof', '9800202', {
    ZMLX: '3',
    ...subject(request),
    QXDM: districts.join(','),
    DYFS: 'PDF',
  });
}

function subject(request: ProofRequest) {
  return {
    CXBH: identifierInput('queryNumber', request.queryNumber, parseQueryNumber),
    ...personAttributes(request),
    CXMD: purposeInput(request.purpose),
  };
}

interface ProofAttributes {
  readonly ZMLX: string;
  readonly CXBH: string;
  readonly QLRMC: string;
  readonly ZJZL: string;
  readonly ZJH: string;
  readonly CXMD: string;
  readonly QXDM?: string;
  readonly DYFS: string;
}

function proofPrint(
  operation: 'PrintQueryProof' | 'PrintHouseProof',
  recType: string,
  request: ProofAttributes,
): Transaction<Proof> {
  return {
    operation,
    recType,
    flowId: '',
    data: element('ZMSQ', { ...request }),
    personal: [request.QLRMC, request.ZJH],
    read(data) {
      const ZM = checked(proof, recordOf(child(data, 'ZM', 'Data')), 'Data.ZM', protocolFault);
      // A certificate about another query or person must not reach anyone.
      for (const field of ['ZMLX', 'CXBH', 'QLRMC'] as const) {
        if (ZM[field] !== request[field]) throw protocolFault(`Data.ZM.${field}`);
      }
      if (!ZM.ZJH.includes('*') && ZM.ZJH !== request.ZJH) throw protocolFault('Data.ZM.ZJH');
      const [document] = ZM.PDF;
      return {
        kind: ZM.ZMLX,
        proofNumber: ZM.ZMBH,
        queryNumber: ZM.CXBH,
        name: ZM.QLRMC,
        idType: ZM.ZJZL,
        idNumber: ZM.ZJH,
        issuedAt: ZM.ZMSJ,
        validUntil: ZM.YXQ,
        clerk: ZM.JBR,
        statement: ZM.QKSM,
        records: ZM.Records,
        checkCharacters: ZM.YZM,
        verificationUrl: ZM.EWM,
        pdf: document,
        sha256: createHash('sha256').update(document).digest('hex'),
      };
    },
  };
}

/** The document is stored and delivered unchanged; its digest is checked before (wire spec 3.5). */
const pdf = z
  .object({
    Encoding: z.literal('base64'),
    Sha256: z
      .string()
      .regex(/^[0-9A-Fa-f]{64}$/)
      .toLowerCase(),
    '#text': z
      .string()
      .transform((text) => text.replace(/\s+/g, ''))
      .pipe(z.base64().min(4)),
  })
  .transform((PDF, context): Uint8Array => {
    const bytes = Buffer.from(PDF['#text'], 'base64');
    if (createHash('sha256').update(bytes).digest('hex') !== PDF.Sha256) {
      context.addIssue({ code: 'custom', path: ['Sha256'], message: 'not the digest of the document' });
    }
    return bytes;
  });

const proof = z.object({
  ZMLX: filled(2),
  ZMBH: z.string().regex(/^XA\d{14}$/),
  CXBH: filled(32),
  QLRMC: filled(100),
  ZJZL: filled(10),
  ZJH: filled(50),
  ZMSJ: dateTime,
  YXQ: date,
  JBR: filled(100),
  QKSM: filled(2_000),
  Records: count,
  YZM: filled(32),
  EWM: filled(2_000),
  PDF: z.tuple([pdf]),
});
