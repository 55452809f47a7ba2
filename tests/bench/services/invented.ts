import { withIdCheck } from '../../../seeds/population/check-digits.ts';

/** An invented person of Xian'an. */
export function invented(serial: number): string {
  return withIdCheck(
    `421202195001${String(1 + (Math.floor(serial / 900) % 28)).padStart(2, '0')}${String(serial % 900).padStart(3, '0')}`,
  );
}
