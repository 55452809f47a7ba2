import { birthDate } from '../../../adapters/identifiers/id-number.ts';
import { findOutOfArea, findOutOfAreaCancellation } from '../../../adapters/medical-insurance/finding-out/filings.ts';
import type {
  OutOfAreaCategory,
  OutOfAreaFiling,
  OutOfAreaFilingRequest,
} from '../../../adapters/medical-insurance/records/filing.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { chinaDate } from '../../../adapters/values/china-time.ts';
import { invalidInput, textInput } from '../../invalid-input.ts';
import { caseFor, readCase } from '../../services/case-for.ts';
import type { MutationInput } from '../../services/mutation.ts';
import {
  type AgentInput,
  agentInput,
  ageOn,
  optionalText,
  phoneInput,
  regionElsewhere,
  validityInput,
} from '../forms/form-fields.ts';
import { checkHandler, delegateFor, VILLAGE_OR_BUREAU } from './delegation.ts';
import type { FilingInput, FilingTraits } from './filing.ts';
import type { CancellationTraits } from './filing-cancellation.ts';
import type { Prepared } from './handling.ts';
import { insuredApplicant } from './insured-applicant.ts';
import { checkNotFiled, type FilingNames } from './single-filing.ts';
import { ITEMS, type ServiceSurroundings, SYSTEM } from './surroundings.ts';

export interface FileOutOfAreaInput extends MutationInput {
  readonly caseId: string;
  readonly destination: string;
  readonly destinationAddress: string;
  readonly phone: string;
  readonly from: string;
  readonly to?: string | null;
  readonly insuranceKind?: string | null;
  readonly employer?: string | null;
  readonly agent?: AgentInput | null;
  readonly note?: string | null;
}

/** 异地安置退休人员, 异地长期居住人员, 常驻异地工作人员: what is filed follows from the item. */
const CATEGORY_OF_ITEM: Readonly<Record<string, OutOfAreaCategory>> = {
  S07: 'settled-retiree',
  S08: 'long-term-resident',
  S09: 'posted-worker',
};

const NAMES: FilingNames = {
  filing: 'file-out-of-area',
  cancellation: 'cancel-out-of-area',
  reference: 'out-of-area-filing',
};

/** Of age at 18; who is not can only live elsewhere with their family, and applies through them. */
const OF_AGE = 18;

/** The platform's query wants a period; this is any. */
const EVER = { from: '2010-01-01', to: '2099-12-31' };

/** Assumed transactions (medical-insurance 3.4). */
export function outOfAreaTraits({ client }: Pick<ServiceSurroundings, 'client'>): FilingTraits<OutOfAreaFilingRequest> {
  return {
    name: NAMES.filing,
    referenceKind: NAMES.reference,
    event: 'filing-recorded',
    certificate: '异地就医备案',
    values: () => ({}),
    file: (request, options) => client.fileOutOfArea(request, options),
    find: (request, messageId, options) => findOutOfArea(client, request, messageId, options),
  };
}

export function outOfAreaCancellation({ client }: Pick<ServiceSurroundings, 'client'>): CancellationTraits {
  return {
    name: NAMES.cancellation,
    items: ITEMS.outOfArea,
    levels: VILLAGE_OR_BUREAU,
    referenceKind: NAMES.reference,
    event: 'filing-cancelled',
    cancel: (cancellation, options) => client.cancelOutOfArea(cancellation, options),
    find: ({ cancellation }, messageId, options) => findOutOfAreaCancellation(client, cancellation, messageId, options),
  };
}

/** Checks the form, looks the applicant up, and makes sure that the same is not filed already. */
export async function prepareOutOfArea(
  surroundings: ServiceSurroundings,
  given: FileOutOfAreaInput,
  signal: AbortSignal,
): Promise<Prepared<FilingInput<OutOfAreaFilingRequest>>> {
  const { client, store, clock } = surroundings;
  const { caseId } = given;
  const wanted = { items: ITEMS.outOfArea };
  const delegate = delegateFor(surroundings, given.operator, { levels: VILLAGE_OR_BUREAU });
  const form = {
    destinationAddress: textInput('input.destinationAddress', given.destinationAddress, 200),
    phone: phoneInput('input.phone', given.phone),
    employer: optionalText('input.employer', given.employer, 200),
    // The category's own beginning comes before it.
    memo: optionalText('input.note', given.note, 400),
    ...validityInput('input', given),
    ...(given.agent && { agent: agentInput('input.agent', given.agent) }),
  };
  const work = await readCase(store, caseId, wanted);
  checkHandler(delegate, work);
  await checkNotFiled(surroundings, caseId, NAMES);
  const category = CATEGORY_OF_ITEM[work.case.itemId];
  if (!category) throw new Error(`no category of filing belongs to ${work.case.itemId}`);
  checkAge(category, ageOn(work.applicant.idNumber, chinaDate(clock())), form.agent !== undefined);

  const { institution } = delegate;
  const { person, insurance, reference } = await insuredApplicant(surroundings, work, given.insuranceKind, {
    institution,
    signal,
  });
  const destination = regionElsewhere('input.destination', given.destination, insurance.region);
  const { employer = category === 'posted-worker' ? insurance.employer : undefined, memo, ...rest } = form;
  const request: OutOfAreaFilingRequest = {
    ...reference,
    ...rest,
    category,
    insuranceKind: insurance.kind,
    idNumber: work.applicant.idNumber,
    name: person.name,
    sex: known('gend', person.sex),
    nation: known('naty', person.nation),
    birthDate: birthDate(work.applicant.idNumber),
    destination,
    ...(employer != null && { employer }),
    ...(memo !== undefined && { memo }),
  };
  const listed = await client.outOfAreaFilings({ ...reference, ...EVER }, { institution, signal });
  if (listed.some((filing) => isInTheWay(filing, request))) {
    throw invalidInput('input.destination', {
      en: 'is filed already for a part of this time.',
      zh: '该备案地在此期间已有有效备案。',
    });
  }
  return {
    input: { institution, request },
    async check(tx) {
      await caseFor(tx, store, caseId, wanted);
      await checkNotFiled(surroundings, caseId, NAMES, tx);
    },
  };
}

function checkAge(category: OutOfAreaCategory, age: number, hasAgent: boolean): void {
  if (age >= OF_AGE) return;
  if (category !== 'long-term-resident') {
    throw invalidInput('input.caseId', {
      en: 'has a minor as its applicant, who is neither retired nor posted elsewhere.',
      zh: '申请人未成年，不能办理此类备案。',
    });
  }
  if (!hasAgent) {
    throw invalidInput('input.agent', {
      en: 'is needed: a minor applies through a guardian.',
      zh: '申请人未成年，须由监护人代办，请填写代办人。',
    });
  }
}

/** What the filing repeats of the person's own record. */
function known(member: string, value: string | null): string {
  if (value !== null) return value;
  const field = `output.baseinfo.${member}`;
  throw new CasegraphError('DEPARTMENT_PROTOCOL', `${field}: is missing, and the filing needs it.`, {
    department: SYSTEM,
    field,
  });
}

function isInTheWay(filing: OutOfAreaFiling, { destination, from, to }: OutOfAreaFilingRequest): boolean {
  return (
    filing.valid !== false &&
    filing.destination === destination &&
    (filing.to === null || filing.to >= from) &&
    (to === undefined || filing.from <= to)
  );
}
