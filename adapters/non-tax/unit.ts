import { invalidInput } from '../values/checked.ts';
import type { CollectingUnitSettings } from './settings.ts';

/** The unit of that code in the settings: a unit comes from finance's table and is looked up (wire spec 6.4). Throws `INVALID_INPUT`. */
export function unitOf(units: readonly CollectingUnitSettings[], code: string, input: string): CollectingUnitSettings {
  const unit = units.find((candidate) => candidate.code === code);
  if (unit === undefined) throw invalidInput(input, 'no collecting unit of that code is set');
  return unit;
}
