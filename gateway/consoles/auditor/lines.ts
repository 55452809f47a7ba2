import type { Terminal } from '../command-line/terminal.ts';
import type { Line } from './operations.ts';

/** Shows a record: one line of who and what, and one for each department that was called. */
export function showLine(record: Line, terminal: Terminal, number?: number): void {
  const { at, kind, actor, operation, decision, outcome, durationMs, calls, denied } = record;
  const place = number === undefined ? `#${record.index}` : `${number} (#${record.index})`;
  const what = operation ? `${operation.name || operation.hash.slice(0, 12)}` : kind;
  const ended = outcome ? `${outcome.status}${outcome.codes.length > 0 ? ` ${outcome.codes.join(' ')}` : ''}` : kind;
  const took = durationMs === null ? '' : ` ${Math.round(durationMs)} ms`;
  terminal.result(
    `${place}  ${at}  ${actor.account ?? actor.subject} [${actor.purpose}]  ${what}  ${decision}  ${ended}${took}`,
  );
  const classes = record.fields
    .filter(({ sensitivity }) => sensitivity !== 'NONE')
    .map(({ sensitivity, names }) => `${sensitivity} ${names.length}`);
  if (classes.length > 0) terminal.result(`      ${classes.join(', ')}`);
  if (denied.length > 0) {
    terminal.result(`      ${terminal.text({ en: 'denied:', zh: '拒绝：' })} ${denied.join(', ')}`);
  }
  for (const { department, transaction, write, outcome: came, reference, durationMs: ms } of calls) {
    const mode = terminal.text(write ? { en: 'write', zh: '写' } : { en: 'read', zh: '读' });
    terminal.result(
      `      → ${department} ${transaction} (${mode})  ${came}  ${reference ?? ''}  ${Math.round(ms)} ms`,
    );
  }
}
