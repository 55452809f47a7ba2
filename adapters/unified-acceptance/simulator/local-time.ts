/** The platform writes local time, `yyyy-MM-dd HH:mm:ss`, of Asia/Shanghai (wire spec 2). Texts of this form compare as times. */

const OFFSET_MS = 8 * 3_600_000;

/** `yyyy-MM-dd HH:mm:ss` of an instant in milliseconds since 1970. */
export function localTime(instant: number): string {
  return new Date(instant + OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** `yyyyMMdd` of an instant. */
export function localDay(instant: number): string {
  return localTime(instant).slice(0, 10).replaceAll('-', '');
}

/** The instant of a local time. */
export function instantOf(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`) - OFFSET_MS;
}

/** True for a local time that calendar and clock have. */
export function isLocalTime(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text)) return false;
  const instant = instantOf(text);
  return !Number.isNaN(instant) && localTime(instant) === text;
}

/** True for a `yyyy-MM-dd` that the calendar has. */
export function isLocalDate(text: string): boolean {
  return isLocalTime(`${text} 00:00:00`);
}
