import type { IssuedDocument } from '../../adapters/database/documents.ts';
import { qrCodeSvg } from '../../adapters/documents/qr-code.ts';
import { parseProofNumber } from '../../adapters/identifiers/proof-number.ts';
import { formInput, identifierInput } from '../invalid-input.ts';
import { mutationRequest } from '../services/mutation.ts';
import { PROOF_NAMES, type ProofKind } from './codes.ts';
import type { RealestateContext } from './loaders.ts';
import { factsOf, type ProofRequestInput } from './services/proof.ts';
import type { PropertyServices } from './services/property-services.ts';

interface Requested {
  readonly caseId: string;
  readonly submissionId: string;
}

/** The proofs' part of the schema. */
export const proofs = {
  Mutation: {
    async requestPropertyProof(
      _: unknown,
      { input }: { input: ProofRequestInput },
      { services, idempotencyKey }: RealestateContext,
    ): Promise<Requested> {
      const mutation = mutationRequest('requestPropertyProof', input, idempotencyKey);
      const { submissionId } = await services.requestProof(input, mutation);
      return { caseId: input.caseId, submissionId };
    },
  },
  RequestPropertyProofPayload: {
    submission: ({ submissionId }: Requested) => ({ id: submissionId }),
    case: ({ caseId }: Requested) => ({ id: caseId }),
    proof: ({ submissionId }: Requested, _: unknown, { services }: RealestateContext) =>
      services.surroundings.store.documents.bySubmission(submissionId),
  },
  PropertyProof: {
    name: ({ kind }: IssuedDocument) => PROOF_NAMES[kind as ProofKind],
    issuedAt: (document: IssuedDocument) => factsOf(document).issuedAt,
    validUntil: (document: IssuedDocument) => factsOf(document).validUntil,
    statement: (document: IssuedDocument) => factsOf(document).statement,
    houses: (document: IssuedDocument) => factsOf(document).houses,
    document: async (document: IssuedDocument, _: unknown, { services }: RealestateContext) =>
      Buffer.from(await services.surroundings.store.documents.bytes(document)).toString('base64'),
    registryCheckCharacters: (document: IssuedDocument) => factsOf(document).checkCharacters,
    registryCheckAddress: (document: IssuedDocument) => factsOf(document).verificationUrl,
    coverSheet: async (document: IssuedDocument, _: unknown, { services }: RealestateContext) => {
      const address = checkAddress(document, services);
      return address === null ? null : Buffer.from(await coverSheet(document, address, services)).toString('base64');
    },
    checkAddress: (document: IssuedDocument, _: unknown, { services }: RealestateContext) =>
      checkAddress(document, services),
    checkCode: (document: IssuedDocument, _: unknown, { services }: RealestateContext) => {
      const address = checkAddress(document, services);
      return address === null ? null : qrCodeSvg(address);
    },
  },
};

/** Whether a paper is one that was issued here and is unaltered: by its number and the digest of its file; nothing personal is told. */
export async function checkProof(
  _: unknown,
  given: { readonly number: string; readonly digest: string },
  { services }: RealestateContext,
) {
  const number = identifierInput('number', given.number, parseProofNumber);
  const digest = given.digest.toLowerCase();
  formInput('digest', digest, /^[0-9a-f]{64}$/, { en: 'must be 64 hex digits.', zh: '应为64位十六进制数。' });
  const issued = await services.surroundings.store.documents.byNumber(number);
  const issuedHere = issued.length > 0;
  const proof = issued.find((one) => one.digest === digest);
  if (!proof) return { issuedHere, unaltered: false, issuedAt: null, validUntil: null };
  const { issuedAt, validUntil } = factsOf(proof);
  return { issuedHere, unaltered: true, issuedAt, validUntil };
}

async function coverSheet(
  document: IssuedDocument,
  address: string,
  { surroundings: { printer, issuingBody } }: PropertyServices,
): Promise<Uint8Array> {
  const { name, idNumber, issuedAt } = factsOf(document);
  const { pdf } = await printer.print({
    proofNumber: document.number,
    kind: PROOF_NAMES[document.kind as ProofKind],
    applicantName: name,
    applicantIdNumber: idNumber,
    issuedAt,
    issuingBody,
    sha256: document.digest,
    checkAddress: address,
  });
  return pdf;
}

/** Null where nobody has said under which address people reach this program. */
function checkAddress({ number }: IssuedDocument, { surroundings: { publicUrl } }: PropertyServices): string | null {
  return publicUrl === undefined ? null : `${publicUrl}/check/${number}`;
}
