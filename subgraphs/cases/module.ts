import { z } from 'zod';
import { populate } from '../../seeds/population.ts';
import { subgraphSchema } from '../schema.ts';
import { CASES_QUEUE } from '../services/case-events.ts';
import { Worker } from '../services/worker.ts';
import { defineSubgraph } from '../subgraph.ts';
import { CaseDesk } from './desk.ts';
import { followEvent } from './events.ts';
import { casesContext } from './loaders.ts';
import { fillRegistry } from './population.ts';
import { resolvers } from './resolvers.ts';
import { workingDays } from './working-days.ts';

/** Residents and their cases, from the case registry. No department is asked here, so that none can keep the others waiting. */
export const cases = defineSubgraph({
  name: 'cases',
  settings: z
    .strictObject({
      calendar: z
        .string()
        .min(1)
        .optional()
        .describe(
          'A file of working days by the State Council’s notices, for years that the program does not know yet',
        ),
      sandboxPopulation: z
        .strictObject({ seed: z.int().nonnegative(), residents: z.int().positive() })
        .optional()
        .describe('Fills an empty registry with invented residents; the sandbox only'),
    })
    .prefault({}),
  async create({ calendar, sandboxPopulation }, services) {
    const { clock, directory } = services;
    const store = await services.store();
    if (sandboxPopulation) await fillRegistry(store.registry, populate(sandboxPopulation));
    const desk = new CaseDesk(store, workingDays(calendar));
    const surroundings = { store, desk, clock, directory };
    const worker = new Worker({
      queue: CASES_QUEUE,
      inStore: true,
      tasks: store.tasks,
      writer: store,
      clock,
      alone: store.exclusive,
      handle: (task) =>
        Promise.resolve(
          followEvent(task, {
            ...surroundings,
            unfit: (why, { kind, caseId }) => services.report(new Error(why), `${kind} of case ${caseId}`),
          }),
        ),
      report: (error, task) => services.report(error, `${task.queue} ${task.kind} of case ${task.orderKey}`),
    });
    return {
      schema: subgraphSchema('cases', resolvers),
      context: (scope) => casesContext(surroundings, scope),
      start: () => worker.start(),
      stop: () => worker.stop(),
    };
  },
});
