import type { MedicalProviderSeed, OrganisationSeed } from '../model.ts';
import type { Random } from './random.ts';

/** A partner hospital of the plan, with an invented provider code. */
export interface Hospital {
  readonly code: string;
  readonly name: string;
  /** As the office that accepts a case. */
  readonly organisation: OrganisationSeed;
  /** Operator accounts at the medical insurance platform. */
  readonly operators: readonly { readonly id: string; readonly name: string }[];
}

/** 区第一人民医院. */
export const FIRST_PEOPLES = hospital('H42120200101', '咸安区第一人民医院', '421202001000', ['陈岚', '周启文']);
/** 区妇幼保健院. */
export const MATERNAL_AND_CHILD = hospital('H42120200102', '咸安区妇幼保健院', '421202003000', ['吴晓琴', '黄丽']);
/** 区中医院. */
export const CHINESE_MEDICINE = hospital('H42120200103', '咸安区中医院', '421202003000', ['刘正清', '胡敏']);

/** The three hospitals that the plan moves referrals and maternity payments to. */
export const HOSPITALS: readonly Hospital[] = [FIRST_PEOPLES, MATERNAL_AND_CHILD, CHINESE_MEDICINE];

/** In whose name the gateway asks the platform when no hospital does: the district's service centre. */
export const SERVICE_CENTRE: MedicalProviderSeed = {
  code: 'H42120200100',
  name: '咸安区医保便民服务点（虚构）',
  region: '421202',
};

/** Hospitals elsewhere that referrals go to; all invented. */
export const RECEIVING_HOSPITALS: readonly MedicalProviderSeed[] = [
  { code: 'H42010600902', name: '武汉示例医院（虚构）', region: '420106' },
  { code: 'H42010600911', name: '武汉江汉医学中心（虚构）', region: '420106' },
  { code: 'H42010200921', name: '武汉儿童医学中心（虚构）', region: '420102' },
  { code: 'H43010400931', name: '长沙麓山医院（虚构）', region: '430104' },
  { code: 'H42120100941', name: '咸宁市中心医学院附院（虚构）', region: '421201' },
];

/** Small providers of the district that people choose for outpatient treatment. */
export const NEIGHBOURHOOD_PROVIDERS: readonly MedicalProviderSeed[] = [
  { code: 'H42120200111', name: '温泉社区卫生服务中心（虚构）', region: '421202' },
  { code: 'H42120200112', name: '永安社区卫生服务中心（虚构）', region: '421202' },
  { code: 'H42120200113', name: '汀泗桥镇卫生院（虚构）', region: '421202' },
  { code: 'P42120200121', name: '咸安惠民药房（虚构）', region: '421202' },
];

/** The directory of providers as the platform has it. */
export const MEDICAL_PROVIDERS: readonly MedicalProviderSeed[] = [
  ...HOSPITALS.map(({ code, name }) => ({ code, name, region: '421202' })),
  SERVICE_CENTRE,
  ...NEIGHBOURHOOD_PROVIDERS,
  ...RECEIVING_HOSPITALS,
];

/** Who works at the platform in a hospital's name. */
export function operatorAt(random: Random, { operators }: Hospital): { readonly id: string; readonly name: string } {
  return random.pick(operators);
}

function hospital(code: string, name: string, division: string, operators: readonly string[]): Hospital {
  return {
    code,
    name,
    organisation: { code, name, division },
    operators: operators.map((operator, index) => ({ id: `YB${code.slice(9)}${index + 1}`, name: operator })),
  };
}
