import type { Random } from './random.ts';

/** Surnames with their rough weight in the region. */
const SURNAMES: readonly (readonly [number, string])[] = [
  [70, '王'],
  [68, '李'],
  [66, '陈'],
  [64, '张'],
  [60, '刘'],
  [40, '周'],
  [38, '吴'],
  [36, '黄'],
  [34, '徐'],
  [32, '胡'],
  [30, '朱'],
  [28, '余'],
  [28, '熊'],
  [26, '汪'],
  [26, '程'],
  [24, '万'],
  [24, '镇'],
  [22, '雷'],
  [22, '章'],
  [20, '孙'],
  [20, '何'],
  [20, '郑'],
  [18, '杨'],
  [18, '宋'],
  [16, '殷'],
  [16, '庞'],
  [14, '葛'],
  [14, '阮'],
  [12, '祝'],
  [12, '魏'],
  [10, '毛'],
  [10, '舒'],
  [8, '廖'],
  [8, '佘'],
  [6, '樊'],
  [4, '欧阳'],
  [3, '诸葛'],
];

const GIVEN = {
  male: {
    before1970: ['国', '建', '德', '志', '家', '光', '明', '福', '贵', '正', '传', '良', '炳', '启'],
    second1970: ['强', '华', '平', '生', '祥', '林', '清', '安', '元', '发', '新', '民', '忠', '义'],
    later: ['伟', '涛', '鹏', '超', '凯', '俊', '浩', '宇', '轩', '泽', '子', '梓', '睿', '晨', '一'],
    secondLater: ['杰', '峰', '磊', '航', '然', '文', '博', '阳', '辰', '铭', '豪', '诚', '恒', '远'],
  },
  female: {
    before1970: ['秀', '桂', '玉', '春', '兰', '素', '美', '金', '凤', '淑', '腊', '菊', '惠', '翠'],
    second1970: ['英', '芳', '珍', '梅', '莲', '香', '华', '云', '娥', '枝', '姣', '霞', '芝', '琴'],
    later: ['婷', '雪', '思', '雨', '佳', '欣', '梦', '诗', '若', '语', '梓', '可', '静', '晓'],
    secondLater: ['怡', '琪', '涵', '萱', '悦', '颖', '宁', '彤', '瑶', '妍', '溪', '然', '慧', '敏'],
  },
} as const;

/** Characters that GBK lacks, or that need two code units in UTF-16. Names with them are real and break programs. */
const RARE = ['龑', '䶮', '㙍', '𠮷', '赟', '喆', '堃', '璟'];

/** An invented name for someone born in a year. About one in 150 has a rare character. */
export function inventName(random: Random, sex: 'male' | 'female', birthYear: number): string {
  return random.weighted(SURNAMES) + inventGivenName(random, sex, birthYear);
}

/** A child's or sibling's name: the surname is given. */
export function inventRelative(random: Random, surname: string, sex: 'male' | 'female', birthYear: number): string {
  return surname + inventGivenName(random, sex, birthYear);
}

/** The surname of a name made here. */
export function surnameOf(name: string): string {
  return name.startsWith('欧阳') || name.startsWith('诸葛') ? name.slice(0, 2) : (name.match(/^./u)?.[0] ?? name);
}

function inventGivenName(random: Random, sex: 'male' | 'female', birthYear: number): string {
  if (random.chance(1 / 150)) {
    return random.chance(0.5) ? random.pick(RARE) : random.pick(RARE) + random.pick(GIVEN[sex].secondLater);
  }
  const pool = GIVEN[sex];
  const [first, second] = birthYear < 1975 ? [pool.before1970, pool.second1970] : [pool.later, pool.secondLater];
  return random.chance(birthYear < 1975 ? 0.1 : 0.3) ? random.pick(second) : random.pick(first) + random.pick(second);
}
