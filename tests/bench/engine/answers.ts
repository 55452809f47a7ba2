import type { Contender } from './contenders.ts';

/** A contender's answers to every request of a load. */
export interface Answers {
  /** `data` of each as JSON text: the order of its keys counts. */
  readonly data: readonly string[];
  /** Bytes of each whole answer. */
  readonly lengths: readonly number[];
}

const AT_ONCE = 20;

/** Asks every request once. Throws on an answer with errors or without data. */
export async function collectAnswers({ letter, url }: Contender, bodies: readonly string[]): Promise<Answers> {
  const data: string[] = [];
  const lengths: number[] = [];
  let next = 0;
  const ask = async () => {
    while (next < bodies.length) {
      const index = next;
      next += 1;
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: bodies[index] as string,
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`(${letter}) answers HTTP ${response.status}: ${text}`);
      const answer = JSON.parse(text);
      if (!answer.data || answer.errors) throw new Error(`(${letter}) answers with errors: ${text.slice(0, 2_000)}`);
      data[index] = JSON.stringify(answer.data);
      lengths[index] = Buffer.byteLength(text);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  return { data, lengths };
}

/** Throws where two contenders do not say the same, with the place where they part. */
export function compareAnswers(
  left: Contender,
  leftData: readonly string[],
  right: Contender,
  rightData: readonly string[],
) {
  for (const [index, expected] of leftData.entries()) {
    const found = rightData[index] ?? '';
    if (found === expected) continue;
    let at = 0;
    while (at < expected.length && expected[at] === found[at]) at += 1;
    const around = (text: string) => text.slice(Math.max(0, at - 80), at + 80);
    throw new Error(
      `not measured: (${left.letter}) and (${right.letter}) answer request ${index} differently at character ${at}:\n` +
        `(${left.letter}) …${around(expected)}…\n(${right.letter}) …${around(found)}…`,
    );
  }
}
