import { dayOf } from './calendar.ts';
import { idNumberOf } from './people.ts';
import { APPLICANTS } from './stories/applicants.ts';
import { INSURED_STORIES } from './stories/insured.ts';
import { MOTHERS } from './stories/mothers.ts';
import { OWNERS } from './stories/owners.ts';
import { PAYERS } from './stories/payers.ts';
import { RETIREE_IN_SHENZHEN } from './stories/retiree-in-shenzhen.ts';
import { idNumberIn, type Story } from './stories/story.ts';

/** The named residents, in the order of their indices: the first of every population. */
export const STORIES: readonly Story[] = [
  RETIREE_IN_SHENZHEN,
  ...INSURED_STORIES,
  ...MOTHERS,
  ...PAYERS,
  ...OWNERS,
  ...APPLICANTS,
];

export interface NamedResident {
  readonly idNumber: string;
  readonly name: string;
}

/** Story name to resident. */
export const NAMED: Readonly<Record<string, NamedResident>> = Object.fromEntries(
  STORIES.map((story) => [story.name, { idNumber: idNumberIn(story), name: story.person.name }]),
);

/** Someone with a valid number whom no system knows. */
export const STRANGER: NamedResident = { idNumber: idNumberOf('421202', dayOf('1986-09-09'), 941), name: '廖知远' };
