import { CasegraphError } from '../transport/errors.ts';
import { DEPARTMENT } from './errors.ts';
import type { MedicalInsuranceSettings } from './settings.ts';

/** One transaction of the platform (交易, wire spec 3). */
export interface Transaction {
  /** infno 交易编号. */
  readonly number: string;
  /** Reading calls may be repeated with a new message id (wire spec 4, second table). */
  readonly mode: 'read' | 'write';
  /** Path of address form 2, where one is known (wire spec 1.1; the misspellings are the platform's). */
  readonly path?: string;
  /** Takes as long as a settlement though it only reads. */
  readonly slow?: boolean;
  /** The refusal by which it says that there is nothing of the kind. */
  readonly absence?: 'not-found' | 'nothing-to-reverse' | 'nothing-to-take-back';
  /** Its envelope names nobody, so no insured region either: 9001 and 9002 of the golden exchanges. */
  readonly impersonal?: boolean;
  /** The answer may be bare bytes. */
  readonly binary?: boolean;
}

export const TRANSACTIONS = {
  signIn: { number: '9001', mode: 'read', impersonal: true, path: '/fsi/api/signInSignOutService/signIn' },
  signOut: { number: '9002', mode: 'write', impersonal: true },
  person: { number: '1101', mode: 'read', absence: 'not-found', path: '/fsi/api/fsiPsnInfoService/queryPsnInfo' },
  benefit: { number: '2001', mode: 'read', path: '/fsi/api/fsiPsnPriorityInfoService/queryPsnPriorityInfo' },
  fees: { number: '2301', mode: 'write', path: '/fsi/api/hospFeeDtlService/feeDtlUp' },
  takeBackFees: {
    number: '2302',
    mode: 'write',
    absence: 'nothing-to-take-back',
    path: '/fsi/api/hospFeeDtlService/feeDtlCl',
  },
  trial: { number: '2303', mode: 'read', slow: true, path: '/fsi/api/hospSettService/preSett' },
  settle: { number: '2304', mode: 'write', path: '/fsi/api/hospSettService/settV2' },
  cancelSettlement: { number: '2305', mode: 'write', path: '/fsi/api/hospSettService/settCl' },
  admit: { number: '2401', mode: 'write', path: '/fsi/api/hospitalRegisterService/hospitalRegisterSave' },
  cancelAdmission: { number: '2404', mode: 'write', path: '/fsi/api/hospitalRegisterService/hospitalRegisterCancel' },
  fileReferral: { number: '2501', mode: 'write' },
  cancelReferral: { number: '2502', mode: 'write' },
  fileChronicDisease: { number: '2503', mode: 'write' },
  cancelChronicDisease: { number: '2504', mode: 'write' },
  fileFixedProvider: { number: '2505', mode: 'write' },
  cancelFixedProvider: { number: '2506', mode: 'write' },
  reverse: {
    number: '2601',
    mode: 'write',
    absence: 'nothing-to-reverse',
    path: '/fsi/api/reverseService/revsMethod',
  },
  totals: { number: '3201', mode: 'read', path: '/fsi/api/ybSettlementStmtService/stmtTotal' },
  details: { number: '3202', mode: 'read', path: '/fsi/api/ybSettlementStmtService/stmtDetail' },
  settlement: { number: '5203', mode: 'read', path: '/fsi/api/fsiIntegratedQueryService/querySetlInfo' },
  chronicDiseases: { number: '5301', mode: 'read', path: '/fsi/api/fsiIntegratedQueryService/queryPsnOpspReg' },
  fixedProviders: { number: '5302', mode: 'read' },
  visits: { number: '5303', mode: 'read', path: '/fsi/api/fsiIntegratedQueryService/queryInhospInfo' },
  referrals: { number: '5304', mode: 'read' },
  upload: { number: '9101', mode: 'read', path: '/fsi/api/fileupload/upload' },
  download: { number: '9102', mode: 'read', binary: true, path: '/fsi/api/fileupload/download' },
} as const satisfies Record<string, Transaction>;

/** The three placeholders for people who live outside their insured region; `FORBIDDEN` while the setting is off (wire spec 3.4). */
export function assumedTransaction(
  settings: MedicalInsuranceSettings['assumedTransactions'],
  act: 'apply' | 'cancel' | 'query',
): Transaction {
  if (!settings.enabled) {
    throw new CasegraphError(
      'FORBIDDEN',
      'The platform has no known transaction for this filing; the assumed ones are off (assumedTransactions.enabled).',
      { department: DEPARTMENT, field: 'assumedTransactions.enabled' },
    );
  }
  return { number: settings[act], mode: act === 'query' ? 'read' : 'write' };
}

/** 2302 and 2404, whose tables are designed here (README, *Taking back*); `FORBIDDEN` while the setting is off. */
export function takingBackTransaction(
  settings: MedicalInsuranceSettings['takingBack'],
  act: 'takeBackFees' | 'cancelAdmission',
): Transaction {
  const transaction = TRANSACTIONS[act];
  if (settings.enabled) return transaction;
  throw new CasegraphError(
    'FORBIDDEN',
    `The tables of transaction ${transaction.number} are not confirmed; taking back is off (takingBack.enabled).`,
    { department: DEPARTMENT, field: 'takingBack.enabled' },
  );
}

/** One dispatcher for all transactions (wire spec 1.1, form 1). */
const DISPATCHER = '/fsi/api/rsfComIfsService/callService';

/** Where a transaction is posted to, prefix of the base address included (wire spec 1.1). */
export function pathOf(
  transaction: Transaction,
  settings: Pick<MedicalInsuranceSettings, 'baseUrl' | 'addressForm' | 'paths'>,
): string {
  const { pathname } = new URL(settings.baseUrl);
  const prefix = pathname.replace(/\/$/, '');
  switch (settings.addressForm) {
    case 'dispatcher':
      return prefix + DISPATCHER;
    case 'suffix':
      return `${pathname === '/' ? '/' : pathname}${transaction.number}`;
    case 'per-transaction': {
      const path = settings.paths[transaction.number] ?? transaction.path;
      if (path !== undefined) return prefix + path;
      throw new CasegraphError('FORBIDDEN', `No path is known for transaction ${transaction.number} (setting paths).`, {
        department: DEPARTMENT,
        field: `paths.${transaction.number}`,
      });
    }
  }
}
