import type { PropertySeed } from '../../model.ts';
import { dayOf, dayOfMoment, momentOfText } from '../calendar.ts';
import { openCase } from '../case-file.ts';
import type { Life } from '../life.ts';
import { insure } from '../medical.ts';
import { FEDERATION_OFFICE, FINANCE_OFFICE, townOffice } from '../offices.ts';
import { FEES, openNotice, paidEnd, paymentReference } from '../payments.ts';
import { idNumberOf } from '../people.ts';
import {
  acceptRegistration,
  developerOwner,
  MORTGAGEES,
  mortgage,
  owner,
  preNotice,
  register,
  registrationReference,
  seizure,
  soleOwner,
  withSpouse,
} from '../property.ts';
import { queryProperty } from '../property-query.ts';
import { flatOf, houseOf } from './homes.ts';
import type { Story } from './story.ts';

/** Stories of property: bought, burdened, old, and not yet there. */
export const OWNERS: readonly Story[] = [
  {
    name: 'new-flat-buyer',
    text: 'A young couple who bought a flat with a loan: the registration fee was paid online, the e-receipt reached the registry, the certificate is there.',
    person: { name: '祝晨阳', sex: 'male', born: '1991-06-14', sequence: 919 },
    home: flatOf('温泉街道', 2, 9, [8, 16, 3]),
    tell(life) {
      const { home } = life;
      insure(life, {
        as: 'employee',
        since: '2015-01-01',
        employer: '咸宁淦水建筑工程公司（虚构）',
        balanceFen: 152_900,
      });
      const acceptedAt = momentOfText('2026-03-12 09:10:44');
      const paidAt = momentOfText('2026-03-12 12:33:22');
      const notice = openNotice(life, {
        fee: FEES.registrationOfDwelling,
        billedOn: dayOfMoment(acceptedAt),
        memo: home.location,
        checkCode: true,
        paid: { at: paidAt, mode: '51' },
        receiptOn: dayOfMoment(paidAt),
      });
      const registration = acceptRegistration(life, { acceptedAt, residential: true, feeFen: 8_000, notice });
      const registeredAt = momentOfText('2026-03-17 10:12:33');
      const property = register(life, {
        home,
        registeredAt,
        owners: withSpouse(life),
        areaSquareMetres: '118.36',
        priceFen: 68_800_000,
        mortgages: [
          mortgage(life, {
            mortgagee: MORTGAGEES[1],
            securedFen: 48_000_000,
            registeredAt: registeredAt + 1_100,
            years: 30,
          }),
        ],
      });
      openCase(life, {
        itemId: 'S01',
        channel: 'online',
        office: FINANCE_OFFICE,
        acceptedAt: acceptedAt + 260,
        visitsMade: 0,
        references: [registrationReference(registration, property), paymentReference(notice)],
        end: paidEnd(notice, paidAt + 70),
      });
    },
  },
  {
    name: 'mortgaged-and-seized',
    text: 'A trader whose flat is mortgaged, seized and seized in waiting, and who owns half of a house in a village whose name has a character outside the basic plane.',
    person: { name: '殷志祥', sex: 'male', born: '1976-01-09', sequence: 921 },
    home: flatOf('浮山街道', 8, 10, [3, 12, 4]),
    tell(life) {
      const { resident } = life;
      insure(life, { as: 'resident', since: '2012-01-01', employer: '', balanceFen: 0 });
      const registeredAt = momentOfText('2021-05-18 10:12:33');
      const flat = register(life, {
        home: life.home,
        registeredAt,
        owners: soleOwner(life),
        areaSquareMetres: '126.80',
        priceFen: 62_500_000,
        mortgages: [
          mortgage(life, {
            mortgagee: MORTGAGEES[3],
            securedFen: 40_000_000,
            maximumAmount: true,
            registeredAt: registeredAt + 1_050,
            years: 20,
          }),
          mortgage(life, {
            mortgagee: MORTGAGEES[2],
            securedFen: 12_350_000,
            unit: '元',
            registeredAt: momentOfText('2023-09-04 15:20:00'),
            years: 5,
          }),
        ],
        seizures: [
          seizure({ kind: '1', number: 64, registeredAt: momentOfText('2025-06-17 15:00:00') }),
          seizure({ kind: '2', number: 118, registeredAt: momentOfText('2025-11-03 15:00:00') }),
        ],
      });
      const brother = { name: '殷志远', idNumber: idNumberOf('421202', dayOf('1979-04-26'), 923) };
      register(life, {
        home: houseOf('双溪桥镇', 231, 14, '𠮷岭村（虚构）'),
        registeredAt: momentOfText('2019-08-06 11:00:00'),
        owners: [owner(resident, '2', '50%'), owner(brother, '2', '50%')],
        areaSquareMetres: '196.00',
        priceFen: null,
      });
      query(life, flat, '2026-03-05 16:12:09');
    },
  },
  {
    name: 'old-record-owner',
    text: 'A pensioner whose house stands in an old record without unit number, under a title of before 2015; he has also applied for a disability certificate, now under public notice.',
    person: { name: '毛传义', sex: 'male', born: '1946-11-11', sequence: 925 },
    home: flatOf('永安街道', 11, 11, [1, 2, 1]),
    tell(life) {
      insure(life, { as: 'retired', since: '2001-01-01', employer: '咸宁青枫机械厂（虚构）', balanceFen: 75_220 });
      const house = register(life, {
        home: life.home,
        registeredAt: momentOfText('1999-09-15 00:00:00'),
        owners: soleOwner(life),
        areaSquareMetres: '74.30',
        priceFen: null,
        oldTitle: '房产证号:咸房权证永安字第10023456号、',
      });
      query(life, house, '2026-02-26 10:40:51');
      openCase(life, {
        itemId: 'O01',
        channel: 'window',
        office: FEDERATION_OFFICE,
        acceptedAt: momentOfText('2026-03-17 09:30:00'),
        standing: 'suspended',
        suspendedFor: '公示',
      });
    },
  },
  {
    name: 'pre-notice-holder',
    text: 'A nurse who bought a flat off the plan: the developer still owns it, a pre-notice protects her, and the fee for her registration is not paid yet.',
    person: { name: '宋思颖', sex: 'female', born: '1995-05-05', sequence: 926 },
    home: flatOf('温泉街道', 10, 12, [12, 9, 2]),
    tell(life) {
      const { home } = life;
      insure(life, { as: 'employee', since: '2018-01-01', employer: '咸安温塘旅游公司（虚构）', balanceFen: 61_740 });
      const property = register(life, {
        home,
        registeredAt: momentOfText('2024-12-02 10:00:00'),
        owners: developerOwner(),
        areaSquareMetres: '96.15',
        priceFen: null,
        preNotices: [preNotice(life, momentOfText('2025-07-08 14:25:00'))],
      });
      const acceptedAt = momentOfText('2026-03-30 15:02:17');
      const notice = openNotice(life, {
        fee: FEES.registrationOfDwelling,
        billedOn: dayOfMoment(acceptedAt),
        dueOn: dayOf('2026-04-30'),
        memo: home.location,
        checkCode: true,
      });
      const registration = acceptRegistration(life, { acceptedAt, residential: true, feeFen: 8_000, notice });
      openCase(life, {
        itemId: 'S01',
        channel: 'online',
        office: FINANCE_OFFICE,
        acceptedAt: acceptedAt + 380,
        visitsMade: 0,
        references: [registrationReference(registration, property), paymentReference(notice)],
      });
    },
  },
];

/** Asked at the machine in the street's service centre and printed there. */
function query(life: Life, property: PropertySeed, at: string): void {
  const acceptedAt = momentOfText(at);
  const office = townOffice(life.home.division);
  queryProperty(life, { property, channel: 'kiosk', office, acceptedAt, printedAt: acceptedAt + 240 });
}
