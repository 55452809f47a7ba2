/**
 * The invented records behind the benchmark's subgraphs: each is computed from its id alone, so that all processes and runs agree.
 * Identifiers: `c7` a clinic, `d31` a doctor, `p812` a patient, `12-3` visit 3 of day 12.
 */

const CLINICS = 40;
const DOCTORS = 160;
const PATIENTS = 3_000;
/** The day book of one day knows so many clinics and doctors: few entities at many visits. */
const CLINICS_A_DAY = 6;
const DOCTORS_A_DAY = 9;

const SURNAMES = ['王', '李', '张', '刘', '陈', '杨', '黄', '赵', '吴', '周', '徐', '孙'];
const GIVEN = ['文静', '国强', '桂芝', '建华', '秀兰', '志明', '雨桐', '子涵', '春生', '海燕', '德福', '晓梅'];
const VILLAGES = ['汀泗桥镇', '向阳湖镇', '官埠桥镇', '横沟桥镇', '贺胜桥镇', '双溪桥镇', '马桥镇', '桂花镇'];
const REASONS = [
  '发热咳嗽三天',
  '高血压复诊',
  '腰痛',
  '产前检查',
  'annual check-up',
  '儿童疫苗接种',
  '糖尿病随访',
  'sprained ankle',
];
const FINDINGS = ['上呼吸道感染', '原发性高血压', '血糖偏高', 'normal sinus rhythm', '轻度贫血', '腰肌劳损'];
const SERVICES = ['全科', '中医', '预防接种', '妇幼保健', 'X-ray', '康复', '检验'];
const ITEMS = ['挂号费', '诊查费', '血常规', '心电图', '阿莫西林胶囊', 'amlodipine 5 mg', '换药', '静脉输液'];

type Draw = (below: number) => number;

/** Numbers that look random and follow from the text (FNV-1a, then mulberry32). */
function drawFrom(text: string): Draw {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function choose<Value>(draw: Draw, values: readonly Value[]): Value {
  return values[draw(values.length)] as Value;
}

function several<Value>(draw: Draw, values: readonly Value[], most: number): Value[] {
  const start = draw(values.length);
  return Array.from({ length: draw(most) + 1 }, (_, index) => values[(start + index) % values.length] as Value);
}

const name = (draw: Draw) => `${choose(draw, SURNAMES)}${choose(draw, GIVEN)}`;
const two = (number: number) => String(number).padStart(2, '0');
const telephone = (draw: Draw) => `0715-8${String(draw(1_000_000)).padStart(6, '0')}`;

export const clinicOf = (id: string) => {
  const draw = drawFrom(`clinic ${id}`);
  const village = choose(draw, VILLAGES);
  return {
    id,
    name: `${village}第${draw(9) + 1}卫生室`,
    address: `湖北省咸宁市咸安区${village}${draw(200) + 1}号（虚构）`,
    telephone: telephone(draw),
    level: draw(3) + 1,
    beds: draw(40),
    services: several(draw, SERVICES, 4),
    director: { id: `d${draw(DOCTORS)}` },
  };
};

export const doctorOf = (id: string) => {
  const draw = drawFrom(`doctor ${id}`);
  return {
    id,
    name: name(draw),
    title: choose(draw, ['主任医师', '副主任医师', '主治医师', 'village doctor']),
    speciality: choose(draw, SERVICES),
    telephone: telephone(draw),
    languages: several(draw, ['普通话', '咸宁话', 'English'], 3),
    clinic: { id: `c${draw(CLINICS)}` },
  };
};

export const patientOf = (id: string) => {
  const draw = drawFrom(`patient ${id}`);
  const village = choose(draw, VILLAGES);
  return {
    id,
    name: name(draw),
    sex: choose(draw, ['男', '女']),
    birthDate: `19${40 + draw(60)}-${two(draw(12) + 1)}-${two(draw(28) + 1)}`,
    village,
    insuranceKind: choose(draw, ['EMPLOYEE', 'RESIDENT', 'RESIDENT', 'NONE'] as const),
    allergies: several(draw, ['青霉素', '海鲜', 'pollen'], 2),
    familyDoctor: { id: `d${draw(DOCTORS_A_DAY * 2)}` },
    household: {
      number: `42120${draw(100_000)}`,
      address: `${village}${draw(30) + 1}组`,
      members: [{ id }, { id: `p${draw(PATIENTS)}` }],
    },
  };
};

function findingsOf(draw: Draw, clinic: (draw: Draw) => { id: string }) {
  return Array.from({ length: draw(3) + 1 }, () => {
    const finding = { code: `R${two(draw(100))}.${draw(10)}`, text: choose(draw, FINDINGS) };
    switch (draw(3)) {
      case 0:
        return { __typename: 'Diagnosis', ...finding, chronic: draw(2) === 0 };
      case 1:
        return { __typename: 'Measurement', ...finding, value: draw(2_000) / 10, unit: 'mmol/L' };
      default:
        return { __typename: 'LaboratoryResult', ...finding, value: draw(900) / 100, laboratory: clinic(draw) };
    }
  });
}

export const visitOf = (id: string) => {
  const draw = drawFrom(`visit ${id}`);
  const [day = '0', index = '0'] = id.split('-');
  const clinic = (draw: Draw) => ({ id: `c${(Number(day) * 7 + draw(CLINICS_A_DAY)) % CLINICS}` });
  return {
    id,
    number: Number(index) + 1,
    arrivedAt: `2026-03-${two((Number(day) % 28) + 1)}T${two(8 + draw(10))}:${two(draw(60))}:00+08:00`,
    reason: choose(draw, REASONS),
    urgent: draw(5) === 0,
    clinic: clinic(draw),
    doctor: { id: `d${(Number(day) * 11 + draw(DOCTORS_A_DAY)) % DOCTORS}` },
    // A fifth of those who come on a day come twice.
    patient: { id: `p${(Number(day) * 13 + Math.floor((Number(index) * 4) / 5) * 17) % PATIENTS}` },
    findings: findingsOf(draw, clinic),
    outcome:
      draw(3) === 0
        ? { __typename: 'Referral', reason: choose(draw, FINDINGS), to: clinic(draw) }
        : { __typename: 'Discharge', advice: '多休息，按时服药，三天后复诊' },
  };
};

export const dayBookOf = (day: string, first: number) => {
  const draw = drawFrom(`day ${day}`);
  return {
    day,
    note: `第${day}日门诊日志`,
    visits: Array.from({ length: first }, (_, index) => visitOf(`${day}-${index}`)),
    dutyRota: Array.from({ length: 3 }, () =>
      Array.from({ length: 4 }, () => ({ id: `d${(Number(day) * 11 + draw(DOCTORS_A_DAY)) % DOCTORS}` })),
    ),
  };
};

export const lastVisitsOf = (patient: string, first: number) => {
  const draw = drawFrom(`last ${patient}`);
  return Array.from({ length: first }, () => visitOf(`${draw(400)}-${draw(20)}`));
};

export const billOf = (visit: string) => {
  const draw = drawFrom(`bill ${visit}`);
  const [day = '0'] = visit.split('-');
  const items = Array.from({ length: draw(3) + 1 }, () => ({
    name: choose(draw, ITEMS),
    quantity: draw(3) + 1,
    amount: (draw(90) + 1) * 100,
  }));
  return {
    number: `B2026${visit.replace('-', '0')}`,
    total: items.reduce((sum, { amount }) => sum + amount, 0),
    state: choose(draw, ['OPEN', 'PAID', 'PAID', 'WAIVED'] as const),
    items,
    issuedBy: { id: `c${(Number(day) * 5 + draw(CLINICS_A_DAY)) % CLINICS}` },
    payer:
      draw(2) === 0
        ? { __typename: 'Insurer', name: '咸安区医疗保障局（虚构）', contract: `H${draw(10_000)}` }
        : { __typename: 'Patient', id: `p${(Number(day) * 13 + draw(40)) % PATIENTS}` },
  };
};

export const accountOf = (patient: string) => {
  const draw = drawFrom(`account ${patient}`);
  return { year: 2026, spent: draw(900_000), ceiling: 2_000_000, lastSettled: draw(4) === 0 ? null : '2026-02-11' };
};

/** What a patient pays, in fen: less at a village clinic, less with insurance. */
export const ownShareOf = (visit: string, level: number, insuranceKind: string) =>
  Math.round((billOf(visit).total * (insuranceKind === 'NONE' ? 10 : 2 + level)) / 10);

export const registrationFeeOf = (clinic: string, level: number) => 100 * level + clinic.length;

export const residentOf = (id: string) => ({ id, name: name(drawFrom(`resident ${id}`)) });

export const departmentRecordOf = (department: number, resident: string) => {
  const draw = drawFrom(`record ${department} ${resident}`);
  return {
    number: `${department}${String(draw(1_000_000)).padStart(6, '0')}`,
    state: choose(draw, ['VALID', 'LAPSED', 'PENDING']),
    amount: draw(1_000_000),
    note: `${choose(draw, VILLAGES)}${choose(draw, REASONS)}`,
  };
};
