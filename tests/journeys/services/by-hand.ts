import items from '../../../seeds/items.json' with { type: 'json' };
import {
  accept,
  agree,
  askForSupplement,
  close,
  disagree,
  grant,
  openCase,
  refuse,
  resume,
  suspend,
  takeSupplement,
  visit,
  withdraw,
} from './case-steps.ts';
import type { Journey } from './journey.ts';

/** The items whose departments' systems come later: people move their cases (S04–S06 and the others of issue 4). */

/** The second account of the body that implements an item. */
export function body(itemId: string): string {
  const item = items.items.find(({ id }) => id === itemId);
  if (!item) throw new Error(`no item ${itemId}`);
  return `body-${item.orgCode}`;
}

const APPLICATION = [
  { name: '申请表', way: 'PAPER', copies: 1 },
  { name: '身份证', way: 'CERTIFICATE_LIBRARY', copies: 1 },
];

/** 村（社区）受理 → 乡镇（街道）确认 → 区民政局统一发放. */
const CIVIL_AFFAIRS_STEPS = [
  ['村（社区）受理', 'ACCEPTED'],
  ['乡镇（街道）确认', 'AGREED'],
  ['区民政局统一发放', 'AGREED'],
] as const;

const EMPLOYMENT_STEPS = [
  ['申请', 'AGREED'],
  ['受理', 'ACCEPTED'],
  ['审查', 'AGREED'],
  ['决定', 'AGREED'],
] as const;

const ISSUED_STEPS = [
  ['申请', 'AGREED'],
  ['受理', 'ACCEPTED'],
  ['审查', 'AGREED'],
  ['出件', 'AGREED'],
] as const;

const byVillage = (itemId: string): Journey => ({
  name: `${itemId} by the village, granted`,
  itemId,
  applicant: 'anybody',
  steps: [
    openCase({ itemId, channel: 'VILLAGE', operator: 'village', materials: APPLICATION }),
    accept('village'),
    agree('reviewer', '乡镇（街道）确认'),
    grant('civil-affairs'),
  ],
  ends: {
    status: 'CLOSED',
    steps: CIVIL_AFFAIRS_STEPS,
    told: ['allotted', 'a', 'm1', 'm2', 's1', 's2', 's3', 'r'],
  },
});

const byTown = (itemId: string): Journey => ({
  name: `${itemId} at the town's window, decided there`,
  itemId,
  applicant: 'anybody',
  steps: [
    openCase({ itemId, channel: 'WINDOW', operator: 'clerk-100' }),
    accept('clerk-100'),
    agree('reviewer-100', '审查'),
    grant('reviewer-100', { name: '认定书', number: `${itemId}-咸安-0001` }),
  ],
  ends: { status: 'CLOSED', steps: EMPLOYMENT_STEPS, told: ['allotted', 'a', 's1', 's2', 's3', 's4', 'r'] },
});

const issued = (name: string, itemId: string, channel: 'WINDOW' | 'VILLAGE' | 'ONLINE', operator: string): Journey => ({
  name: `${itemId} ${name}, granted`,
  itemId,
  applicant: 'anybody',
  steps: [
    openCase({ itemId, channel, operator, materials: APPLICATION.slice(0, 1) }),
    accept(operator),
    agree(body(itemId), '审查'),
    grant(operator, { name: '登记凭证', number: '咸安登〔2026〕0001号' }),
  ],
  ends: {
    status: 'CLOSED',
    steps: ISSUED_STEPS,
    told: ['allotted', 'a', 'm1', 's1', 's2', 's3', 's4', 'r'],
  },
});

const atTheHall = (channel: 'WINDOW' | 'KIOSK'): Journey => ({
  name: `S13 in the fund's hall, ${channel.toLowerCase()}, granted`,
  itemId: 'S13',
  applicant: 'anybody',
  steps: [openCase({ itemId: 'S13', channel, operator: 'fund' }), accept('fund'), grant('fund')],
  ends: {
    status: 'CLOSED',
    steps: [
      ['自助受理', 'ACCEPTED'],
      ['出件', 'AGREED'],
    ],
    told: ['allotted', 'a', 's1', 's2', 'r'],
  },
});

export const BY_HAND: readonly Journey[] = [
  issued('at the street’s window', 'S02', 'WINDOW', 'clerk'),
  {
    name: 'S02 with a supplement after the acceptance',
    itemId: 'S02',
    applicant: 'anybody',
    steps: [
      openCase({ itemId: 'S02', channel: 'WINDOW', operator: 'clerk' }),
      accept('clerk'),
      askForSupplement('reviewer', '缺少授权委托书'),
      takeSupplement('clerk'),
      agree('reviewer', '审查'),
      grant('clerk'),
    ],
    ends: {
      status: 'CLOSED',
      steps: [
        ['申请', 'AGREED'],
        ['受理', 'ACCEPTED'],
        ['审查', 'SUPPLEMENT'],
        ['补正', 'AGREED'],
        ['审查', 'AGREED'],
        ['出件', 'AGREED'],
      ],
      told: ['allotted', 'a', 's1', 's2', 's3', 'a', 's4', 's5', 's6', 'r'],
    },
  },
  byVillage('S04'),
  {
    name: 'S04 suspended for a public notice',
    itemId: 'S04',
    applicant: 'anybody',
    steps: [
      openCase({ itemId: 'S04', channel: 'VILLAGE', operator: 'village' }),
      accept('village'),
      suspend('reviewer', 'PUBLIC_NOTICE', '张榜公示'),
      resume('reviewer', '公示无异议'),
      agree('reviewer', '乡镇（街道）确认'),
      grant('civil-affairs'),
    ],
    ends: {
      status: 'CLOSED',
      steps: [
        ['村（社区）受理', 'ACCEPTED'],
        ['乡镇（街道）确认', 'SPECIAL_PROCEDURE'],
        ['特别程序', 'AGREED'],
        ['乡镇（街道）确认', 'AGREED'],
        ['区民政局统一发放', 'AGREED'],
      ],
      told: ['allotted', 'a', 's1', 's2', 'p1', 'a', 'p1', 's3', 's4', 's5', 'r'],
    },
  },
  byVillage('S05'),
  {
    name: 'S05 with which the street disagrees',
    itemId: 'S05',
    applicant: 'anybody',
    steps: [
      openCase({ itemId: 'S05', channel: 'VILLAGE', operator: 'village' }),
      accept('village'),
      disagree('reviewer', '乡镇（街道）确认', '未满规定年龄'),
      close('reviewer', 'NOT_GRANTED', '未满规定年龄'),
    ],
    ends: {
      status: 'NOT_GRANTED',
      steps: [
        ['村（社区）受理', 'ACCEPTED'],
        ['乡镇（街道）确认', 'DISAGREED'],
      ],
      told: ['allotted', 'a', 's1', 's2', 's2', 'r'],
    },
  },
  byVillage('S06'),
  {
    name: 'S06 withdrawn',
    itemId: 'S06',
    applicant: 'anybody',
    steps: [
      openCase({ itemId: 'S06', channel: 'VILLAGE', operator: 'village' }),
      accept('village'),
      withdraw('village', '申请人撤回'),
    ],
    ends: {
      status: 'CLOSED_ABNORMALLY',
      steps: [
        ['村（社区）受理', 'ACCEPTED'],
        ['乡镇（街道）确认', 'RETURNED'],
      ],
      told: ['allotted', 'a', 's1', 's2', 'r'],
    },
  },
  atTheHall('KIOSK'),
  atTheHall('WINDOW'),
  {
    name: 'O01 at the federation, granted',
    itemId: 'O01',
    applicant: 'anybody',
    steps: [
      openCase({ itemId: 'O01', channel: 'WINDOW', operator: 'federation' }),
      accept('federation'),
      agree(body('O01'), '审核'),
      agree(body('O01'), '审批'),
      grant('federation', { name: '残疾人证', number: '42120219780315992644' }),
    ],
    ends: {
      status: 'CLOSED',
      steps: [
        ['受理', 'ACCEPTED'],
        ['审核', 'AGREED'],
        ['审批', 'AGREED'],
        ['办结', 'AGREED'],
      ],
      told: ['allotted', 'a', 's1', 's2', 's3', 's4', 'r'],
    },
  },
  {
    name: 'O02 reviewed by the federation',
    itemId: 'O02',
    applicant: 'anybody',
    steps: [
      openCase({ itemId: 'O02', channel: 'WINDOW', operator: 'clerk' }),
      accept('clerk'),
      visit('clerk'),
      agree('federation', '审核'),
      grant('reviewer'),
    ],
    ends: {
      status: 'CLOSED',
      steps: [
        ['申请', 'AGREED'],
        ['受理', 'ACCEPTED'],
        ['审核', 'AGREED'],
      ],
      told: ['allotted', 'a', 's1', 's2', 's3', 's3', 'r'],
    },
  },
  issued('at the town’s window', 'O04', 'WINDOW', 'clerk-100'),
  issued('by the village', 'O04', 'VILLAGE', 'village'),
  issued('online', 'O04', 'ONLINE', 'ehuiban'),
  byTown('O05'),
  {
    name: 'O05 refused acceptance',
    itemId: 'O05',
    applicant: 'anybody',
    steps: [
      openCase({ itemId: 'O05', channel: 'WINDOW', operator: 'clerk' }),
      refuse('clerk', '不属于就业困难人员范围'),
    ],
    ends: {
      status: 'NOT_ACCEPTED',
      steps: [
        ['申请', 'AGREED'],
        ['受理', 'ACCEPTANCE_REFUSED'],
      ],
      told: ['allotted', 'a', 's1', 's2'],
    },
  },
  byTown('O06'),
  {
    name: 'O06 made void',
    itemId: 'O06',
    applicant: 'anybody',
    steps: [
      openCase({ itemId: 'O06', channel: 'WINDOW', operator: 'clerk' }),
      accept('clerk'),
      close('clerk', 'VOID', '重复申请'),
    ],
    ends: {
      status: 'VOID',
      steps: [
        ['申请', 'AGREED'],
        ['受理', 'ACCEPTED'],
      ],
      told: ['allotted', 'a', 's1', 's2', 's2', 'r'],
    },
  },
  byTown('O07'),
  {
    name: 'O07 with a supplement before the acceptance',
    itemId: 'O07',
    applicant: 'anybody',
    steps: [
      openCase({ itemId: 'O07', channel: 'WINDOW', operator: 'clerk', materials: APPLICATION }),
      askForSupplement('clerk', '缺少劳动合同'),
      takeSupplement('clerk'),
      agree('reviewer', '审查'),
      grant('reviewer'),
    ],
    ends: {
      status: 'CLOSED',
      steps: [
        ['申请', 'AGREED'],
        ['受理', 'SUPPLEMENT'],
        ['补正', 'AGREED'],
        ['受理', 'ACCEPTED'],
        ['审查', 'AGREED'],
        ['决定', 'AGREED'],
      ],
      told: ['allotted', 'a', 'm1', 'm2', 's1', 's2', 'a', 's3', 's4', 's5', 's6', 'r'],
    },
  },
];
