import { dayOf, momentOfText } from '../calendar.ts';
import { openCase } from '../case-file.ts';
import { fileOutOfArea, insure } from '../medical.ts';
import { FINANCE_OFFICE, townOffice, villageOffice } from '../offices.ts';
import { FEES, openNotice, paidEnd, paymentReference } from '../payments.ts';
import { acceptRegistration, MORTGAGEES, mortgage, register, registrationReference, soleOwner } from '../property.ts';
import { apply, certify, draw, note } from '../subsidies.ts';
import { flatOf } from './homes.ts';
import type { Story } from './story.ts';

/** The one whom all five departments know. */
export const RETIREE_IN_SHENZHEN: Story = {
  name: 'retiree-in-shenzhen',
  text: 'A retired textile worker with a severe physical disability who moved in with her daughter in Shenzhen: filed as a settled retiree, owns a mortgaged flat whose registration fee was paid online, and draws the nursing subsidy.',
  person: { name: '曾桂芝', sex: 'female', born: '1961-08-17', sequence: 902 },
  home: flatOf('永安街道', 3, 1, [5, 8, 2]),
  livesAt: { division: '440305005000', address: '广东省深圳市南山区海棠花园（虚构）6栋1502室' },
  tell(life) {
    const { home } = life;
    const insured = insure(life, {
      as: 'retired',
      since: '2001-01-01',
      employer: '咸安桂花纺织有限公司（虚构）',
      balanceFen: 231_548,
    });

    const certificate = certify(life, { category: '4', grade: '2', firstIssuedOn: dayOf('2019-06-12') });
    note(life, { economicStatus: '0', needsLongTermCare: true });
    const acceptedAt = momentOfText('2025-09-22 09:41:10');
    const decidedAt = momentOfText('2025-10-13 15:12:00');
    const { reference } = apply(life, {
      certificate,
      types: ['2'],
      economicStatus: '0',
      acceptedAt,
      acceptDivision: townOffice(home.division).division,
      steps: [
        { status: '10', at: acceptedAt },
        { status: '30', at: momentOfText('2025-09-24 10:05:00') },
        { status: '40', at: momentOfText('2025-09-29 16:20:00') },
        { status: '50', at: decidedAt },
        { status: '51', at: momentOfText('2025-10-15 09:30:00') },
      ],
    });
    draw(life, { type: '2', startMonth: 2025 * 12 + 9, decidedOn: dayOf('2025-10-13') });
    openCase(life, {
      itemId: 'O03',
      channel: 'window',
      office: townOffice(home.division),
      acceptedAt,
      references: [reference],
      end: { as: 'granted', at: decidedAt, explanation: '准予发放重度残疾人护理补贴' },
    });

    const boughtAt = momentOfText('2025-11-18 10:02:40');
    const paidAt = momentOfText('2025-11-18 20:15:33');
    const notice = openNotice(life, {
      fee: FEES.registrationOfDwelling,
      billedOn: dayOf('2025-11-18'),
      memo: home.location,
      checkCode: true,
      paid: { at: paidAt, mode: '50' },
      receiptOn: dayOf('2025-11-18'),
    });
    const registration = acceptRegistration(life, { acceptedAt: boughtAt, residential: true, feeFen: 8_000, notice });
    const registeredAt = momentOfText('2025-11-21 11:20:00');
    const property = register(life, {
      home,
      registeredAt,
      owners: soleOwner(life),
      areaSquareMetres: '89.47',
      priceFen: 42_600_000,
      mortgages: [
        mortgage(life, {
          mortgagee: MORTGAGEES[0],
          securedFen: 15_000_000,
          registeredAt: registeredAt + 900,
          years: 10,
        }),
      ],
    });
    openCase(life, {
      itemId: 'S01',
      channel: 'online',
      office: FINANCE_OFFICE,
      acceptedAt: boughtAt + 420,
      visitsMade: 0,
      references: [registrationReference(registration, property), paymentReference(notice)],
      end: paidEnd(notice, paidAt + 95),
    });

    const filedAt = momentOfText('2026-03-02 09:38:20');
    const filing = fileOutOfArea(life, insured, {
      category: 'settled-retiree',
      destination: '440305',
      address: life.resident.address,
      filedAt,
      from: dayOf('2026-03-02'),
      to: null,
    });
    openCase(life, {
      itemId: 'S07',
      channel: 'village',
      office: villageOffice(home.division),
      acceptedAt: filedAt,
      references: [filing],
      end: { as: 'granted', at: filedAt + 1_860, explanation: '备案成功，可在备案地直接结算' },
    });
  },
};
