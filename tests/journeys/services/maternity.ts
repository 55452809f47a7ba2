import { openCase } from './case-steps.ts';
import { filing, platformDid } from './filings.ts';
import type { Journey } from './journey.ts';

/** S12, 生育医疗费支付: what a hospital does from the admission to the settlement. */

const HOUR_MS = 3_600_000;
/** A moment so many hours ago. */
const ago = (hours: number) => new Date(Date.now() - hours * HOUR_MS).toISOString();

const DEPARTMENT = { code: 'A05.02', name: '产科专业' };
const DOCTOR = { code: 'D421202000045', name: '示例产科医师' };
const FEES = [
  { serial: 'F1', catalogueCode: '003314000020000-331400002', amount: 230_000, quantity: '1', unitPrice: '2300' },
  { serial: 'F2', catalogueCode: '001109000010000-110900001', amount: 30_000, quantity: '5', unitPrice: '60' },
];
const TOTAL = FEES.reduce((sum, { amount }) => sum + amount, 0);

const admit = filing('admitForMaternity', 'AdmitForMaternityInput', ({ caseId }) => ({
  operator: 'hospital',
  admittedAt: ago(30),
  admissionNumber: `ZY${caseId.slice(0, 8)}`,
  department: DEPARTMENT,
  doctor: DOCTOR,
  bed: '12',
  diagnosis: { code: 'O80.000', name: '头位顺产' },
  diagnosisText: '孕39周待产',
  maternity: { weeks: 39, parity: 1, on: ago(24).slice(0, 10) },
}));

const uploadFees = filing('uploadMaternityFees', 'UploadMaternityFeesInput', () => ({
  operator: 'hospital',
  fees: FEES.map((fee) => ({ ...fee, hospitalCode: fee.serial, at: ago(20), department: DEPARTMENT, doctor: DOCTOR })),
}));

const settle = filing('settleMaternity', 'SettleMaternityInput', () => ({ operator: 'hospital', total: TOTAL }));

export const MATERNITY: readonly Journey[] = [
  {
    name: 'S12 from the admission to the settlement',
    itemId: 'S12',
    applicant: 'insured-woman',
    steps: [openCase({ itemId: 'S12', channel: 'HOSPITAL', operator: 'hospital' }), admit, uploadFees, settle],
    ends: {
      status: 'CLOSED',
      steps: [
        ['申请', 'AGREED'],
        ['受理', 'ACCEPTED'],
        ['审核', 'AGREED'],
        ['拨付', 'AGREED'],
        ['办结', 'AGREED'],
      ],
      told: ['allotted', 'a', 's1', 's2', 's3', 's4', 's5', 'r'],
    },
    effects: platformDid('admission', 'fee-upload', 'settlement'),
  },
];
