import { parentPort } from 'node:worker_threads';
import type { DocumentFault, PlannerMessage, PlannerReply, PlannerRequest, PlannerResults } from './messages.ts';
import { NoPlan } from './no-plan.ts';
import { SupergraphPlanner } from './supergraph-planner.ts';

/** The planner's thread: plans however long it takes, while requests go on beside it. */
const planners = new Map<string, SupergraphPlanner>();

function answer(request: PlannerRequest): PlannerResults[keyof PlannerResults] {
  switch (request.kind) {
    case 'load': {
      const planner = new SupergraphPlanner(request.supergraphSdl);
      planners.set(request.generation, planner);
      return planner.loaded;
    }
    case 'validate':
      return planner(request.generation).validate(request.document);
    case 'plan':
      return planner(request.generation).plan(request.operation, request.overrideLabels);
    case 'release':
      planners.delete(request.generation);
      return undefined;
  }
}

function planner(generation: string): SupergraphPlanner {
  const found = planners.get(generation);
  if (!found) throw new Error(`no supergraph ${generation}`);
  return found;
}

function fault(error: unknown): DocumentFault {
  if (!(error instanceof Error)) return { message: String(error) };
  const { locations } = error as { locations?: DocumentFault['locations'] };
  return {
    message: error.message,
    ...(locations && { locations: locations.map(({ line, column }) => ({ line, column })) }),
  };
}

parentPort?.on('message', ({ id, request }: PlannerMessage) => {
  let reply: PlannerReply;
  parentPort?.postMessage({ id, began: true } satisfies PlannerReply);
  try {
    reply = { id, result: answer(request) };
  } catch (error) {
    const noPlan = error instanceof NoPlan ? (error.tooLarge ? 'too large' : 'impossible') : undefined;
    reply = { id, fault: fault(error), ...(noPlan && { noPlan }) };
  }
  parentPort?.postMessage(reply);
});
