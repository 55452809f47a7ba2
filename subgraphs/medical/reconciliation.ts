import type {
  ComparedRow,
  DetailsCompared,
  ReconciliationDetails,
  ReconciliationTotals,
  TotalsCompared,
} from '../../adapters/medical-insurance/records/reconciliation.ts';
import { knownCode } from '../codes.ts';
import { formInput, invalidInput, periodInput, textInput } from '../invalid-input.ts';
import type { Resolver, Resolvers } from '../schema.ts';
import type { MedicalContext } from './loaders.ts';

/** stmt_rslt (medical-insurance 3.13). */
export const RECONCILIATION_RESULT = {
  EQUAL: '0',
  CENTRE_HAS_MORE: '1',
  HOSPITAL_HAS_MORE: '2',
  AMOUNTS_DIFFER: '3',
} as const;

const MOST_SETTLEMENTS = 999_999_999;

interface Statement {
  readonly clearingType: string;
  readonly clearingOffice: string;
  readonly from: string;
  readonly to: string;
  readonly refunded: boolean;
}

interface TotalsInput extends Statement {
  readonly insuranceKind: string;
  readonly count: number;
  readonly total: number;
  readonly fundTotal: number;
  readonly accountPaid: number;
}

interface StatementInput extends Statement {
  readonly cashPaid: number;
  readonly settlements: readonly {
    readonly settlementId: string;
    readonly visitId: string;
    readonly personNumber: string;
    readonly total: number;
    readonly fundTotal: number;
    readonly accountPaid: number;
    readonly refunded: boolean;
  }[];
}

/** Reconciliation (对账), of sums and of single settlements (medical-insurance 3.13). It compares and books nothing. */
export const reconciliationQueries: Readonly<Record<string, Resolver>> = {
  medicalTotalsReconciliation: (_: unknown, { totals }: { totals: TotalsInput }, { totalsCompared }: MedicalContext) =>
    totalsCompared(totalsQuestion(totals)),
  medicalDetailsReconciliation: (
    _: unknown,
    { statement }: { statement: StatementInput },
    { detailsCompared }: MedicalContext,
  ) => detailsCompared(detailsQuestion(statement)),
};

export const reconciliationTypes: Resolvers = {
  MedicalTotalsReconciliation: {
    result: ({ result }: TotalsCompared) => knownCode(RECONCILIATION_RESULT, result),
    resultCode: ({ result }: TotalsCompared) => result,
  },
  MedicalDetailsReconciliation: {
    agrees: ({ rows }: DetailsCompared) => rows.every(isEqual),
    settlements: ({ rows }: DetailsCompared) => rows,
    fileNumber: ({ fileQueryNumber }: DetailsCompared) => fileQueryNumber,
  },
  ReconciledSettlement: {
    // The hospital's id of a settlement is the message id of the call that settled it (medical-insurance 3.11).
    providerSettlementId: ({ messageId }: ComparedRow) => messageId,
    agrees: isEqual,
    result: ({ result }: ComparedRow) => knownCode(RECONCILIATION_RESULT, result),
    resultCode: ({ result }: ComparedRow) => result,
    total: ({ totalFen }: ComparedRow) => totalFen,
    fundTotal: ({ fundTotalFen }: ComparedRow) => fundTotalFen,
    accountPaid: ({ accountFen }: ComparedRow) => accountFen,
  },
  MedicalReconciliationResult: RECONCILIATION_RESULT,
};

function isEqual({ result }: Pick<ComparedRow, 'result'>): boolean {
  return result === RECONCILIATION_RESULT.EQUAL;
}

function totalsQuestion(totals: TotalsInput): ReconciliationTotals {
  if (totals.count < 0 || totals.count > MOST_SETTLEMENTS) {
    throw invalidInput('totals.count', {
      en: `must be from 0 to ${MOST_SETTLEMENTS}.`,
      zh: `应为0至${MOST_SETTLEMENTS}。`,
    });
  }
  return {
    ...checkedStatement('totals', totals),
    insuranceKind: textInput('totals.insuranceKind', totals.insuranceKind, 6),
    count: totals.count,
    totalFen: totals.total,
    fundTotalFen: totals.fundTotal,
    accountFen: totals.accountPaid,
  };
}

function detailsQuestion(statement: StatementInput): ReconciliationDetails {
  const { settlements } = statement;
  if (settlements.length === 0) {
    throw invalidInput('statement.settlements', { en: 'must hold one settlement at least.', zh: '应至少有一笔结算。' });
  }
  return {
    ...checkedStatement('statement', statement),
    cashFen: statement.cashPaid,
    rows: settlements.map((settlement, index) => {
      const at = `statement.settlements.${index}`;
      return {
        settlementId: keyInput(`${at}.settlementId`, settlement.settlementId),
        visitId: keyInput(`${at}.visitId`, settlement.visitId),
        personNumber: keyInput(`${at}.personNumber`, settlement.personNumber),
        totalFen: settlement.total,
        fundTotalFen: settlement.fundTotal,
        accountFen: settlement.accountPaid,
        refunded: settlement.refunded,
      };
    }),
  };
}

function checkedStatement(at: string, { clearingType, clearingOffice, from, to, refunded }: Statement): Statement {
  periodInput(`${at}.to`, { from, to });
  return {
    clearingType: textInput(`${at}.clearingType`, clearingType, 6),
    clearingOffice: formInput(`${at}.clearingOffice`, clearingOffice, /^\d{6}$/, {
      en: 'must be six digits.',
      zh: '应为6位数字。',
    }),
    from,
    to,
    refunded,
  };
}

/** A key of the platform stands in a row of a file: it holds no separator. */
function keyInput(field: string, key: string): string {
  return formInput(field, key, /^\S{1,30}$/u, {
    en: 'must have 1 to 30 characters and no white space.',
    zh: '应为1至30个字符，不含空白。',
  });
}
