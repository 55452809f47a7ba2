import { composeMedicalMessageId, type MedicalMessageId } from '../identifiers/medical-message-id.ts';
import type { MedicalProvider } from '../identifiers/medical-provider.ts';
import type { Counter } from '../transport/counter.ts';
import { type Clock, chinaCompactDate, chinaCompactDateTime } from '../values/china-time.ts';

/** A message id with the instant that it carries: `inf_time` is the same (wire spec 2.1, 2.3). */
export interface MessageNumber {
  readonly messageId: MedicalMessageId;
  /** Milliseconds since 1970. */
  readonly instant: number;
}

/** Serials 1 to 4999 are given once a day, 5000 to 9999 once a second. */
const DAILY = 4_999;
const EACH_SECOND = 5_000;

/**
 * Numbers messages: provider, second, four digits (wire spec 2.3). The counter is what makes them unique; the clock is not trusted:
 *
 * - a provider's first 4999 messages of a day take their serial from a series of that day, so that two of them differ in the serial
 *   whatever their seconds are, even when the clock was set back;
 * - later ones take 5000 to 9999 from a series of their second, so that two of the same second differ in the serial. A second
 *   that has given all of them is left for the next one.
 *
 * The two ranges never meet, and a counter never gives a number of a series twice, across restarts and processes: no message id is
 * ever composed again.
 */
export class MessageNumbers {
  readonly #counter: Counter;
  readonly #clock: Clock;
  /** The last day of each provider whose daily serials are known to be used up. */
  readonly #usedUp = new Map<MedicalProvider, string>();

  constructor(counter: Counter, clock: Clock) {
    this.#counter = counter;
    this.#clock = clock;
  }

  async next(provider: MedicalProvider): Promise<MessageNumber> {
    const now = this.#clock();
    return (await this.#ofDay(provider, now)) ?? this.#ofSecond(provider, now);
  }

  async #ofDay(provider: MedicalProvider, instant: number): Promise<MessageNumber | undefined> {
    const day = chinaCompactDate(instant);
    if (this.#usedUp.get(provider) === day) return undefined;
    const serial = await this.#counter.next(`medical-insurance/msgid/${provider}/${day}`);
    if (serial <= DAILY) return { messageId: composeMedicalMessageId({ provider, instant, serial }), instant };
    this.#usedUp.set(provider, day);
    return undefined;
  }

  async #ofSecond(provider: MedicalProvider, now: number): Promise<MessageNumber> {
    for (let instant = now; ; instant += 1_000) {
      const second = chinaCompactDateTime(instant);
      const place = await this.#counter.next(`medical-insurance/msgid/${provider}/${second}`);
      if (place > EACH_SECOND) continue;
      const serial = DAILY + place;
      return { messageId: composeMedicalMessageId({ provider, instant, serial }), instant };
    }
  }
}
