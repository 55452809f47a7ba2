import type { Books } from '../books.ts';
import { ageOn, dateText, dayOf } from '../calendar.ts';
import type { Life } from '../life.ts';
import { AS_OF_DAY, idNumberOf, type Person } from '../people.ts';
import { type Home, XIANAN } from '../places.ts';
import { Random, STREAMS } from '../random.ts';

/** A named resident: who it is, and what the departments know and why. The same in every population, whatever the seed. */
export interface Story {
  readonly name: string;
  /** One English sentence. */
  readonly text: string;
  readonly person: {
    readonly name: string;
    readonly sex: 'male' | 'female';
    /** `yyyy-MM-dd`. */
    readonly born: string;
    /** Of the identity number: odd for men, above 900 so that no other resident has it. */
    readonly sequence: number;
  };
  readonly home: Home;
  /** 12 digits, when the household registration is not at home; the identity number begins with its county. */
  readonly hukou?: string;
  /** When not at home. */
  readonly livesAt?: { readonly division: string; readonly address: string };
  tell(life: Life): void;
}

/** The identity number of a story's person. */
export function idNumberIn({ person, hukou }: Story): string {
  return idNumberOf(hukou?.slice(0, 6) ?? XIANAN, dayOf(person.born), person.sequence);
}

/** Writes a named resident into the books, as resident `index`. */
export function tell(books: Books, story: Story, index: number): void {
  const { home, livesAt } = story;
  const { name, sex } = story.person;
  const born = dayOf(story.person.born);
  const person: Person = {
    idNumber: idNumberIn(story),
    name,
    sex,
    born,
    age: ageOn(AS_OF_DAY, born),
    nation: '01',
    phone: `1380000${9001 + index}`,
    hukouCounty: story.hukou?.slice(0, 6) ?? XIANAN,
  };
  const resident: Life['resident'] = {
    idNumber: person.idNumber,
    name,
    sex,
    birthDate: dateText(born),
    nation: person.nation,
    phone: person.phone,
    hukouDivision: story.hukou ?? home.division,
    residenceDivision: livesAt?.division ?? home.division,
    address: livesAt?.address ?? home.location,
    story: { name: story.name, text: story.text },
  };
  books.residents.push(resident);
  story.tell({ seed: 0, index, person, resident, home, books, random: new Random(0, index, STREAMS.life) });
}
