import type { Population, PropertySeed, RealEstateSeed } from '../../../seeds/model.ts';
import { oldNumber } from './request-attributes.ts';

/** A mortgage as registered; the unit of its amount may have been forgotten (wire spec 3.2, traps). */
export type Mortgage = Omit<PropertySeed['mortgages'][number], 'unit'> & { readonly unit: '元' | '万元' | '' };

export type Seizure = PropertySeed['seizures'][number];

/** One unit and certificate. Never changed in place, so that a query's result stays what it was (wire spec 3.5). */
export type Property = Omit<PropertySeed, 'mortgages'> & { readonly mortgages: readonly Mortgage[] };

/** Position of a property in the register: stays with it through every change. */
export type FolioNumber = number;

/** The register itself: properties by owner, unit and certificate, and whose number is whose. */
export class LandRegister {
  readonly #folios: Property[] = [];
  readonly #byOwner = new Map<string, Set<FolioNumber>>();
  readonly #byUnit = new Map<string, Set<FolioNumber>>();
  readonly #byCertificate = new Map<string, Set<FolioNumber>>();
  readonly #names = new Map<string, string>();

  constructor(residents: Population['residents'], properties: RealEstateSeed['properties']) {
    for (const { idNumber, name } of residents) this.#know(idNumber, name);
    for (const property of properties) this.enter(property);
  }

  /** The name that belongs to a number, 15 or 18 digits; undefined when nobody here has it. */
  nameOf(idNumber: string): string | undefined {
    return this.#names.get(idNumber);
  }

  /** Enters a new folio. */
  enter(property: Property): FolioNumber {
    const number = this.#folios.push(property) - 1;
    for (const { idNumber, name } of property.owners) {
      file(this.#byOwner, idNumber, number);
      this.#know(idNumber, name);
    }
    if (property.unitNumber !== '') file(this.#byUnit, property.unitNumber, number);
    file(this.#byCertificate, normalCertificate(property.certificateNumber), number);
    return number;
  }

  /** Replaces a folio's content; its owners, unit and certificate stay. */
  change(number: FolioNumber, change: Partial<Omit<Property, 'owners' | 'unitNumber' | 'certificateNumber'>>): void {
    const property = this.#folios[number];
    if (property) this.#folios[number] = { ...property, ...change };
  }

  /** Everything registered under exactly this number, historical entries included. */
  ofOwner(idNumber: string): readonly Property[] {
    return this.#of(this.#byOwner.get(idNumber));
  }

  ofCertificate(certificateNumber: string): readonly Property[] {
    return this.#of(this.#byCertificate.get(normalCertificate(certificateNumber)));
  }

  /** Current rights of a unit (wire spec 3.4), with their folio numbers. */
  currentOfUnit(unitNumber: string): readonly (readonly [FolioNumber, Property])[] {
    return [...(this.#byUnit.get(unitNumber) ?? [])]
      .map((number) => [number, this.#folios[number] as Property] as const)
      .filter(([, { state }]) => state === '1');
  }

  #of(numbers: Iterable<FolioNumber> = []): readonly Property[] {
    return [...numbers].map((number) => this.#folios[number] as Property);
  }

  #know(idNumber: string, name: string): void {
    const old = oldNumber(idNumber);
    if (!this.#names.has(idNumber)) this.#names.set(idNumber, name);
    if (old !== undefined && !this.#names.has(old)) this.#names.set(old, name);
  }
}

/** The service takes brackets of either width (wire spec 3.3, 6.2). */
export function normalCertificate(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, '');
}

function file(index: Map<string, Set<FolioNumber>>, key: string, number: FolioNumber): void {
  const numbers = index.get(key);
  if (numbers) numbers.add(number);
  else index.set(key, new Set([number]));
}
