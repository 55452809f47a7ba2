/**
 * True when two digits are a province-level code of GB/T 2260 (省级行政区划代码), 83 being the one for residence
 * permits of people from Taiwan (identifiers.md 1). The provinces are the only part of a division code that has never
 * been renumbered.
 *
 * @example isProvince('42') // true, Hubei
 */
export function isProvince(digits: string): boolean {
  return /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])$/.test(digits);
}
