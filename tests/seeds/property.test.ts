import { describe, expect, test } from 'vitest';
import { breaking, byKey, POPULATIONS, referencesOf } from './populations.ts';

describe.each(POPULATIONS)('property of %s', (_, population) => {
  const { realEstate, residents } = population;
  const properties = byKey(realEstate.properties, ({ certificateNumber }) => certificateNumber);
  const known = new Set(residents.map(({ idNumber }) => idNumber));

  test('is owned by about one resident in eight', () => {
    const owners = new Set(
      realEstate.properties.flatMap((one) => one.owners.map(({ idNumber }) => idNumber)).filter((id) => known.has(id)),
    );
    expect(owners.size / residents.length).toBeGreaterThan(0.09);
    expect(owners.size / residents.length).toBeLessThan(0.16);
  });

  test('has shares that agree with the kind of ownership', () => {
    expect(
      breaking(realEstate.properties, ({ owners }) =>
        owners.length === 1
          ? owners[0]?.ownership === '0'
          : owners.every(({ ownership, share }) => ownership !== '0' && share === '50%'),
      ),
    ).toEqual([]);
  });

  test('was priced in whole hundreds of yuan, so that the registry can write 万元 with two decimals', () => {
    const priced = realEstate.properties.flatMap(({ priceFen }) => priceFen ?? []);
    expect(breaking(priced, (price) => Number.isInteger(price) && price % 10_000 === 0)).toEqual([]);
  });

  test('is burdened only after it was registered', () => {
    expect(
      breaking(realEstate.properties, ({ registeredAt, mortgages, seizures, preNotices, objections }) =>
        [...mortgages, ...seizures, ...preNotices, ...objections].every(
          (burden) => burden.registeredAt >= registeredAt,
        ),
      ),
    ).toEqual([]);
  });

  test('was registered by the population’s day', () => {
    expect(breaking(realEstate.properties, ({ registeredAt }) => registeredAt <= '2026-03-31 17:30:00')).toEqual([]);
  });

  test('is mortgaged in both units, seized, waited for, pre-noticed, old, rural, co-owned, and of the past', () => {
    const { properties: all } = realEstate;
    const mortgages = all.flatMap((one) => one.mortgages);
    expect(new Set(mortgages.map(({ unit }) => unit))).toEqual(new Set(['元', '万元']));
    expect(all.flatMap((one) => one.seizures).some(({ kind }) => kind === '2')).toBe(true);
    expect(all.some(({ preNotices }) => preNotices.length > 0)).toBe(true);
    expect(all.some(({ unitNumber }) => unitNumber === '')).toBe(true);
    expect(all.some(({ rightType }) => rightType === '6')).toBe(true);
    expect(all.some(({ owners }) => owners.length === 2)).toBe(true);
    expect(all.some(({ state }) => state === '2')).toBe(true);
  });

  test('is named by every registration and query with what it is read by', () => {
    const referred = [...referencesOf(population, 'registration'), ...referencesOf(population, 'property-query')];
    expect(referred.length).toBeGreaterThan(20);
    expect(
      breaking(referred, ({ reference: { values } }) => {
        const property = properties.get(values.certificateNumber ?? '');
        return (
          property !== undefined &&
          (values.unitNumber ?? '') === property.unitNumber &&
          property.owners[0]?.name === values.ownerName
        );
      }),
    ).toEqual([]);
  });

  test('that is asked about belongs to the one who asks', () => {
    expect(
      breaking(
        referencesOf(population, 'property-query'),
        ({ case: one, reference: { values, reference } }) =>
          one.itemId === 'S03' &&
          /^SQ\d{12}$/.test(reference) &&
          properties
            .get(values.certificateNumber ?? '')
            ?.owners.some(({ idNumber }) => idNumber === one.applicantIdNumber) === true,
      ),
    ).toEqual([]);
  });

  test('stands in the applicant’s name once the registration was paid and made, and is promised by a pre-notice before', () => {
    const registrations = byKey(realEstate.registrations, ({ acceptanceNumber }) => acceptanceNumber);
    expect(
      breaking(referencesOf(population, 'registration'), ({ case: one, reference }) => {
        const registration = registrations.get(reference.reference);
        const property = properties.get(reference.values.certificateNumber ?? '');
        if (registration === undefined || property === undefined) return false;
        const owned = property.owners.some(({ idNumber }) => idNumber === one.applicantIdNumber);
        const promised = property.preNotices.some(({ holder }) => holder === one.applicantName);
        const made = property.registeredAt >= registration.acceptedAt;
        return made ? owned && registration.paidAt !== null : owned || promised;
      }),
    ).toEqual([]);
  });
});
