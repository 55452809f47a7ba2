import { z } from 'zod';
import type { IssuedDocument } from '../../../adapters/database/documents.ts';
import type { Submission } from '../../../adapters/database/submissions.ts';
import type { WriteTransaction } from '../../../adapters/database/writing.ts';
import type { IdNumber } from '../../../adapters/identifiers/id-number.ts';
import { DEPARTMENT } from '../../../adapters/real-estate/errors.ts';
import type { Proof } from '../../../adapters/real-estate/records/proof.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { chinaCompactDate, instantFromChina } from '../../../adapters/values/china-time.ts';
import { invalidInput } from '../../invalid-input.ts';
import { tellCase } from '../../services/case-events.ts';
import { caseFor, readCase } from '../../services/case-for.ts';
import type { MutationInput, MutationRequest } from '../../services/mutation.ts';
import type { DepartmentWrites, Settled, SubmissionKind, Submitted } from '../../services/submissions.ts';
import { DOCUMENT_TYPE, PROOF_KIND, PROOF_NAMES, type ProofKind } from '../codes.ts';
import { type PrintableQuery, queryOwned, type Wanted } from './owned-property.ts';
import { isFinal, isQueryTooOld, printFailure, wasNotAsked } from './print-failures.ts';
import type { Surroundings } from './surroundings.ts';

/** The catalogue's item: 不动产查询和打印. */
const ITEM = 'S03';

const PROOF = 'property-proof';
const QUERY = 'property-query';

/** A proof as it is asked for; whose property it is about comes from the case. */
export interface ProofRequestInput extends MutationInput {
  readonly caseId: string;
  readonly kind: ProofKind;
  readonly certificateNumber?: string | null;
  readonly unitNumber?: string | null;
  readonly purpose: string;
}

/** What is kept before the registry is asked to print. */
export interface PrintInput {
  readonly kind: ProofKind;
  readonly applicant: { readonly name: string; readonly idNumber: IdNumber };
  readonly wanted: Wanted;
  readonly query: PrintableQuery;
}

export interface PrintOutcome {
  readonly number: string;
  /** What the paper is about, by the query that was printed. */
  readonly houses: PrintableQuery['houses'];
}

/** What the registry said beside the document. */
export interface ProofFacts {
  readonly name: string;
  readonly idNumber: string;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  /** `yyyy-MM-dd`. */
  readonly validUntil: string;
  readonly statement: string;
  readonly houses: number;
  readonly checkCharacters: string;
  readonly verificationUrl: string;
}

const facts = z.object({
  name: z.string(),
  idNumber: z.string(),
  issuedAt: z.int(),
  validUntil: z.string(),
  statement: z.string(),
  houses: z.int(),
  checkCharacters: z.string(),
  verificationUrl: z.string(),
});

/** So many houses a case names; whoever has more is shown them under the resident, in one query. */
const MOST_NAMED = 20;

/** What a case's houses are read by. No owner's name: this is not encrypted. */
function readValues(houses: PrintableQuery['houses']): Readonly<Record<string, string>> {
  const [first, ...others] = houses;
  if (first && others.length === 0) {
    const { unitNumber, certificateNumber } = first;
    return { ...(unitNumber !== null && { unitNumber }), certificateNumber };
  }
  const units = houses.flatMap(({ unitNumber }) => unitNumber ?? []);
  return units.length === 0 || units.length > MOST_NAMED ? {} : { unitNumbers: units.join(',') };
}

/** What was kept of a proof beside its bytes. */
export function factsOf(document: IssuedDocument): ProofFacts {
  return facts.parse(document.facts);
}

/**
 * Printing (9800201, 9800202). The document is kept as soon as it is there, under the submission that brought it; the same query is
 * printed again where no answer came (real-estate 4).
 */
export function proofKind(surroundings: Surroundings): SubmissionKind<PrintInput, PrintOutcome> {
  const { store, clock } = surroundings;
  return {
    name: PROOF,
    async send(input, { submissionId }) {
      try {
        return await print(surroundings, input, submissionId);
      } catch (error) {
        throw printFailure(error);
      }
    },
    settle: (input, submission) => settled(surroundings, input, submission),
    async recorded(tx, { caseId, operator, input }, { number, houses }) {
      if (caseId === null) throw new Error('a proof without its case');
      const { kind, wanted } = input as PrintInput;
      await store.registry.addReference(tx, caseId, {
        system: DEPARTMENT,
        kind: QUERY,
        reference: wanted.applicationForm,
        values: readValues(houses),
      });
      const certificate = { name: PROOF_NAMES[kind], number };
      await tellCase(tx, store.tasks, { caseId, kind: 'proof-issued', at: clock(), operator, certificate });
    },
  };
}

/**
 * Has a proof printed for the applicant of a case. Throws `INVALID_INPUT` for a house that is not the applicant's, before the case or
 * the registry's printer knows of it.
 */
export async function requestProof(
  surroundings: Surroundings,
  writes: DepartmentWrites,
  kind: SubmissionKind<PrintInput, PrintOutcome>,
  input: ProofRequestInput,
  mutation: MutationRequest,
): Promise<Submitted<PrintOutcome>> {
  const { store, client, directory, clock } = surroundings;
  const { account } = directory.operator(input.operator);
  const known = await writes.known<PrintOutcome>(mutation);
  if (known) return known;
  checkForm(input);
  const { caseId } = input;
  const { applicant } = await readCase(store, caseId, { items: [ITEM] });
  const wanted: Wanted = {
    purpose: input.purpose,
    applicationForm: await nextForm(surroundings),
    ...(input.certificateNumber != null && { certificateNumber: input.certificateNumber }),
    ...(input.unitNumber != null && { unitNumber: input.unitNumber }),
  };
  const query = await queryOwned(client, applicant, wanted);
  return writes.submit(kind, {
    mutation,
    caseId,
    operator: account,
    input: { kind: input.kind, applicant, wanted, query },
    async check(tx) {
      await caseFor(tx, store, caseId, { items: [ITEM] });
      await refuseSecond(surroundings, tx, caseId);
      await tellCase(tx, store.tasks, { caseId, kind: 'proof-requested', at: clock(), operator: account });
    },
  });
}

function checkForm({ kind, certificateNumber, unitNumber }: ProofRequestInput): void {
  if (certificateNumber != null && unitNumber != null) {
    throw invalidInput('input.unitNumber', {
      en: 'give either a certificate or a unit, or neither for all that the applicant has.',
      zh: '不动产权证号与单元号只能填写一项，均不填则查询申请人名下全部。',
    });
  }
  if (kind !== PROOF_KIND.HOUSING || (certificateNumber ?? unitNumber) == null) return;
  throw invalidInput(certificateNumber == null ? 'input.unitNumber' : 'input.certificateNumber', {
    en: 'does not go with a housing certificate, which is about all that the applicant has.',
    zh: '有房无房证明以申请人名下全部登记为准，不得限定不动产。',
  });
}

/** CXSQSBH: SQ, the day, a counter of the day with six digits. */
async function nextForm({ store, clock }: Surroundings): Promise<string> {
  const day = chinaCompactDate(clock());
  const serial = await store.counter.next(`${DEPARTMENT}/application-form/${day}`);
  return `SQ${day}${String(serial).padStart(6, '0')}`;
}

/** A second paper for one case would be another proof of the same: there is one, or one is under way. */
async function refuseSecond({ store }: Surroundings, tx: WriteTransaction, caseId: string): Promise<void> {
  const submissions = (await store.submissions.ofCases([caseId], tx)).get(caseId) ?? [];
  const may = submissions.some(
    ({ kind, state }) => kind === PROOF && ['done', 'sending', 'unknown', 'manual'].includes(state),
  );
  if (!may) return;
  throw invalidInput('input.caseId', {
    en: 'a proof of this case is there or being printed; look at its submissions.',
    zh: '该办件的证明已出具或正在出具，请查看报送状态。',
  });
}

async function print(surroundings: Surroundings, input: PrintInput, submissionId: string): Promise<PrintOutcome> {
  const { store, clock } = surroundings;
  const proof = await printed(surroundings, input);
  const number = await store.write(async (tx) => {
    const submission = await store.submissions.byId(submissionId, tx);
    if (!submission?.caseId) throw new Error('a proof without its case');
    return store.documents.keep(tx, {
      caseId: submission.caseId,
      submissionId,
      kind: input.kind,
      number: proof.proofNumber,
      bytes: proof.pdf,
      facts: {
        name: proof.name,
        idNumber: input.applicant.idNumber,
        issuedAt: instantFromChina(proof.issuedAt),
        validUntil: proof.validUntil,
        statement: proof.statement,
        houses: proof.records,
        checkCharacters: proof.checkCharacters,
        verificationUrl: proof.verificationUrl,
      } satisfies ProofFacts,
      at: clock(),
    });
  });
  return { number, houses: input.query.houses };
}

/** The registry's document; the adapter has checked its digest. */
function printed({ client, areaCode }: Surroundings, { kind, applicant, wanted, query }: PrintInput): Promise<Proof> {
  const request = {
    ...applicant,
    idType: DOCUMENT_TYPE.IDENTITY_CARD,
    queryNumber: query.queryNumber,
    purpose: wanted.purpose,
  };
  return kind === PROOF_KIND.HOUSING
    ? client.printHousingProof({ ...request, districts: [areaCode] })
    : client.printQueryProof(request);
}

/**
 * Has the same query printed again, which gives the same paper while the query is fresh. Later the registry wants it asked anew
 * (2003: query again, then print): the paper that nobody got, if there was one, proves nothing to anybody. A question whose own answer
 * is lost or wrong is counted, since each may print one more.
 */
async function settled(
  surroundings: Surroundings,
  input: PrintInput,
  { id, caseId }: Submission,
): Promise<Settled<PrintOutcome>> {
  const { store, client } = surroundings;
  const kept = await store.documents.bySubmission(id);
  if (kept) return { state: 'done', outcome: { number: kept.number, houses: input.query.houses } };
  try {
    return { state: 'done', outcome: await print(surroundings, input, id) };
  } catch (error) {
    if (!isQueryTooOld(error)) return afterFailure(error);
  }
  try {
    // Nothing new is printed for a case that has ended meanwhile.
    await readCase(store, caseId ?? '', { items: [ITEM] });
    const query = await queryOwned(client, input.applicant, input.wanted);
    return { state: 'done', outcome: await print(surroundings, { ...input, query }, id) };
  } catch (error) {
    return afterFailure(error);
  }
}

function afterFailure(error: unknown): Settled<PrintOutcome> {
  if (isFinal(error)) return { state: 'not-done' };
  if (wasNotAsked(error) || !(error instanceof CasegraphError)) throw error;
  return { state: 'unknown' };
}
