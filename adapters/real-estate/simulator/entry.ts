import type { Mortgage, Property } from './land-register.ts';
import { markup } from './markup.ts';
import { storedTime } from './wall-clock.ts';

type Owner = Property['owners'][number];

/** An FDCQ as it will be written: a property, and the owners that this entry names. */
export interface Entry {
  readonly property: Property;
  readonly owners: readonly Owner[];
}

/**
 * The entries of a property: one, but one for each owner where a certificate is held by shares (wire spec 3.2: multi-person
 * certificates repeat one FDCQ per person unless merged).
 */
export function entriesOf(property: Property): Entry[] {
  const { owners } = property;
  const byShares = owners.length > 1 && owners.every(({ ownership }) => ownership === '2');
  return byShares ? owners.map((owner) => ({ property, owners: [owner] })) : [{ property, owners }];
}

/** Writes FDCQ (wire spec 3.2). `shows` tells whose ID numbers are written whole. */
export function writeEntry({ property, owners }: Entry, shows: (owner: Owner) => boolean): string {
  const { mortgages, seizures, preNotices, objections } = property;
  const children = [
    ...owners.map((owner, index) => writeOwner(owner, index + 1, shows(owner))),
    ...mortgages.map(writeMortgage),
    ...seizures.map((seizure) =>
      markup('CF', [
        ['CFJG', seizure.court],
        ['CFWH', seizure.documentNumber],
        ['CFLX', seizure.kind],
        ['CFQSSJ', seizure.from],
        ['CFJSSJ', seizure.to],
        ['DJSJ', storedTime(seizure.registeredAt)],
        ['QSZT', seizure.state],
      ]),
    ),
    ...preNotices.map((notice) =>
      markup('YG', [
        ['YGDJZL', notice.kind],
        ['QLR', notice.holder],
        ['YWR', notice.obligor],
        ['BDCDJZMH', notice.certificateNumber],
        ['DJSJ', storedTime(notice.registeredAt)],
      ]),
    ),
    ...objections.map((objection) =>
      markup('YY', [
        ['YYSX', objection.matter],
        ['DJSJ', storedTime(objection.registeredAt)],
      ]),
    ),
  ];
  return markup('FDCQ', [...unitAttributes(property), ...stateAttributes(property)], children.join(''));
}

function unitAttributes(property: Property) {
  return [
    ['BDCDYH', property.unitNumber],
    ['BDCQZH', property.certificateNumber],
    ['QLLX', property.rightType],
    ['QLXZ', property.rightNature],
    ['ZL', property.location],
    ['JZMJ', property.areaSquareMetres],
    ['GHYT', property.use],
    ['FWJG', property.structure],
    ['SZC', property.floor],
    ['ZCS', property.floors],
    ['DJSJ', storedTime(property.registeredAt)],
    ['QDJG', property.priceFen === null ? '' : amountIn('万元', property.priceFen, 2)],
    ['TDSYJSSJ', property.landUseEnd ?? ''],
  ] as const;
}

function stateAttributes({ state, mortgages, seizures, preNotices, objections }: Property) {
  return [
    ['QSZT', state],
    ['DYZT', flag(mortgages.some(isCurrent))],
    ['CFZT', flag(seizures.some(isCurrent))],
    ['YGZT', flag(preNotices.length > 0)],
    ['YYZT', flag(objections.length > 0)],
  ] as const;
}

function writeOwner(owner: Owner, sequence: number, shown: boolean): string {
  return markup('QLR', [
    ['SXH', String(sequence)],
    ['QLRMC', owner.name],
    ['ZJZL', '1'],
    ['ZJH', shown ? owner.idNumber : masked(owner.idNumber)],
    ['GYFS', owner.ownership],
    ['QLBL', owner.share],
    ['SFCZR', flag(owner.holdsCertificate)],
  ]);
}

/** A general mortgage has a secured amount, a maximum-amount mortgage its maximum (wire spec 3.1, DYFS). */
function writeMortgage(mortgage: Mortgage): string {
  const amount = amountIn(mortgage.unit === '元' ? '元' : '万元', mortgage.securedFen, 0);
  return markup('DYAQ', [
    ['BDCDJZMH', mortgage.certificateNumber],
    ['DYQR', mortgage.mortgagee],
    ['DYFS', mortgage.kind],
    ['BDBZZQSE', mortgage.kind === '2' ? '' : amount],
    ['ZGZQSE', mortgage.kind === '2' ? amount : ''],
    ['JEDW', mortgage.unit === '' ? undefined : mortgage.unit],
    ['ZWLXQSSJ', mortgage.from],
    ['ZWLXJSSJ', mortgage.to],
    ['DYSW', mortgage.rank],
    ['DJSJ', storedTime(mortgage.registeredAt)],
    ['QSZT', mortgage.state],
  ]);
}

/** Fen as a decimal of yuan or ten thousand yuan, exactly, with `places` decimals at least. */
export function amountIn(unit: '元' | '万元', fen: number, places: number): string {
  const shift = unit === '元' ? 2 : 6;
  const digits = String(fen).padStart(shift + 1, '0');
  const fraction = digits.slice(-shift).replace(/0+$/, '').padEnd(places, '0');
  return digits.slice(0, -shift) + (fraction === '' ? '' : `.${fraction}`);
}

export function isCurrent({ state }: { readonly state: string }): boolean {
  return state === '1';
}

function flag(value: boolean): string {
  return value ? '1' : '0';
}

/** Co-owners' numbers come with stars in the middle (wire spec 3.2, traps). */
function masked(number: string): string {
  return (
    number.slice(0, 6) + '*'.repeat(Math.max(0, number.length - 10)) + number.slice(Math.max(6, number.length - 4))
  );
}
