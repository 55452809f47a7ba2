import { flatAt, type Home, TOWNS, type Town, villageHouseAt } from '../places.ts';

/** The parcels of the named residents' flats, and the round of their village houses, belong to nobody else. */
const FIRST_PARCEL = 20_000;
const ROUND = 25;

/** A flat on a parcel of the named residents' own; `parcel` counts from 1. */
export function flatOf(
  town: string,
  village: number,
  parcel: number,
  [building, floor, door]: readonly [building: number, floor: number, door: number],
): Home {
  return flatAt({ home: townNamed(town), village, parcel: FIRST_PARCEL + parcel, building, floor, door });
}

/** @param name of the village, when it is not the number's own */
export function houseOf(town: string, village: number, lot: number, name?: string): Home {
  return villageHouseAt({
    home: townNamed(town),
    village,
    lot,
    round: ROUND,
    ...(name !== undefined && { name }),
  });
}

function townNamed(name: string): Town {
  const found = TOWNS.find((town) => town.name === name);
  if (!found) throw new RangeError(`no such town: ${name}`);
  return found;
}
