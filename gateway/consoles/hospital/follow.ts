import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayClient } from '../command-line/client.ts';
import { unfinished } from '../command-line/refusals.ts';
import type { Terminal } from '../command-line/terminal.ts';
import type { EndLine, EntryLine, ResultFile } from './files/result-file.ts';
import { type Course, FOLLOW, FOLLOWED_AT_ONCE } from './operations.ts';
import { Progress } from './progress.ts';

/** States that the platform's side does not leave any more. */
const ENDED = ['SETTLED', 'REJECTED', 'CANCELLED'];

/** Waits for a person: it is told, and not waited for. */
const MANUAL = 'MANUAL';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

interface FollowSurroundings {
  readonly terminal: Terminal;
  readonly client: GatewayClient;
  readonly stop: AbortSignal;
}

/**
 * Follows what a result file says is stored until every posting has ended or waits for a person, and notes each end in the file.
 * Gives true when all of them are settled. Throws `ConsoleRefusal` when the time is over.
 */
export async function follow(result: ResultFile, mostMs: number, surroundings: FollowSurroundings): Promise<boolean> {
  const { terminal, client, stop } = surroundings;
  const { entries, ends } = result.results;
  const posted = [...entries.values()].filter((line) => line.postingId !== null && line.status !== 'REFUSED');
  const open = new Set(posted.filter(({ index }) => !ENDED.includes(ends.get(index)?.state ?? '')));
  const progress = new Progress({
    terminal,
    what: { en: 'Following', zh: '跟踪' },
    total: posted.length,
    before: posted.length - open.size,
  });
  const until = Date.now() + mostMs;
  for (let pauseMs = FIRST_PAUSE_MS; open.size > 0; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.5)) {
    const before = open.size;
    for (const lines of slices([...open], FOLLOWED_AT_ONCE)) {
      const courses = await coursesOf(client, idsOf(lines));
      const found = lines.filter(({ postingId }) => isOver(courses.get(postingId ?? '')));
      result.addEnds(found.map((line) => endOf(line, courses.get(line.postingId ?? '') as Course)));
      for (const line of found) open.delete(line);
      progress.update(posted.length - open.size, countsOf(ends.values()));
    }
    if (open.size === 0) break;
    if (stop.aborted || Date.now() + pauseMs > until) {
      progress.end();
      throw unfinished({
        en: `${open.size} have not ended yet: the same command goes on following them.`,
        zh: `尚有${open.size}条未办结；再次执行同一命令可继续跟踪。`,
      });
    }
    if (open.size < before) pauseMs = FIRST_PAUSE_MS;
    await sleep(pauseMs, undefined, { signal: stop }).catch(() => undefined);
  }
  progress.end();
  const counts = countsOf(ends.values());
  terminal.result(terminal.text(counts));
  return posted.every(({ index }) => ends.get(index)?.state === 'SETTLED');
}

/** How postings stand, by their ids; without those that could not be told now. */
export async function coursesOf(client: GatewayClient, ids: readonly string[]): Promise<Map<string, Course>> {
  const variables = Object.fromEntries(
    Array.from({ length: FOLLOWED_AT_ONCE }, (_, place) => [`id${place}`, ids[place] ?? ids[0]]),
  );
  const data = await client.ask<Record<string, Course | null>>(FOLLOW, JSON.stringify(variables));
  return new Map(Object.values(data).flatMap((course) => (course ? [[course.id, course]] : [])));
}

export function* slices<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}

function idsOf(lines: readonly EntryLine[]): string[] {
  return lines.flatMap(({ postingId }) => (postingId === null ? [] : [postingId]));
}

function isOver(course: Course | undefined): boolean {
  return course !== undefined && (course.state === MANUAL || ENDED.includes(course.state));
}

function endOf({ index, line, document, version }: EntryLine, course: Course): EndLine {
  const { id, state, settledAt, outcome, failure } = course;
  return { record: 'end', index, line, document, version, postingId: id, state, settledAt, outcome, failure };
}

function countsOf(ends: Iterable<EndLine>) {
  const counts = { SETTLED: 0, REJECTED: 0, CANCELLED: 0, MANUAL: 0 };
  for (const { state } of ends) if (Object.hasOwn(counts, state)) counts[state as keyof typeof counts] += 1;
  const { SETTLED, REJECTED, CANCELLED } = counts;
  return {
    en: `settled ${SETTLED}, rejected ${REJECTED}, cancelled ${CANCELLED}, for a person ${counts.MANUAL}`,
    zh: `完成${SETTLED}，未成功${REJECTED}，已撤销${CANCELLED}，待人工处理${counts.MANUAL}`,
  };
}
