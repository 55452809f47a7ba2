import {
  findChronicDisease,
  findChronicDiseaseCancellation,
} from '../../../adapters/medical-insurance/finding-out/filings.ts';
import type { ChronicDiseaseFilingRequest } from '../../../adapters/medical-insurance/records/filing.ts';
import { chinaDate } from '../../../adapters/values/china-time.ts';
import { invalidInput, textInput } from '../../invalid-input.ts';
import { caseFor, readCase } from '../../services/case-for.ts';
import type { MutationInput } from '../../services/mutation.ts';
import { entryInput, hospitalInput, optionalText, pastDay, phoneInput, validityInput } from '../forms/form-fields.ts';
import { checkHandler, delegateFor, VILLAGE_OR_BUREAU } from './delegation.ts';
import { ofKind } from './earlier-writes.ts';
import type { FilingInput, FilingTraits } from './filing.ts';
import type { CancellationTraits } from './filing-cancellation.ts';
import type { Prepared } from './handling.ts';
import { insuredApplicant } from './insured-applicant.ts';
import { checkNotFiled, type FilingNames } from './single-filing.ts';
import { ITEMS, type ServiceSurroundings } from './surroundings.ts';

export interface FileChronicDiseaseInput extends MutationInput {
  readonly caseId: string;
  readonly disease: { readonly code: string; readonly name: string };
  readonly hospital: { readonly code: string; readonly name: string };
  readonly doctor: { readonly code: string; readonly name: string };
  readonly identifiedOn: string;
  readonly from: string;
  readonly to?: string | null;
  readonly insuranceKind?: string | null;
  readonly phone?: string | null;
  readonly address?: string | null;
}

/** The bureau's decision, kept as a submission of the case. */
export const DECISION = 'decide-chronic-disease';

export interface DecisionOutcome {
  readonly approved: boolean;
}

export const CHRONIC_NAMES: FilingNames = {
  filing: 'file-chronic-disease',
  cancellation: 'cancel-chronic-disease',
  reference: 'chronic-disease-filing',
};

/** 2503 (medical-insurance 3.5). The decision comes later, and with it the certificate. */
export function chronicDiseaseTraits({
  client,
}: Pick<ServiceSurroundings, 'client'>): FilingTraits<ChronicDiseaseFilingRequest> {
  return {
    name: CHRONIC_NAMES.filing,
    referenceKind: CHRONIC_NAMES.reference,
    event: 'chronic-filed',
    values: ({ diseaseCode }) => ({ diseaseCode }),
    file: (request, options) => client.fileChronicDisease(request, options),
    find: (request, messageId, options) => findChronicDisease(client, request, messageId, options),
  };
}

/** 2504: until the bureau has approved (medical-insurance 3.5). What was refused is taken off the platform by it. */
export function chronicDiseaseCancellation({
  client,
  clock,
}: Pick<ServiceSurroundings, 'client' | 'clock'>): CancellationTraits {
  return {
    name: CHRONIC_NAMES.cancellation,
    items: ITEMS.chronicDisease,
    levels: VILLAGE_OR_BUREAU,
    referenceKind: CHRONIC_NAMES.reference,
    event: 'chronic-cancelled',
    cancel: (cancellation, options) => client.cancelChronicDisease(cancellation, options),
    find({ cancellation: { personNumber, insuredRegion }, reference: { values } }, messageId, options) {
      const { diseaseCode } = values;
      const today = chinaDate(clock());
      const filing = { personNumber, insuredRegion, diseaseCode };
      return findChronicDiseaseCancellation(client, filing, today, messageId, options);
    },
    check(done) {
      if (!ofKind(done, DECISION).some(({ outcome }) => (outcome as DecisionOutcome).approved)) return;
      throw invalidInput('input.caseId', {
        en: 'has a filing that the bureau has approved; it can no longer be cancelled.',
        zh: '该病种待遇已认定，不能再撤销备案。',
      });
    },
  };
}

/** Checks the form, looks the applicant up, and makes sure that the disease is not recognised already. */
export async function prepareChronicDisease(
  surroundings: ServiceSurroundings,
  given: FileChronicDiseaseInput,
  signal: AbortSignal,
): Promise<Prepared<FilingInput<ChronicDiseaseFilingRequest>>> {
  const { client, store, clock } = surroundings;
  const { caseId, from } = given;
  const wanted = { items: ITEMS.chronicDisease };
  const delegate = delegateFor(surroundings, given.operator, { levels: VILLAGE_OR_BUREAU });
  const disease = entryInput('input.disease', given.disease, { code: 30, name: 300 });
  const doctor = entryInput('input.doctor', given.doctor, { code: 30, name: 50 });
  const address = optionalText('input.address', given.address, 200);
  const form = {
    diseaseCode: disease.code,
    diseaseName: disease.name,
    providerCode: hospitalInput('input.hospital.code', given.hospital.code).code,
    providerName: textInput('input.hospital.name', given.hospital.name, 200),
    identifiedOn: pastDay('input.identifiedOn', given.identifiedOn, chinaDate(clock())),
    doctorCode: doctor.code,
    doctorName: doctor.name,
    ...validityInput('input', given),
    ...(given.phone != null && { phone: phoneInput('input.phone', given.phone) }),
    ...(address !== undefined && { address }),
  };
  if (from < form.identifiedOn) {
    throw invalidInput('input.from', { en: 'must not lie before identifiedOn.', zh: '不应早于医院鉴定日期。' });
  }
  const work = await readCase(store, caseId, wanted);
  checkHandler(delegate, work);
  await checkNotFiled(surroundings, caseId, CHRONIC_NAMES);

  const { institution } = delegate;
  const asking = { institution, signal };
  const { insurance, reference } = await insuredApplicant(surroundings, work, given.insuranceKind, asking);
  const listed = await client.chronicDiseaseFilings(reference, asking);
  if (listed.some(({ diseaseCode, to }) => diseaseCode === disease.code && (to === null || to >= from))) {
    throw invalidInput('input.disease.code', {
      en: 'is filed or recognised for this person already.',
      zh: '该病种已备案或已认定。',
    });
  }
  return {
    input: { institution, request: { ...reference, ...form, insuranceKind: insurance.kind } },
    async check(tx) {
      await caseFor(tx, store, caseId, wanted);
      await checkNotFiled(surroundings, caseId, CHRONIC_NAMES, tx);
    },
  };
}
