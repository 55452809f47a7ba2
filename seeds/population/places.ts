import { mixed, type Random } from './random.ts';

/** A town-level division of Xian'an (identifiers 5). */
export interface Town {
  /** 9 digits. */
  readonly code: string;
  readonly name: string;
  readonly kind: 'street' | 'town' | 'zone';
  /** The legal township whose office serves it: a zone or farm has none of its own (identifiers 5). */
  readonly officeCode: string;
  /** Out of a thousand residents. */
  readonly weight: number;
}

/** 咸安区. */
export const XIANAN = '421202';

/** The sixteen town-level divisions, from identifiers 5. */
export const TOWNS: readonly Town[] = [
  town('421202001', '温泉街道', 'street', 230),
  town('421202002', '浮山街道', 'street', 110),
  town('421202003', '永安街道', 'street', 190),
  town('421202100', '汀泗桥镇', 'town', 55),
  town('421202101', '向阳湖镇', 'town', 45),
  town('421202102', '官埠桥镇', 'town', 60),
  town('421202103', '横沟桥镇', 'town', 70),
  town('421202104', '贺胜桥镇', 'town', 40),
  town('421202105', '双溪桥镇', 'town', 55),
  town('421202106', '马桥镇', 'town', 40),
  town('421202107', '桂花镇', 'town', 35),
  town('421202108', '高桥镇', 'town', 25),
  town('421202200', '大幕乡', 'town', 20),
  town('421202450', '向阳湖奶牛良种场', 'zone', 5, '421202101'),
  town('421202451', '咸安商贸物流区', 'zone', 5, '421202001'),
  town('421202570', '咸宁市经济技术开发区', 'zone', 8, '421202001'),
  town('421202571', '湖北咸安经济开发区', 'zone', 7, '421202103'),
];

const TOWN_BY_CODE = new Map(TOWNS.map((one) => [one.code, one]));
const TOWN_CHOICES = TOWNS.map((one) => [one.weight, one] as const);

/** The town a 12-digit division of Xian'an lies in. */
export function townOf(division: string): Town {
  return TOWN_BY_CODE.get(division.slice(0, 9)) ?? (TOWNS[0] as Town);
}

/** A place outside Xian'an that residents come from or live in. */
export interface Elsewhere {
  /** 6 digits. */
  readonly code: string;
  readonly name: string;
}

/** Where people of Xian'an live when they live elsewhere. */
export const DESTINATIONS: readonly Elsewhere[] = [
  { code: '440305', name: '广东省深圳市南山区' },
  { code: '430104', name: '湖南省长沙市岳麓区' },
  { code: '310115', name: '上海市浦东新区' },
  { code: '420106', name: '湖北省武汉市武昌区' },
  { code: '330106', name: '浙江省杭州市西湖区' },
  { code: '440106', name: '广东省广州市天河区' },
  { code: '350203', name: '福建省厦门市思明区' },
  { code: '110108', name: '北京市海淀区' },
  { code: '360111', name: '江西省南昌市青山湖区' },
  { code: '460105', name: '海南省海口市秀英区' },
];

/** Where people come from whose household registration is elsewhere. */
export const ORIGINS: readonly Elsewhere[] = [
  { code: '421221', name: '湖北省咸宁市嘉鱼县' },
  { code: '421222', name: '湖北省咸宁市通城县' },
  { code: '421223', name: '湖北省咸宁市崇阳县' },
  { code: '421224', name: '湖北省咸宁市通山县' },
  { code: '421281', name: '湖北省咸宁市赤壁市' },
  { code: '430104', name: '湖南省长沙市岳麓区' },
  { code: '440305', name: '广东省深圳市南山区' },
  { code: '360111', name: '江西省南昌市青山湖区' },
];

const VILLAGE_NAMES = [
  '青枫',
  '荷塘',
  '白茶',
  '石臼',
  '竹影',
  '泉眼',
  '桂岭',
  '柏树下',
  '陶窑',
  '新塘',
  '松坡',
  '鹤鸣',
];
const COMMUNITY_NAMES = [
  '桂香',
  '书院',
  '潜山路',
  '泉水湾',
  '长安里',
  '花坛角',
  '银泉坊',
  '东门口',
  '滨河',
  '十六潭北',
  '淦水东',
  '岔路口',
];
const ROADS = ['桂泉路', '银桂巷', '竹海路', '淦河东路', '书院街', '青枫路', '温塘路', '白茶路'];
const COMPOUNDS = [
  '桂语苑',
  '泉都里',
  '竹溪居',
  '枫林晚',
  '云山府',
  '澄园',
  '潜山雅居',
  '月亮湾',
  '荷风苑',
  '香樟园',
  '橘洲里',
  '南畔小区',
];

/** Every village and community of the legal towns, 12 digits. */
export const VILLAGES: readonly string[] = TOWNS.filter(({ kind }) => kind !== 'zone').flatMap(({ code, kind }) => [
  ...COMMUNITY_NAMES.slice(0, kind === 'street' ? undefined : 1).map((_, index) => `${code}${padded(index + 1, 3)}`),
  ...VILLAGE_NAMES.slice(0, kind === 'street' ? 0 : undefined).map((_, index) => `${code}${index + 201}`),
]);

/** What every location in the district begins with. */
export const DISTRICT_NAME = '湖北省咸宁市咸安区';

/** A dwelling in Xian'an: where it is in words and in the registry's numbers. */
export interface Home {
  readonly town: Town;
  /** 12 digits. */
  readonly division: string;
  /** 坐落, beginning with the province. */
  readonly location: string;
  /** 28 characters (real-estate 6.1). */
  readonly unitNumber: string;
  readonly rural: boolean;
  readonly floor: string;
  readonly floors: string;
}

/**
 * The dwelling of resident `index`. No two residents have the same: the unit number is made of the index, and everything that can be
 * read off it (compound, building, room) agrees with it.
 */
export function homeOf(random: Random, index: number): Home {
  const home = random.weighted(TOWN_CHOICES);
  const rural = home.kind === 'town' && random.chance(0.75);
  return rural ? villageHouse(home, 201 + random.whole(0, VILLAGE_NAMES.length - 1), index) : flat(home, index, random);
}

/** The name of a village or community, with the mark that it is invented. */
export function villageName(division: string): string {
  const number = Number(division.slice(9));
  return number >= 200
    ? `${VILLAGE_NAMES[(number - 201) % VILLAGE_NAMES.length]}村（虚构）`
    : `${COMMUNITY_NAMES[(number - 1) % COMMUNITY_NAMES.length]}社区（虚构）`;
}

/** A flat in a street, a town's centre or a zone. */
function flat(home: Town, index: number, random: Random): Home {
  const parcel = index % PARCELS;
  // Injective for each parcel: the block goes up to 100 for a million residents, and ROOMS is prime.
  const room = (Math.floor(index / PARCELS) * 7 + (mixed(parcel) >>> 1)) % ROOMS;
  return flatAt({
    home,
    village: home.kind === 'street' ? random.whole(1, COMMUNITY_NAMES.length) : 1,
    parcel: parcel + 1,
    building: 1 + Math.floor(room / 90),
    floor: 1 + Math.floor((room % 90) / 5),
    door: 1 + (room % 5),
  });
}

const PARCELS = 9973;
const ROOMS = 1069;

export interface FlatPlace {
  readonly home: Town;
  /** 1 … 12, the community. */
  readonly village: number;
  /** 1 … 99999. */
  readonly parcel: number;
  readonly building: number;
  readonly floor: number;
  readonly door: number;
  /** Instead of the compound that the parcel's number gives. */
  readonly compound?: string;
}

/** A flat by its place; compound and road follow from the parcel. */
export function flatAt({ home, village, parcel, building, floor, door, compound }: FlatPlace): Home {
  const name = compound ?? COMPOUNDS[parcel % COMPOUNDS.length];
  const road = ROADS[parcel % ROADS.length];
  const number = 1 + Math.floor((parcel % PARCELS) / ROADS.length);
  const room = `${floor}${padded(door, 2)}`;
  return {
    town: home,
    division: `${home.code}${padded(village, 3)}`,
    location: [DISTRICT_NAME, home.name, road, number, '号', name, '（虚构）', building, '栋', room, '室'].join(''),
    unitNumber: [
      home.code,
      padded(village, 3),
      'GB',
      padded(parcel, 5),
      'F',
      padded(building, 4),
      room.padStart(4, '0'),
    ].join(''),
    rural: false,
    floor: String(floor),
    floors: floor <= 6 ? '6' : '18',
  };
}

/** A house on homestead land of a village. */
function villageHouse(home: Town, village: number, index: number): Home {
  return villageHouseAt({ home, village, lot: index % 99_991, round: Math.floor(index / 99_991) });
}

export interface VillageHousePlace {
  readonly home: Town;
  /** 201 … 399. */
  readonly village: number;
  /** The homestead within the village, from 0. */
  readonly lot: number;
  /** Tells homesteads with the same lot apart; 0 unless told. */
  readonly round?: number;
  /** Instead of the village's own name. */
  readonly name?: string;
}

/** A house by its place. */
export function villageHouseAt({ home, village, lot, round = 0, name }: VillageHousePlace): Home {
  const division = `${home.code}${padded(village, 3)}`;
  return {
    town: home,
    division,
    location: [
      DISTRICT_NAME,
      home.name,
      name ?? villageName(division),
      1 + (lot % 12),
      '组',
      1 + Math.floor(lot / 12),
      '号',
    ].join(''),
    unitNumber: [home.code, padded(village + 20 * round, 3), 'JC', padded(lot + 1, 5), 'F00010001'].join(''),
    rural: true,
    floor: '1-2',
    floors: '2',
  };
}

function town(code: string, name: string, kind: Town['kind'], weight: number, officeCode = code): Town {
  return { code, name, kind, officeCode, weight };
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
