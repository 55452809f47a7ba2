import { dayOf, momentOfText } from '../calendar.ts';
import type { CaseCourse } from '../case-course.ts';
import { openCase } from '../case-file.ts';
import type { Life } from '../life.ts';
import { everydayCase } from '../lives/everyday-cases.ts';
import { insure } from '../medical.ts';
import { townOffice } from '../offices.ts';
import { type ApplicationPlan, apply, certify, draw, note } from '../subsidies.ts';
import { flatOf, houseOf } from './homes.ts';
import type { Story } from './story.ts';

/** Stories of the two subsidies: across provinces in both directions, granted late, refused. */
export const APPLICANTS: readonly Story[] = [
  {
    name: 'cross-province-applicant',
    text: "A severely disabled man of Xian'an who lives in Hangzhou and applied there for both subsidies; the township here has his application to check.",
    person: { name: '万建平', sex: 'male', born: '1972-08-21', sequence: 927 },
    home: houseOf('高桥镇', 206, 9),
    livesAt: { division: '330106008000', address: '浙江省杭州市西湖区幸福家园（虚构）11栋102室' },
    tell(life) {
      insure(life, { as: 'resident', since: '2009-01-01', employer: '', balanceFen: 0, medicalAid: true });
      note(life, { economicStatus: '1', needsLongTermCare: true });
      applies(life, {
        certificate: certify(life, { category: '4', grade: '1', firstIssuedOn: dayOf('2018-04-16') }),
        types: ['1', '2'],
        economicStatus: '1',
        acceptDivision: '330106008000',
        steps: [
          { status: '10', at: momentOfText('2026-03-17 10:20:00') },
          { status: '20', at: momentOfText('2026-03-17 10:20:02'), opinion: '' },
          { status: '21', at: momentOfText('2026-03-20 15:04:00'), opinion: '户籍信息核对中' },
        ],
        course: { channel: 'online', visitsMade: 0 },
      });
    },
  },
  {
    name: 'hukou-in-shenzhen-applicant',
    text: "A woman with multiple disabilities whose household registration is in Shenzhen and who applied in Yong'an street, where she lives; Shenzhen decides.",
    person: { name: '何美云', sex: 'female', born: '1983-02-26', sequence: 928 },
    home: flatOf('永安街道', 2, 13, [4, 7, 1]),
    hukou: '440305005000',
    tell(life) {
      note(life, { economicStatus: '1', needsLongTermCare: true });
      applies(life, {
        certificate: certify(life, {
          category: '7',
          grade: '1',
          firstIssuedOn: dayOf('2015-08-20'),
          reissues: 1,
          issuedOn: dayOf('2021-09-13'),
          guardian: { name: '何国平', relation: '父母', phone: '13800009101' },
          subCategories: [
            { category: '4', grade: '1' },
            { category: '5', grade: '3' },
          ],
        }),
        types: ['1'],
        economicStatus: '1',
        acceptDivision: '421202003000',
        steps: [
          { status: '10', at: momentOfText('2026-03-19 09:44:10') },
          { status: '20', at: momentOfText('2026-03-19 09:44:12'), opinion: '' },
          { status: '30', at: momentOfText('2026-03-23 10:02:31'), opinion: '' },
        ],
        course: { channel: 'window' },
      });
    },
  },
  {
    name: 'both-subsidies-with-arrears',
    text: 'A blind woman in a low-income household who draws both subsidies; the decision came after the December run, so January brought arrears at the old rates.',
    person: { name: '黄翠英', sex: 'female', born: '1966-12-19', sequence: 930 },
    home: houseOf('大幕乡', 203, 11),
    tell(life) {
      insure(life, { as: 'resident', since: '2009-01-01', employer: '', balanceFen: 0, medicalAid: true });
      note(life, { economicStatus: '1', needsLongTermCare: true });
      const decidedOn = '2025-12-17';
      const decidedAt = momentOfText(`${decidedOn} 11:26:00`);
      applies(life, {
        certificate: certify(life, { category: '1', grade: '1', firstIssuedOn: dayOf('2020-05-11') }),
        types: ['1', '2'],
        economicStatus: '1',
        acceptDivision: townOffice(life.home.division).division,
        steps: [
          { status: '10', at: momentOfText('2025-11-27 09:12:40') },
          { status: '30', at: momentOfText('2025-12-01 10:30:00') },
          { status: '40', at: momentOfText('2025-12-08 16:45:00') },
          { status: '50', at: decidedAt },
          { status: '51', at: momentOfText('2026-01-15 09:30:00') },
        ],
        course: { channel: 'window', end: { as: 'granted', at: decidedAt, explanation: '准予发放两项补贴' } },
      });
      for (const type of ['1', '2'] as const) {
        draw(life, { type, startMonth: 2025 * 12 + 11, decidedOn: dayOf(decidedOn) });
      }
    },
  },
  {
    name: 'refused-application',
    text: 'A man with a hearing disability of the third grade whose application for the nursing subsidy was refused by the disabled federation.',
    person: { name: '徐正元', sex: 'male', born: '1988-04-03', sequence: 931 },
    home: flatOf('官埠桥镇', 1, 14, [2, 3, 3]),
    tell(life) {
      insure(life, { as: 'resident', since: '2010-01-01', employer: '', balanceFen: 0 });
      everydayCase(life, 'O06', dayOf('2026-01-20'));
      const refusedAt = momentOfText('2026-03-11 16:10:00');
      const opinion = '听力残疾三级，不符合护理补贴条件';
      applies(life, {
        certificate: certify(life, { category: '2', grade: '3', firstIssuedOn: dayOf('2022-03-07') }),
        types: ['2'],
        economicStatus: '0',
        acceptDivision: townOffice(life.home.division).division,
        steps: [
          { status: '10', at: momentOfText('2026-03-04 14:50:25') },
          { status: '30', at: momentOfText('2026-03-06 09:20:00') },
          { status: '32', at: refusedAt, opinion },
        ],
        course: { channel: 'window', end: { as: 'not-granted', at: refusedAt, explanation: opinion } },
      });
    },
  },
];

type Applying = Omit<ApplicationPlan, 'acceptedAt'> & {
  readonly course: Pick<CaseCourse, 'channel' | 'visitsMade' | 'end'>;
};

/** The application and its case: an office elsewhere accepts outside our registry, which has it from the hukou township then. */
function applies(life: Life, { course, ...plan }: Applying): void {
  const acceptedAt = plan.steps[0]?.at ?? 0;
  const { reference } = apply(life, { ...plan, acceptedAt });
  const local = plan.acceptDivision.startsWith('421202') ? plan.acceptDivision : life.resident.hukouDivision;
  openCase(life, { itemId: 'O03', ...course, office: townOffice(local), acceptedAt, references: [reference] });
}
