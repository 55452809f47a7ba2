import { dayOf, dayOfMoment, momentOfText } from '../calendar.ts';
import type { CaseCourse } from '../case-course.ts';
import { openCase } from '../case-file.ts';
import type { Life } from '../life.ts';
import { everydayCase } from '../lives/everyday-cases.ts';
import { insure } from '../medical.ts';
import { BANK_OUTLETS, FINANCE_OFFICE, townOffice } from '../offices.ts';
import { FEES, type NoticePlan, openNotice, type PayMode, paidEnd, paymentReference } from '../payments.ts';
import { DISTRICT_NAME } from '../places.ts';
import { flatOf } from './homes.ts';
import type { Story } from './story.ts';

/** Stories of payments: rent in its four states, and an identity card. */
export const PAYERS: readonly Story[] = [
  {
    name: 'tenant-unpaid-rent',
    text: 'A tenant of a public rental flat who paid January and February and has the March rent still to pay.',
    person: { name: '程志华', sex: 'male', born: '1979-07-02', sequence: 915 },
    home: flatOf('浮山街道', 2, 6, [4, 2, 3]),
    tell(life) {
      insure(life, { as: 'resident', since: '2010-01-01', employer: '', balanceFen: 0 });
      rent(life, {
        month: 1,
        amountFen: 38_500,
        openedAt: '2026-01-12 19:20:10',
        paidAt: '2026-01-12 19:24:00',
        receipt: true,
      });
      rent(life, {
        month: 2,
        amountFen: 38_500,
        openedAt: '2026-02-11 12:40:31',
        paidAt: '2026-02-11 12:42:18',
        receipt: true,
      });
      rent(life, { month: 3, amountFen: 38_500, openedAt: '2026-03-10 18:05:00', dueOn: '2026-04-30' });
    },
  },
  {
    name: 'tenant-paid-with-e-receipt',
    text: 'A tenant with a rare character in her name who pays at a self-service machine in a bank and has e-receipts for both months.',
    person: { name: '余䶮枝', sex: 'female', born: '1970-03-19', sequence: 916 },
    home: flatOf('永安街道', 9, 7, [6, 1, 1]),
    tell(life) {
      insure(life, { as: 'resident', since: '2009-01-01', employer: '', balanceFen: 0 });
      const bank = {
        channel: 'bank',
        office: BANK_OUTLETS[0] as (typeof BANK_OUTLETS)[number],
        visitsMade: 1,
      } as const;
      rent(life, {
        month: 2,
        amountFen: 24_750,
        openedAt: '2026-02-10 10:11:00',
        paidAt: '2026-02-10 10:13:20',
        receipt: true,
        mode: '14',
        at: bank,
      });
      rent(life, {
        month: 3,
        amountFen: 24_750,
        openedAt: '2026-03-11 09:50:00',
        paidAt: '2026-03-11 09:52:45',
        receipt: true,
        mode: '14',
        at: bank,
      });
    },
  },
  {
    name: 'tenant-notice-replaced',
    text: 'A tenant whose March notice was void because the area was wrong; a new one with another amount was opened and paid.',
    person: { name: '樊浩然', sex: 'male', born: '1990-10-08', sequence: 917 },
    home: flatOf('温泉街道', 7, 8, [2, 5, 2]),
    tell(life) {
      insure(life, {
        as: 'employee',
        since: '2014-01-01',
        employer: '咸宁淦水建筑工程公司（虚构）',
        balanceFen: 187_000,
      });
      const openedAt = momentOfText('2026-03-09 14:30:00');
      const common = { fee: FEES.rent, checkCode: true, memo: '青枫公租房（虚构）3栋204室 2026年3月租金' };
      const wrong = openNotice(life, {
        ...common,
        amountFen: 51_250,
        billedOn: dayOf('2026-03-09'),
        void: true,
        memo: '青枫公租房（虚构）3栋204室 2026年3月租金（面积有误，作废重开）',
      });
      const right = openNotice(life, {
        ...common,
        amountFen: 48_600,
        billedOn: dayOf('2026-03-10'),
        paid: { at: momentOfText('2026-03-10 21:07:19'), mode: '51' },
      });
      openCase(life, {
        itemId: 'S01',
        channel: 'online',
        office: FINANCE_OFFICE,
        acceptedAt: openedAt,
        visitsMade: 0,
        references: [paymentReference(wrong), paymentReference(right)],
        end: paidEnd(right, momentOfText('2026-03-10 21:08:02')),
      });
    },
  },
  {
    name: 'rare-name-id-card-replaced',
    text: 'A man whose given name is outside GBK; he lost his identity card, paid 40 yuan for a new one at the window and got the e-receipt.',
    person: { name: '葛龑', sex: 'male', born: '1987-05-21', sequence: 935 },
    home: flatOf('横沟桥镇', 1, 20, [1, 3, 2]),
    tell(life) {
      insure(life, { as: 'employee', since: '2011-01-01', employer: '咸宁青枫机械厂（虚构）', balanceFen: 264_480 });
      everydayCase(life, 'O07', dayOf('2025-06-10'));
      const openedAt = momentOfText('2026-03-23 10:21:30');
      const paidAt = momentOfText('2026-03-23 10:23:05');
      const notice = openNotice(life, {
        fee: FEES.idCardLost,
        billedOn: dayOfMoment(openedAt),
        memo: '居民身份证丢失补领',
        checkCode: true,
        paid: { at: paidAt, mode: '13' },
        receiptOn: dayOfMoment(paidAt),
      });
      openCase(life, {
        itemId: 'S01',
        channel: 'window',
        office: townOffice(life.home.division),
        acceptedAt: openedAt,
        visitsMade: 1,
        references: [paymentReference(notice)],
        end: paidEnd(notice, paidAt + 60),
      });
    },
  },
];

interface Rent {
  readonly month: number;
  readonly amountFen: number;
  readonly openedAt: string;
  readonly paidAt?: string;
  readonly dueOn?: string;
  readonly receipt?: boolean;
  readonly mode?: PayMode;
  /** Online unless told. */
  readonly at?: Pick<CaseCourse, 'channel' | 'office' | 'visitsMade'>;
}

function rent(life: Life, { month, amountFen, openedAt, paidAt, dueOn, receipt, mode = '50', at }: Rent): void {
  const { home } = life;
  const plan: NoticePlan = {
    fee: FEES.rent,
    amountFen,
    billedOn: dayOf(openedAt),
    memo: `${home.location.slice(DISTRICT_NAME.length)} 2026年${month}月租金`,
    checkCode: true,
    ...(dueOn !== undefined && { dueOn: dayOf(dueOn) }),
    ...(paidAt !== undefined && { paid: { at: momentOfText(paidAt), mode } }),
    ...(receipt && { receiptOn: dayOf(openedAt) }),
  };
  const notice = openNotice(life, plan);
  openCase(life, {
    itemId: 'S01',
    ...(at ?? { channel: 'online', office: FINANCE_OFFICE, visitsMade: 0 }),
    acceptedAt: momentOfText(openedAt),
    references: [paymentReference(notice)],
    ...(paidAt !== undefined && { end: paidEnd(notice, momentOfText(paidAt) + 45) }),
  });
}
