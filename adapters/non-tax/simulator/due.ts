import { chinaDate } from '../../values/china-time.ts';
import type { Notice } from './notices.ts';

/** True when an unpaid notice's last day to pay is over (11003). `now` is the department's clock. */
export function isOverdue(notice: Notice, now: number): boolean {
  return notice.state === 'unpaid' && notice.dueDate !== null && chinaDate(now) > notice.dueDate;
}
