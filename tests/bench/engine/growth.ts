import { collectAnswers } from './answers.ts';
import type { Timing } from './comparison.ts';
import { type Contender, startContender } from './contenders.ts';
import { DEPARTMENTS, GROWTH_GRAPH } from './graph.ts';
import { measure, type Requests } from './measure.ts';
import { openStage } from './stage.ts';
import { fitLine, type Line, median } from './statistics.ts';

const ENTITIES = [1, 10, 100, 1_000];
/** Residents in the list while departments are added. */
export const RESIDENTS_PER_DEPARTMENT = 10;
const VARIANTS = 100;
const WARM_UP_SECONDS = 1.5;

export interface GrowthPoint {
  readonly entities: number;
  readonly departments: number;
  readonly answerKb: number;
  /** CPU of the gateway, milliseconds per request. */
  readonly cpu: number;
}

export interface Growth {
  readonly byEntities: readonly GrowthPoint[];
  readonly byDepartments: readonly GrowthPoint[];
  readonly perEntity: Line;
  readonly perKb: Line;
  readonly perDepartment: Line;
  /** Share of the gateway's core that went to others, in the worst measurement, 0 to 1. */
  readonly disturbed: number;
}

/** How the gateway's CPU per request grows with the length of a list and with departments beside each other. */
export async function measureGrowth({ rounds, seconds }: Timing): Promise<Growth> {
  const stage = await openStage('growth', GROWTH_GRAPH);
  const gateway = await startContender('g', stage);
  try {
    const lists = ENTITIES.map((entities) => ({ entities, departments: 1 }));
    const departments = Array.from({ length: DEPARTMENTS }, (_, index) => ({
      entities: RESIDENTS_PER_DEPARTMENT,
      departments: index + 1,
    }));
    const points = [];
    for (const size of [...lists, ...departments]) {
      const requests = await prepare(gateway, size);
      await measure(stage, gateway, requests, WARM_UP_SECONDS);
      points.push({ size, requests, cpu: [] as number[] });
    }
    let disturbed = 0;
    for (let round = 0; round < rounds; round += 1) {
      for (const { requests, cpu } of points) {
        const measured = await measure(stage, gateway, requests, seconds / 2);
        cpu.push(measured.cpu / 1_000);
        disturbed = Math.max(disturbed, measured.disturbed);
      }
    }
    const measured = points.map(({ size, requests: { lengths }, cpu }): GrowthPoint => {
      const answerKb = lengths.reduce((sum, length) => sum + length, 0) / lengths.length / 1_000;
      return { ...size, answerKb, cpu: median(cpu) };
    });
    const byEntities = measured.slice(0, lists.length);
    const byDepartments = measured.slice(lists.length);
    return {
      byEntities,
      byDepartments,
      perEntity: fitLine(byEntities.map(({ entities, cpu }) => [entities, cpu])),
      perKb: fitLine(byEntities.map(({ answerKb, cpu }) => [answerKb, cpu])),
      perDepartment: fitLine(byDepartments.map(({ departments, cpu }) => [departments, cpu])),
      disturbed,
    };
  } finally {
    await gateway.stop();
    await stage.close();
  }
}

interface Size {
  readonly entities: number;
  readonly departments: number;
}

async function prepare(gateway: Contender, { entities, departments }: Size): Promise<Requests> {
  const records = Array.from({ length: departments }, (_, index) => `record${index + 1} { number state amount note }`);
  const query = `query ($from: Int!, $first: Int!) { residents(from: $from, first: $first) { id name ${records.join(' ')} } }`;
  const bodies = Array.from({ length: VARIANTS }, (_, variant) =>
    JSON.stringify({ query, variables: { from: variant * 7, first: entities } }),
  );
  const { data, lengths } = await collectAnswers(gateway, bodies);
  for (const text of data) {
    const { residents } = JSON.parse(text) as { residents: object[] };
    const whole = residents.every((resident) => Object.values(resident).length === 2 + departments);
    if (residents.length !== entities || !whole) throw new Error(`not measured: ${text.slice(0, 200)}`);
  }
  return { bodies, lengths };
}
