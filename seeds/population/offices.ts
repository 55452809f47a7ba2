import type { OrganisationSeed } from '../model.ts';
import { socialCreditCode } from './check-digits.ts';
import { TOWNS, type Town, townOf, VILLAGES, villageName, XIANAN } from './places.ts';
import type { Random } from './random.ts';

const DISTRICT = `${XIANAN}000000`;

// The names of district bodies are those of the plan, their codes those of items.json; all other codes and every name of a person
// are invented.

/** 区残联. */
export const FEDERATION_OFFICE = districtBody('13', 'MB2A9109', '咸安区残疾人联合会');
/** 区民政局. */
export const CIVIL_AFFAIRS_OFFICE = districtBody('11', 'MB2A9104', '咸安区民政局');
/** 区医保局. */
export const MEDICAL_SECURITY_OFFICE = districtBody('11', 'MB2A9105', '咸安区医疗保障局');
/** 区财政局. */
export const FINANCE_OFFICE = districtBody('11', 'MB2A9101', '咸安区财政局');

/** Bank branches where a machine takes cases. */
export const BANK_OUTLETS: readonly OrganisationSeed[] = [
  bankOutlet('MA4XA001', '中国建设银行咸宁咸安支行', '421202003000'),
  bankOutlet('MA4XA002', '中国农业银行咸宁温泉支行', '421202001000'),
  bankOutlet('MA4XA003', '湖北咸宁农村商业银行浮山支行', '421202002000'),
];

const TOWN_OFFICES = new Map(
  TOWNS.filter(({ kind }) => kind !== 'zone').map((town) => [town.code, serviceCentre(town)]),
);

const VILLAGE_OFFICES = new Map(VILLAGES.map((division) => [division, villageCentre(division)]));

/** The service centre (便民服务中心) that serves a division. */
export function townOffice(division: string): OrganisationSeed {
  const office = TOWN_OFFICES.get(townOf(division).officeCode);
  if (!office) throw new RangeError('every town names an office');
  return office;
}

/** The village's or community's own service point; the town's where there is none. */
export function villageOffice(division: string): OrganisationSeed {
  return VILLAGE_OFFICES.get(division) ?? townOffice(division);
}

/** Who handles a step: each office has a few people. */
export function handlerAt(random: Random, office: OrganisationSeed): string {
  const first = Number.parseInt(office.division.slice(6, 9), 10) + office.code.charCodeAt(office.code.length - 1);
  return HANDLERS[(first * 3 + random.whole(0, 2)) % HANDLERS.length] as string;
}

const HANDLERS = [
  '李春梅',
  '王志刚',
  '陈慧',
  '张明远',
  '刘霞',
  '周正',
  '吴桂兰',
  '黄涛',
  '徐敏',
  '胡国安',
  '朱丽娟',
  '余波',
  '熊小燕',
  '汪洋',
  '程静',
  '万里云',
  '雷鸣',
  '章文',
  '孙丽',
  '何平',
  '郑红',
  '杨帆',
  '宋佳',
  '阮军',
] as const;

function serviceCentre(town: Town): OrganisationSeed {
  return {
    code: socialCreditCode('11', XIANAN, `MB2B1${town.code.slice(6)}`),
    name: `${town.name}便民服务中心`,
    division: `${town.code}000`,
  };
}

function villageCentre(division: string): OrganisationSeed {
  const town = townOf(division);
  return {
    code: socialCreditCode('12', XIANAN, `MC${town.code.slice(6)}${division.slice(9)}`),
    name: `${town.name}${villageName(division)}党群服务中心`,
    division,
  };
}

function districtBody(kind: string, organisation: string, name: string): OrganisationSeed {
  return { code: socialCreditCode(kind, XIANAN, organisation), name, division: DISTRICT };
}

function bankOutlet(organisation: string, name: string, division: string): OrganisationSeed {
  return { code: socialCreditCode('91', XIANAN, organisation), name, division };
}
