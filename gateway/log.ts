import { type Logger, pino } from 'pino';

/** Members that never reach the log, wherever they stand. */
const REDACTED = ['authorization', 'cookie', 'idNumber', 'name', 'phone', 'password', 'secret', 'token', 'variables'];

/** The program's log: JSON lines on standard output. */
export function createLog(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: REDACTED.flatMap((member) => [member, `*.${member}`, `*.*.${member}`]), censor: '[redacted]' },
  });
}
