import { describe, expect, test } from 'vitest';
import { populate } from '../../seeds/population.ts';
import {
  acceptanceRefusal,
  type CaseChannel,
  channelsOf,
  type Office,
  stepRefusal,
} from '../../subgraphs/cases/levels.ts';
import { ITEM_PROCESSES } from '../../subgraphs/cases/process.ts';

const office = (level: Office['level'], code: string, name: string, division: string): Office => ({
  level,
  code,
  name,
  division,
});

const OFFICES = {
  street: office('street', 'street', '温泉街道便民服务中心', '421202001000'),
  town: office('town', 'town', '汀泗桥镇便民服务中心', '421202100000'),
  village: office('village', 'village', '汀泗桥镇青枫村党群服务中心', '421202100201'),
  bank: office('bank', 'bank', '中国建设银行咸宁咸安支行', '421202003000'),
  'first-peoples': office('hospital', 'H42120200101', '咸安区第一人民医院', '421202001000'),
  'maternal-and-child': office('hospital', 'H42120200102', '咸安区妇幼保健院', '421202003000'),
  'chinese-medicine': office('hospital', 'H42120200103', '咸安区中医院', '421202003000'),
  'other-hospital': office('hospital', 'H42120200199', '咸安区第二人民医院', '421202003000'),
  'hospital-elsewhere': office('hospital', 'H42011500101', '江夏区第一人民医院', '420115001000'),
  fund: office('fund', 'fund', '咸宁市住房公积金中心咸安营业部', '421202001000'),
  federation: office('district', '13421202MB2A91099R', '咸安区残疾人联合会', '421202000000'),
  'civil-affairs': office('district', '11421202MB2A91048P', '咸安区民政局', '421202000000'),
  online: office('online', 'ehb', '鄂汇办', '420000000000'),
  'town-elsewhere': office('town', 'elsewhere', '乌龙泉街道便民服务中心', '420115002000'),
} as const;

type OfficeName = keyof typeof OFFICES;

const TOWNS = ['window street', 'window town'];
const VILLAGES = ['village village'];
const HOSPITALS = ['hospital chinese-medicine', 'hospital first-peoples', 'hospital maternal-and-child'];

/** Channel and office of whoever takes a case of each item: the catalogue's levels, no more. */
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  S01: ['bank bank', 'kiosk bank', 'kiosk street', 'kiosk town', 'online online', ...TOWNS],
  S02: TOWNS,
  S03: ['kiosk street', 'online online', 'window street'],
  S04: VILLAGES,
  S05: VILLAGES,
  S06: VILLAGES,
  S07: VILLAGES,
  S08: VILLAGES,
  S09: VILLAGES,
  S10: VILLAGES,
  S11: HOSPITALS,
  S12: HOSPITALS,
  S13: ['kiosk fund', 'window fund'],
  O01: ['window federation'],
  O02: TOWNS,
  O03: TOWNS,
  O04: ['online online', ...VILLAGES, ...TOWNS],
  O05: TOWNS,
  O06: TOWNS,
  O07: TOWNS,
};

const CHANNELS: readonly CaseChannel[] = ['window', 'online', 'kiosk', 'village', 'hospital', 'bank'];

function takers(itemId: string): string[] {
  return CHANNELS.flatMap((channel) =>
    Object.entries(OFFICES)
      .filter(([, one]) => acceptanceRefusal(itemId, one, channel) === null)
      .map(([name]) => `${channel} ${name}`),
  );
}

describe('cases are taken where the catalogue says', () => {
  test.each(ITEM_PROCESSES)('$itemId $itemName', ({ itemId }) => {
    expect(takers(itemId).toSorted()).toEqual([...(TAKEN[itemId] ?? ['nobody'])].toSorted());
  });

  test.each(ITEM_PROCESSES)('$itemId is taken through the channels it tells', ({ itemId }) => {
    const through = new Set(takers(itemId).map((taker) => taker.split(' ')[0]));
    expect(new Set(channelsOf(itemId))).toEqual(through);
  });

  test('a refusal tells the offices and channels that fit', () => {
    expect(acceptanceRefusal('S04', OFFICES.town, 'window')).toEqual({
      en: '汀泗桥镇便民服务中心 does not take cases of 特困人员认定 through a window. What fits: 村（社区）, through a village agent.',
      zh: '汀泗桥镇便民服务中心不能通过窗口办理“特困人员认定”。可办单位：村（社区）；渠道：村（社区）代办。',
    });
    expect(acceptanceRefusal('S03', OFFICES.town, 'kiosk')?.zh).toContain(
      '可办单位：街道；渠道：窗口、网上、自助设备。',
    );
  });

  test('an online case may be taken by the body that implements the item', () => {
    const finance = office('district', '11421202MB2A910135', '咸安区财政局', '421202000000');
    expect(acceptanceRefusal('S01', finance, 'online')).toBeNull();
    expect(acceptanceRefusal('S01', OFFICES['civil-affairs'], 'online')).not.toBeNull();
  });
});

describe('later steps', () => {
  const takes = (itemId: string, step: string, name: OfficeName, accepting = 'street') =>
    stepRefusal(itemId, step, OFFICES[name], accepting) === null;

  test('that name their place are taken there only', () => {
    expect(takes('S04', '乡镇（街道）确认', 'town')).toBe(true);
    expect(takes('S04', '乡镇（街道）确认', 'street')).toBe(true);
    expect(takes('S04', '乡镇（街道）确认', 'village', 'village')).toBe(false);
    expect(takes('S04', '区民政局统一发放', 'civil-affairs')).toBe(true);
    expect(takes('S04', '区民政局统一发放', 'federation')).toBe(false);
    expect(takes('S04', '村（社区）受理', 'village')).toBe(true);
    expect(takes('S04', '村（社区）受理', 'town')).toBe(false);
  });

  test('are taken by the accepting office, the implementing body, and the departments that the plan names', () => {
    expect(takes('O03', '审核', 'street')).toBe(true);
    expect(takes('O03', '审核', 'town')).toBe(false);
    expect(takes('O03', '审核', 'federation')).toBe(true);
    expect(takes('O03', '审核', 'civil-affairs')).toBe(true);
    expect(takes('S12', '拨付', 'maternal-and-child', 'H42120200102')).toBe(true);
    expect(takes('S12', '拨付', 'first-peoples', 'H42120200102')).toBe(false);
  });

  test('a refusal tells who may', () => {
    expect(stepRefusal('S04', '乡镇（街道）确认', OFFICES.village, 'village')).toEqual({
      en: '汀泗桥镇青枫村党群服务中心 does not take the step 乡镇（街道）确认 of 特困人员认定. What fits: a town or street (乡镇（街道）).',
      zh: '汀泗桥镇青枫村党群服务中心不能办理“特困人员认定”的“乡镇（街道）确认”环节。可办单位：乡镇（街道）。',
    });
    expect(stepRefusal('O05', '审查', OFFICES.village, 'street')?.zh).toContain('受理单位及方案确定的牵头、责任部门');
  });
});

test('hospital and fund cases of the population came to offices that take them', () => {
  const { cases } = populate({ seed: 7, residents: 1_500 });
  const levels = { hospital: 'hospital', kiosk: 'fund' } as const;
  const checked = cases.filter(({ channel, itemId }) => channel === 'hospital' || itemId === 'S13');
  expect(checked.length).toBeGreaterThan(20);
  for (const { itemId, channel, organisation } of checked) {
    const level = channel === 'hospital' ? levels.hospital : levels.kiosk;
    expect(acceptanceRefusal(itemId, { ...organisation, level }, channel)).toBeNull();
  }
});
