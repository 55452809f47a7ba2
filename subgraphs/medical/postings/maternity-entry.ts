import { sex } from '../../../adapters/identifiers/id-number.ts';
import { invalidInput } from '../../invalid-input.ts';
import {
  ADMISSION_FORM,
  type AdmissionForm,
  admissionOf,
  checkAdmission,
  maternityTreatment,
} from '../forms/admission-form.ts';
import { checkFees, FEES_FORM, type FeeForm, feeRowOf } from '../forms/fee-form.ts';
import { amount, code, flag, formed, momentAt, text } from '../forms/readers.ts';
import { type Faults, optional, placeIn, type Read, type Reader, shape, withDefault } from '../forms/shape.ts';
import type { MaternityContent, PostedSettlement } from './content.ts';
import { ENTRY_MEMBERS, type EntrySurroundings, headOf } from './entry-members.ts';

/** So many rows of the most that one may cost are still a whole number. */
const MOST_FEN = 1_000_000_000_000;

const treatment = code(6);

const treatmentType: Reader<string> = (value, at, faults) => maternityTreatment(at, treatment(value, at, faults));

const SETTLEMENT = shape({
  total: amount(1, MOST_FEN),
  useAccount: withDefault(flag, true),
  way: withDefault(code(6), '01'),
  invoice: optional(text(20)),
  expected: optional(shape({ fundTotal: optional(amount(0, MOST_FEN)), cashPaid: optional(amount(0, MOST_FEN)) })),
});

export const MATERNITY_ENTRY = shape({
  kind: formed(/^MATERNITY_SETTLEMENT$/, { en: 'must be MATERNITY_SETTLEMENT.', zh: '应为MATERNITY_SETTLEMENT。' }),
  ...ENTRY_MEMBERS,
  treatmentType: withDefault(treatmentType, '52'),
  admission: ADMISSION_FORM,
  fees: FEES_FORM,
  settlement: SETTLEMENT,
});

export type MaternityEntry = Read<typeof MATERNITY_ENTRY>;

type SettlementForm = Read<typeof SETTLEMENT>;

/** What of an entry that was not read whole may be missing. */
export interface MaternityParts {
  readonly patient?: Partial<MaternityEntry['patient']>;
  readonly admission?: Partial<AdmissionForm>;
  readonly fees?: readonly (Partial<FeeForm> | undefined)[];
  readonly settlement?: Partial<SettlementForm>;
}

export function checkMaternityEntry(
  { patient, admission, fees, settlement }: MaternityParts,
  at: string,
  { now: instant }: EntrySurroundings,
  faults: Faults,
): void {
  const now = momentAt(instant);
  if (patient?.idNumber !== undefined && sex(patient.idNumber) !== 'female') {
    faults.add(
      invalidInput(placeIn(at, 'patient.idNumber'), {
        en: 'is of a man, who is not admitted for maternity.',
        zh: '患者为男性，不能办理生育住院。',
      }),
    );
  }
  if (admission) checkAdmission(admission, placeIn(at, 'admission'), now, faults);
  const { admittedAt } = admission ?? {};
  // An admission in the future would make every row wrong with it.
  const begun = admittedAt !== undefined && admittedAt <= now ? admittedAt : undefined;
  if (fees) checkFees(fees, placeIn(at, 'fees'), { admittedAt: begun, now }, faults);
  if (settlement) checkSettlement(settlement, placeIn(at, 'settlement'), fees, faults);
}

/** The total is the sum of the fees, and nobody expects more than it. */
function checkSettlement(
  { total, expected }: Partial<SettlementForm>,
  at: string,
  fees: MaternityParts['fees'],
  faults: Faults,
): void {
  if (total === undefined) return;
  const sum = fees && sumOf(fees);
  if (sum !== undefined && sum !== total) {
    faults.add(
      invalidInput(placeIn(at, 'total'), {
        en: `must be the sum of the fees, which is ${sum} fen.`,
        zh: `应等于费用明细的合计（${sum}分）。`,
      }),
    );
  }
  if ((expected?.fundTotal ?? 0) + (expected?.cashPaid ?? 0) > total) {
    faults.add(
      invalidInput(placeIn(at, 'expected'), { en: 'must not be more than the total.', zh: '合计不应大于医疗费总额。' }),
    );
  }
}

/** Undefined where a row has no amount that could be read, or a row itself could not. */
function sumOf(fees: NonNullable<MaternityParts['fees']>): number | undefined {
  let sum = 0;
  for (const fee of fees) {
    if (fee?.amount === undefined) return undefined;
    sum += fee.amount;
  }
  return sum;
}

export function maternityContent(entry: MaternityEntry): MaternityContent {
  const { patient, treatmentType: medType, fees } = entry;
  const admission = admissionOf(entry.admission);
  const { type: maternityType, birthControlType } = admission.maternity;
  return {
    kind: 'maternity-settlement',
    ...headOf(entry),
    benefit: {
      medType,
      from: admission.admittedAt,
      maternityType,
      ...(birthControlType !== undefined && { birthControlType }),
    },
    admission: {
      ...admission,
      medType,
      certificate: { type: '02', number: patient.idNumber },
      ...(patient.phone !== undefined && { phone: patient.phone }),
    },
    fees: fees.map(feeRowOf),
    settlement: settlementOf(entry.settlement),
  };
}

function settlementOf({ total, useAccount, way, invoice, expected }: SettlementForm): PostedSettlement {
  return {
    totalFen: total,
    useAccount,
    way,
    ...(invoice !== undefined && { invoice }),
    ...(expected && {
      expected: {
        ...(expected.fundTotal !== undefined && { fundTotalFen: expected.fundTotal }),
        ...(expected.cashPaid !== undefined && { cashFen: expected.cashPaid }),
      },
    }),
  };
}
