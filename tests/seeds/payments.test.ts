import { describe, expect, test } from 'vitest';
import { DEFAULT_FEES } from '../../adapters/non-tax/fees.ts';
import { breaking, byKey, POPULATIONS, referencesOf } from './populations.ts';

describe.each(POPULATIONS)('payments of %s', (_, population) => {
  const { nonTax, realEstate, residents } = population;
  const notices = byKey(nonTax.notices, ({ payCode }) => payCode);
  const referred = referencesOf(population, 'payment');

  test('each belong to one case of S01, by the resident who pays', () => {
    expect(referred.map(({ reference }) => reference.reference).sort()).toEqual([...notices.keys()].sort());
    expect(
      breaking(
        referred,
        ({ case: one, reference }) =>
          one.itemId === 'S01' && notices.get(reference.reference)?.payerIdNumber === one.applicantIdNumber,
      ),
    ).toEqual([]);
    const known = byKey(residents, ({ idNumber }) => idNumber);
    expect(
      breaking(nonTax.notices, ({ payerIdNumber, payerName }) => known.get(payerIdNumber)?.name === payerName),
    ).toEqual([]);
  });

  test('name the check code in the reference exactly when the notice has one', () => {
    expect(
      breaking(referred, ({ reference }) => {
        const crcCode = notices.get(reference.reference)?.crcCode ?? '';
        return crcCode === '' ? !('crcCode' in reference.values) : reference.values.crcCode === crcCode;
      }),
    ).toEqual([]);
  });

  test('have items that make the amount, at the fees of the table', () => {
    expect(
      breaking(
        nonTax.notices,
        ({ items, originalFen }) => items.reduce((sum, { amountFen }) => sum + amountFen, 0) === originalFen,
      ),
    ).toEqual([]);
    expect(
      breaking(
        nonTax.notices.flatMap(({ items }) => items),
        ({ code, name, unit, amountFen, quantity }) => {
          const rows = DEFAULT_FEES.filter(
            (row) => row.itemName === name && row.itemCode === code && row.unit === unit,
          );
          return amountFen > 0 && rows.some((row) => row.amountFen === null || row.amountFen * quantity === amountFen);
        },
      ),
    ).toEqual([]);
  });

  test('were paid after they were opened, and have a receipt only then', () => {
    expect(
      breaking(nonTax.notices, ({ state, payment, eReceipt, billDate }) => {
        if (state !== 'paid') return payment === undefined && eReceipt === undefined;
        if (payment === undefined) return false;
        const receiptOn = eReceipt?.issuedOn ?? payment.at.slice(0, 10);
        return payment.at.slice(0, 10) >= billDate && receiptOn >= payment.at.slice(0, 10) && receiptOn <= '2026-03-31';
      }),
    ).toEqual([]);
    expect(new Set(nonTax.notices.map(({ state }) => state))).toEqual(new Set(['paid', 'unpaid', 'void']));
  });

  test('can still be made: no unpaid notice is past its day', () => {
    const unpaid = nonTax.notices.filter(({ state }) => state === 'unpaid');
    expect(breaking(unpaid, ({ dueDate }) => dueDate === null || dueDate >= population.asOf)).toEqual([]);
    expect(unpaid.some(({ lateFeeFen }) => lateFeeFen > 0)).toBe(true);
  });

  test('decide about their case: paid is closed, unpaid is open, void without a new notice is void', () => {
    expect(
      breaking(referred, ({ case: one, reference }) => {
        const { state, eReceipt } = notices.get(reference.reference) ?? {};
        if (state === 'void') return one.status === '-1' || one.references.length > 1;
        if (state === 'unpaid') return one.status === '2';
        return one.status === '3' && one.result?.certificateNumber === (eReceipt?.number ?? '');
      }),
    ).toEqual([]);
  });

  test('of a registration say the same on both sides', () => {
    const registrations = byKey(realEstate.registrations, ({ payCode }) => payCode ?? '');
    const linked = nonTax.notices.filter(({ payCode }) => registrations.has(payCode));
    expect(linked.length).toBe(realEstate.registrations.length);
    expect(
      breaking(linked, (notice) => {
        const registration = registrations.get(notice.payCode);
        return (
          registration !== undefined &&
          registration.applicantIdNumber === notice.payerIdNumber &&
          registration.feeFen === notice.originalFen &&
          registration.feeFen === (registration.residential ? 8_000 : 55_000) &&
          registration.paidAt === (notice.payment?.at ?? null) &&
          registration.tradeNumber === (notice.payment?.tradeNumber ?? null) &&
          registration.eReceipt?.number === notice.eReceipt?.number &&
          registration.eReceipt?.code === notice.eReceipt?.code &&
          registration.acceptedAt <= (notice.payment?.at ?? '9')
        );
      }),
    ).toEqual([]);
    const ofRegistry = nonTax.notices.filter(({ unitCode }) => unitCode === '038002');
    expect(breaking(ofRegistry, ({ payCode }) => registrations.has(payCode))).toEqual([]);
  });
});
