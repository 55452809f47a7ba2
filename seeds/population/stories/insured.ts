import { dayOf, momentOfText } from '../calendar.ts';
import { openCase } from '../case-file.ts';
import { CHINESE_MEDICINE, FIRST_PEOPLES, RECEIVING_HOSPITALS } from '../hospitals.ts';
import { everydayCase } from '../lives/everyday-cases.ts';
import { stay } from '../maternity.ts';
import { bindProvider, CHRONIC_DISEASES, fileOutOfArea, insure, recogniseChronicDisease, refer } from '../medical.ts';
import { MEDICAL_SECURITY_OFFICE, villageOffice } from '../offices.ts';
import { flatOf, houseOf } from './homes.ts';
import type { Story } from './story.ts';

/** Stories of medical insurance: living elsewhere, referred elsewhere, ill for long. */
export const INSURED_STORIES: readonly Story[] = [
  {
    name: 'long-term-resident-in-changsha',
    text: 'A mother of 75 who lives with her son in Changsha and filed as a long-term resident there through her village.',
    person: { name: '佘腊梅', sex: 'female', born: '1951-02-08', sequence: 904 },
    home: houseOf('汀泗桥镇', 204, 3),
    livesAt: { division: '430104005000', address: '湖南省长沙市岳麓区学府里（虚构）2栋301室' },
    tell(life) {
      const insured = insure(life, { as: 'resident', since: '2009-01-01', employer: '', balanceFen: 0 });
      const filedAt = momentOfText('2026-01-12 10:26:05');
      const filing = fileOutOfArea(life, insured, {
        category: 'long-term-resident',
        destination: '430104',
        address: life.resident.address,
        filedAt,
        from: dayOf('2026-01-12'),
        to: null,
      });
      openCase(life, {
        itemId: 'S08',
        channel: 'village',
        office: villageOffice(life.home.division),
        acceptedAt: filedAt,
        references: [filing],
        end: { as: 'granted', at: filedAt + 2_400, explanation: '备案成功，可在备案地直接结算' },
      });
    },
  },
  {
    name: 'posted-worker-in-shanghai',
    text: 'An engineer posted to Shanghai for a year who filed online as a posted worker; his filing ends on a set day.',
    person: { name: '庞文涛', sex: 'male', born: '1984-11-23', sequence: 905 },
    home: flatOf('温泉街道', 1, 2, [3, 11, 1]),
    livesAt: { division: '310115005000', address: '上海市浦东新区滨江名苑（虚构）9栋2203室' },
    tell(life) {
      const insured = insure(life, {
        as: 'employee',
        since: '2008-01-01',
        employer: '咸宁青枫机械厂（虚构）',
        balanceFen: 418_260,
      });
      const filedAt = momentOfText('2026-02-10 20:11:47');
      const filing = fileOutOfArea(life, insured, {
        category: 'posted-worker',
        destination: '310115',
        address: life.resident.address,
        filedAt,
        from: dayOf('2026-02-11'),
        to: dayOf('2027-02-10'),
      });
      openCase(life, {
        itemId: 'S09',
        channel: 'online',
        office: MEDICAL_SECURITY_OFFICE,
        acceptedAt: filedAt,
        visitsMade: 0,
        references: [filing],
        end: { as: 'granted', at: momentOfText('2026-02-11 09:20:00'), explanation: '备案成功，可在备案地直接结算' },
      });
      everydayCase(life, 'S13', dayOf('2025-12-09'));
    },
  },
  {
    name: 'referred-to-wuhan',
    text: "A driver with coronary heart disease whom the First People's Hospital referred to Wuhan on the day before he left.",
    person: { name: '镇国强', sex: 'male', born: '1968-05-30', sequence: 907 },
    home: flatOf('浮山街道', 5, 3, [2, 4, 3]),
    tell(life) {
      const insured = insure(life, {
        as: 'employee',
        since: '2003-01-01',
        employer: '咸宁竹海食品有限公司（虚构）',
        balanceFen: 96_315,
      });
      stay(life, insured, {
        hospital: FIRST_PEOPLES,
        admittedAt: momentOfText('2026-03-11 15:40:00'),
        dischargedAt: momentOfText('2026-03-16 16:05:00'),
        medType: '21',
        departmentName: '心血管内科',
      });
      const referredAt = momentOfText('2026-03-16 10:25:41');
      const referral = refer(life, insured, {
        hospital: FIRST_PEOPLES,
        to: RECEIVING_HOSPITALS[0] as (typeof RECEIVING_HOSPITALS)[number],
        diagnosis: ['I25.103', '冠状动脉粥样硬化性心脏病'],
        at: referredAt,
        from: dayOf('2026-03-16'),
        until: dayOf('2026-09-15'),
      });
      openCase(life, {
        itemId: 'S11',
        channel: 'hospital',
        office: FIRST_PEOPLES.organisation,
        acceptedAt: referredAt,
        visitsMade: 0,
        references: [referral],
        end: { as: 'granted', at: referredAt + 310, explanation: '转诊备案已办理' },
      });
    },
  },
  {
    name: 'chronic-hypertension',
    text: 'A farmer recognised for hypertension after the promised day, whose second application, for diabetes, waits for a laboratory report.',
    person: { name: '汪秀莲', sex: 'female', born: '1959-12-04', sequence: 908 },
    home: houseOf('桂花镇', 207, 5),
    tell(life) {
      const insured = insure(life, { as: 'resident', since: '2009-01-01', employer: '', balanceFen: 0 });
      const office = villageOffice(life.home.division);
      const grantedAt = momentOfText('2026-03-02 10:48:00');
      const filing = recogniseChronicDisease(life, insured, {
        disease: CHRONIC_DISEASES.hypertension,
        hospital: CHINESE_MEDICINE,
        identifiedOn: dayOf('2026-02-05'),
        filedAt: grantedAt,
        from: dayOf('2026-03-02'),
        to: dayOf('2028-03-01'),
      });
      openCase(life, {
        itemId: 'S10',
        channel: 'village',
        office,
        acceptedAt: momentOfText('2026-01-28 09:15:22'),
        references: [filing],
        end: { as: 'granted', at: grantedAt, explanation: '准予享受门诊慢特病待遇' },
      });
      bindProvider(life, insured, {
        provider: CHINESE_MEDICINE,
        rank: '1',
        from: dayOf('2026-03-02'),
        to: dayOf('2026-12-31'),
      });
      openCase(life, {
        itemId: 'S10',
        channel: 'village',
        office,
        acceptedAt: momentOfText('2026-03-23 09:02:10'),
        standing: 'waiting',
        supplement: '缺近三个月糖化血红蛋白检查报告',
      });
    },
  },
];
