import catalogue from '../../seeds/catalogue.json' with { type: 'json' };
import codes from '../../seeds/items.json' with { type: 'json' };
import { CASE_CHANNEL } from '../case-codes.ts';
import type { Refusal } from '../invalid-input.ts';
import type { DirectoryOrganisation } from '../services/directory.ts';
import { processOf } from './process.ts';

/** An organisation of the directory. */
export type Office = DirectoryOrganisation;

export type CaseChannel = (typeof CASE_CHANNEL)[keyof typeof CASE_CHANNEL];

type ListedItem = (typeof catalogue.items)[number];

const LISTED: ReadonlyMap<string, ListedItem> = new Map(catalogue.items.map((item) => [item.id, item]));
const BODY_CODES: ReadonlyMap<string, string> = new Map(codes.items.map(({ id, orgCode }) => [id, orgCode]));
const DISTRICT = catalogue.document.division;

/** The catalogue's levels (下沉层级) and who is meant. A level that names one office is met by that office only. */
const LEVELS: Readonly<Record<string, (office: Office, item: ListedItem) => boolean>> = {
  '乡镇（街道）': ({ level }) => level === 'town' || level === 'street',
  街道: ({ level }) => level === 'street',
  '村（社区）': ({ level }) => level === 'village',
  银行网点: ({ level }) => level === 'bank',
  第一人民医院: (office) => isHospital(office, '区第一人民医院'),
  区妇幼: (office) => isHospital(office, '区妇幼保健院'),
  区中医院: (office) => isHospital(office, '区中医院'),
  咸安营业部一楼大厅: ({ level }) => level === 'fund',
  区级: (office, item) => office.level === 'district' && office.code === BODY_CODES.get(item.id),
};

/** The words by which the plan opens an item to its apps (线上) and to machines (自助). */
const ONLINE_WORDS = ['鄂汇办', '咸安微家园', '线上办', '线上支付'];
const KIOSK_WORDS = ['自助'];

/** Which offices take a case through which channel. Online there is no window: the platform itself or the body that implements the item takes it. */
const TAKEN_THROUGH: Readonly<Record<CaseChannel, (office: Office, item: ListedItem) => boolean>> = {
  window: (office, item) => isAtLevel(office, item) && ['district', 'street', 'town', 'fund'].includes(office.level),
  village: (office, item) => isAtLevel(office, item) && office.level === 'village',
  hospital: (office, item) => isAtLevel(office, item) && office.level === 'hospital',
  bank: (office, item) => isAtLevel(office, item) && office.level === 'bank',
  kiosk: (office, item) => isAtLevel(office, item) && names(item, KIOSK_WORDS),
  online: (office, item) =>
    names(item, ONLINE_WORDS) && (office.level === 'online' || office.code === BODY_CODES.get(item.id)),
};

const CHANNEL_NAMES: Readonly<Record<CaseChannel, Refusal>> = {
  window: { en: 'a window', zh: '窗口' },
  online: { en: 'online', zh: '网上' },
  kiosk: { en: 'a self-service machine', zh: '自助设备' },
  village: { en: 'a village agent', zh: '村（社区）代办' },
  hospital: { en: 'a hospital', zh: '医院' },
  bank: { en: 'a bank branch', zh: '银行网点' },
};

/**
 * Why an office may not open or accept a case of an item through a channel, or null when it may: by the levels and venues that the
 * catalogue names, neither more nor fewer; online and machines only where the item's text speaks of them. The refusal says what would
 * fit. Throws `INVALID_INPUT` for an item that the catalogue does not have.
 */
export function acceptanceRefusal(itemId: string, office: Office, channel: CaseChannel): Refusal | null {
  const item = listedItem(itemId);
  if (TAKEN_THROUGH[channel](office, item)) return null;
  const { en, zh } = CHANNEL_NAMES[channel];
  const fitting = whatFits(item);
  return {
    en: `${office.name} does not take cases of ${item.name} through ${en}. ${fitting.en}`,
    zh: `${office.name}不能通过${zh}办理“${item.name}”。${fitting.zh}`,
  };
}

/**
 * Why an office may not take a later step of a case, or null when it may. A step that names its place (乡镇（街道）确认, 区民政局统一发放) is
 * taken there; any other by the office that accepted the case, by the body that implements the item, or by a department that the plan
 * names for it.
 *
 * @param step As the process names it; 补正 and 特别程序 too.
 * @param accepting The code of the office that accepted the case.
 */
export function stepRefusal(itemId: string, step: string, office: Office, accepting: string): Refusal | null {
  const item = listedItem(itemId);
  const place = PLACE_OF_STEP[step];
  if (place ? place.fits(office, item) : takesPart(office, item, accepting)) return null;
  const fitting = place?.names ?? {
    en: 'What fits: the office that accepted the case, and the departments that the plan names for the item.',
    zh: '可办单位：受理单位及方案确定的牵头、责任部门。',
  };
  return {
    en: `${office.name} does not take the step ${step} of ${item.name}. ${fitting.en}`,
    zh: `${office.name}不能办理“${item.name}”的“${step}”环节。${fitting.zh}`,
  };
}

/** The channels through which anyone takes cases of an item at all. */
export function channelsOf(itemId: string): readonly CaseChannel[] {
  const item = listedItem(itemId);
  return Object.values(CASE_CHANNEL).filter((channel) => {
    if (channel === 'online') return names(item, ONLINE_WORDS);
    if (channel === 'kiosk') return names(item, KIOSK_WORDS);
    return item.levels.some((level) => CHANNEL_OF_LEVEL[level] === channel);
  });
}

const CHANNEL_OF_LEVEL: Readonly<Record<string, CaseChannel>> = {
  '乡镇（街道）': 'window',
  街道: 'window',
  '村（社区）': 'village',
  银行网点: 'bank',
  第一人民医院: 'hospital',
  区妇幼: 'hospital',
  区中医院: 'hospital',
  咸安营业部一楼大厅: 'window',
  区级: 'window',
};

const PLACE_OF_STEP: Readonly<
  Record<string, { readonly fits: (office: Office, item: ListedItem) => boolean; readonly names: Refusal }>
> = {
  '村（社区）受理': {
    fits: ({ level }) => level === 'village',
    names: { en: 'What fits: a village or community (村（社区）).', zh: '可办单位：村（社区）。' },
  },
  '乡镇（街道）确认': {
    fits: ({ level }) => level === 'town' || level === 'street',
    names: { en: 'What fits: a town or street (乡镇（街道）).', zh: '可办单位：乡镇（街道）。' },
  },
  区民政局统一发放: {
    fits: (office, item) => office.code === BODY_CODES.get(item.id),
    names: { en: 'What fits: the district civil affairs bureau (区民政局).', zh: '可办单位：区民政局。' },
  },
};

/** The short names by which the plan calls the district's departments, and how their own names end. */
const DEPARTMENT_NAMES: Readonly<Record<string, string>> = {
  区财政局: '区财政局',
  区自然资源和规划局: '区自然资源和规划局',
  区民政局: '区民政局',
  民政局: '区民政局',
  区医保局: '区医疗保障局',
  区卫健局: '区卫生健康局',
  区残联: '区残疾人联合会',
  区人社局: '区人力资源和社会保障局',
  区市场监督管理局: '区市场监督管理局',
};

function takesPart(office: Office, item: ListedItem, accepting: string): boolean {
  if (office.code === accepting || office.code === BODY_CODES.get(item.id)) return true;
  if (office.level !== 'district' || !isOfDistrict(office)) return false;
  const departments = [item.leadDepartment, ...item.responsibleDepartments].map(
    (short) => short && DEPARTMENT_NAMES[short],
  );
  return departments.some((name) => name && office.name.endsWith(name));
}

function isAtLevel(office: Office, item: ListedItem): boolean {
  return isOfDistrict(office) && item.levels.some((level) => LEVELS[level]?.(office, item) ?? false);
}

function isHospital({ level, name }: Office, venue: string): boolean {
  return level === 'hospital' && name.endsWith(venue);
}

function isOfDistrict({ division }: Office): boolean {
  return division.startsWith(DISTRICT);
}

function names(item: ListedItem, words: readonly string[]): boolean {
  const text = [item.processText, item.measure, item.bodyMeasure ?? '', ...item.systems].join('\n');
  return words.some((word) => text.includes(word));
}

function whatFits(item: ListedItem): Refusal {
  const channels = channelsOf(item.id);
  const places = item.levels.join('、');
  return {
    en: `What fits: ${places}, through ${channels.map((channel) => CHANNEL_NAMES[channel].en).join(', ')}.`,
    zh: `可办单位：${places}；渠道：${channels.map((channel) => CHANNEL_NAMES[channel].zh).join('、')}。`,
  };
}

function listedItem(itemId: string): ListedItem {
  const item = LISTED.get(processOf(itemId).itemId);
  if (!item) throw new Error(`${itemId} has a process and is not in the catalogue`);
  return item;
}
