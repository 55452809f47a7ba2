import { dayOf, momentOfText } from '../calendar.ts';
import { openCase } from '../case-file.ts';
import { FIRST_PEOPLES, type Hospital, MATERNAL_AND_CHILD } from '../hospitals.ts';
import type { Life } from '../life.ts';
import { everydayCase } from '../lives/everyday-cases.ts';
import { type SettlementPlan, settle, stay } from '../maternity.ts';
import { type Insured, insure } from '../medical.ts';
import { flatOf, houseOf } from './homes.ts';
import type { Story } from './story.ts';

/** Stories of maternity costs: where the fund stands, and what a refund looks like. */
export const MOTHERS: readonly Story[] = [
  {
    name: 'mother-fund-merged',
    text: "A teacher whose birth at the Maternal and Child Hospital was paid by the employees' pool (310100), into which maternity is merged.",
    person: { name: '章雨涵', sex: 'female', born: '1996-04-11', sequence: 910 },
    home: flatOf('永安街道', 6, 4, [7, 15, 4]),
    tell(life) {
      everydayCase(life, 'O04', dayOf('2025-10-14'));
      const insured = employed(life, '咸安区示例小学（虚构）', 123_456, false);
      birth(life, insured, MATERNAL_AND_CHILD, {
        from: '2026-03-05 06:20:00',
        to: '2026-03-09 11:05:00',
        settlements: [
          {
            fund: 'employee-pool',
            settledAt: momentOfText('2026-03-09 10:15:41'),
            bill: {
              fullySelfPaidFen: 32_000,
              firstSelfPaidFen: 18_000,
              inScopeFen: 642_050,
              fundFen: 593_250,
              accountFen: 50_000,
            },
            balanceFen: 123_456,
            paidAt: '2026-03-12 15:30:00',
          },
        ],
      });
    },
  },
  {
    name: 'mother-own-fund-line',
    text: 'An accountant whose settlement shows the maternity fund in its own line (510100), as some installations still do.',
    person: { name: '阮静怡', sex: 'female', born: '1993-09-27', sequence: 912 },
    home: flatOf('温泉街道', 4, 5, [1, 6, 1]),
    tell(life) {
      everydayCase(life, 'O04', dayOf('2025-08-20'));
      const insured = employed(life, '咸安温塘旅游公司（虚构）', 88_030, true);
      birth(life, insured, FIRST_PEOPLES, {
        from: '2026-02-04 22:10:00',
        to: '2026-02-09 10:40:00',
        settlements: [
          {
            fund: 'own',
            settledAt: momentOfText('2026-02-09 09:50:12'),
            bill: {
              fullySelfPaidFen: 45_080,
              firstSelfPaidFen: 26_000,
              inScopeFen: 815_000,
              fundFen: 774_250,
              accountFen: 80_000,
            },
            balanceFen: 88_030,
            paidAt: '2026-02-25 10:12:00',
          },
        ],
      });
    },
  },
  {
    name: 'mother-settlement-refunded',
    text: 'A shop assistant whose first settlement was refunded because fees had been uploaded twice; the second is under review.',
    person: { name: '舒梦琪', sex: 'female', born: '1998-01-15', sequence: 914 },
    home: houseOf('双溪桥镇', 202, 7),
    tell(life) {
      const insured = employed(life, '咸宁竹海食品有限公司（虚构）', 40_210, false);
      birth(life, insured, MATERNAL_AND_CHILD, {
        from: '2026-03-18 03:35:00',
        to: '2026-03-23 10:20:00',
        settlements: [
          {
            fund: 'employee-pool',
            settledAt: momentOfText('2026-03-20 16:31:07'),
            bill: {
              fullySelfPaidFen: 40_000,
              firstSelfPaidFen: 20_000,
              inScopeFen: 927_000,
              fundFen: 843_600,
              accountFen: 35_000,
            },
            balanceFen: 37_210,
            voidedAt: '2026-03-20 17:02:00',
          },
          {
            fund: 'employee-pool',
            settledAt: momentOfText('2026-03-23 09:46:30'),
            bill: {
              fullySelfPaidFen: 30_000,
              firstSelfPaidFen: 15_000,
              inScopeFen: 609_000,
              fundFen: 554_190,
              accountFen: 32_000,
            },
            balanceFen: 40_210,
          },
        ],
      });
    },
  },
];

function employed(life: Life, employer: string, balanceFen: number, ownMaternity: boolean): Insured {
  return insure(life, { as: 'employee', since: '2019-07-01', employer, balanceFen, ownMaternity });
}

interface Birth {
  readonly from: string;
  readonly to: string;
  /** Each has a case of its own; refunded when its case was voided, open when nothing was paid out yet. */
  readonly settlements: readonly (Omit<SettlementPlan, 'hospital' | 'refunded'> & {
    readonly paidAt?: string;
    readonly voidedAt?: string;
  })[];
}

function birth(life: Life, insured: Insured, hospital: Hospital, { from, to, settlements }: Birth): void {
  const visit = stay(life, insured, {
    hospital,
    admittedAt: momentOfText(from),
    dischargedAt: momentOfText(to),
    medType: '52',
    departmentName: '产科',
  });
  for (const { paidAt, voidedAt, ...plan } of settlements) {
    const settlement = settle(life, insured, visit, { ...plan, hospital, refunded: voidedAt !== undefined });
    openCase(life, {
      itemId: 'S12',
      channel: 'hospital',
      office: hospital.organisation,
      acceptedAt: plan.settledAt,
      visitsMade: 0,
      references: [settlement],
      ...(paidAt !== undefined && {
        end: { as: 'granted', at: momentOfText(paidAt), explanation: '生育医疗费已拨付' },
      }),
      ...(voidedAt !== undefined && {
        end: { as: 'void', at: momentOfText(voidedAt), explanation: '费用重复上传，结算已撤销，重新结算' },
      }),
    });
  }
}
