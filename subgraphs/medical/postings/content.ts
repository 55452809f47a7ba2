import type { IdNumber } from '../../../adapters/identifiers/id-number.ts';
import type { ReferralFiling } from '../../../adapters/medical-insurance/records/filing.ts';
import type { BenefitQuestion } from '../../../adapters/medical-insurance/records/person.ts';
import type {
  Admission,
  FeeRow,
  MaternityAdmission,
  SettlementRequest,
} from '../../../adapters/medical-insurance/records/settlement.ts';

/** What a posting is about, as the store has it. */
export type PostingKind = 'referral' | 'maternity-settlement';

export interface PostingPatient {
  readonly idNumber: IdNumber;
  readonly name: string;
  readonly phone?: string;
  readonly address?: string;
}

/** What only 1101 tells: whose it is and where they are insured. */
type OfThePerson = 'personNumber' | 'insuredRegion' | 'insuranceKind';

/** What is kept of a posting's entry (sealed): the form as checked, in the words of the adapter; the person is looked up when it is sent. */
export type PostingContent = ReferralContent | MaternityContent;

export interface ReferralContent {
  readonly kind: 'referral';
  readonly patient: PostingPatient;
  /** The insurance to work under; the basic insurance in force when absent. */
  readonly insuranceKind?: string;
  /** `toRegion` is the receiving hospital's; whether it lies elsewhere than the patient is insured is known only after 1101. */
  readonly filing: Omit<ReferralFiling, OfThePerson> & { readonly to: string };
}

export interface MaternityContent {
  readonly kind: 'maternity-settlement';
  readonly patient: PostingPatient;
  readonly insuranceKind?: string;
  /** 2001. */
  readonly benefit: Pick<BenefitQuestion, 'medType' | 'from' | 'maternityType' | 'birthControlType'>;
  /** 2401, with the identity card as the certificate. */
  readonly admission: Omit<Admission, OfThePerson> & { readonly maternity: MaternityAdmission };
  /** 2301. Serials are each there once; the sum of the amounts is `settlement.totalFen`. */
  readonly fees: readonly FeeRow[];
  readonly settlement: PostedSettlement;
}

/** 2303 and 2304, as far as the hospital says. */
export interface PostedSettlement extends Required<Pick<SettlementRequest, 'totalFen' | 'useAccount' | 'way'>> {
  readonly invoice?: string;
  /** What the hospital told the patient; the trial must say the same. */
  readonly expected?: { readonly fundTotalFen?: number; readonly cashFen?: number };
}
