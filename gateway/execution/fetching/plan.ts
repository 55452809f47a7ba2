import type { DeferredNode, FetchNode, PlanNode } from '@apollo/query-planner';
import type { SubgraphSource } from '../../supergraph/source.ts';
import type { SubgraphFacts } from '../planning/subgraph-facts.ts';
import { CompiledFetch } from './fetch.ts';
import type { Run } from './run.ts';
import { type PossibleTypes, targetPath } from './targets.ts';

/** Runs a part of a plan. Never rejects for what a subgraph does. */
export type Step = (run: Run) => Promise<void>;

/** What may come later: the parts of one `@defer` level, each after the fetches that it depends on. */
export interface DeferredPart {
  /** Our id of the fragment. */
  readonly id: string;
  /** The fetches that it needs, by their ids. */
  readonly depends: readonly string[];
  readonly plan: CompiledPlan;
}

export interface CompiledPlan {
  readonly step: Step;
  readonly deferred: readonly DeferredPart[];
}

export interface PlanOptions {
  readonly sourceOf: (name: string) => SubgraphSource;
  readonly possibleTypes: PossibleTypes;
  /** True where the supergraph has custom scalars. */
  readonly longNumbers: boolean;
  /** By subgraph. */
  readonly facts: Readonly<Record<string, SubgraphFacts>>;
}

const NOTHING: Step = async () => {};

/** Compiles a plan into steps. Throws for what it does not know. */
export function compilePlan(node: PlanNode | undefined, options: PlanOptions): CompiledPlan {
  const likes = likeFetches(node);
  const deferred: DeferredPart[] = [];

  const compile = (part: PlanNode | undefined, path: readonly (string | number)[]): Step => {
    switch (part?.kind) {
      case undefined:
        return NOTHING;
      case 'Sequence': {
        const steps = part.nodes.map((inner) => compile(inner, path));
        return async (run) => {
          for (const step of steps) await step(run);
        };
      }
      case 'Parallel': {
        const steps = part.nodes.map((inner) => compile(inner, path));
        return async (run) => {
          await Promise.all(steps.map((step) => step(run)));
        };
      }
      case 'Flatten':
        return compile(part.node, [...path, ...part.path]);
      case 'Condition': {
        const { condition } = part;
        const whenTrue = compile(part.ifClause, path);
        const whenFalse = compile(part.elseClause, path);
        return (run) => (run.variables[condition] === true ? whenTrue(run) : whenFalse(run));
      }
      case 'Fetch': {
        const { possibleTypes } = options;
        const source = options.sourceOf(part.serviceName);
        const fetch = new CompiledFetch(part, targetPath(path, possibleTypes), {
          source,
          possibleTypes,
          longNumbers: options.longNumbers,
          facts: options.facts[part.serviceName] ?? { keys: {}, requirements: {} },
          likes: likes.get(likeKey(part) ?? ''),
        });
        const { id } = part;
        return id === undefined ? (run) => fetch.run(run) : (run) => run.finish(id, fetch.run(run));
      }
      case 'Defer': {
        for (const later of part.deferred) deferred.push(compileDeferred(later, options));
        return compile(part.primary.node, path);
      }
    }
  };

  return { step: compile(node, []), deferred };
}

function compileDeferred({ label, depends, node }: DeferredNode, options: PlanOptions): DeferredPart {
  if (label === undefined) throw new Error('a deferred part without a label');
  return { id: label, depends: depends.map(({ id }) => id), plan: compilePlan(node, options) };
}

/** A token for every kind of fetch that stands in a plan more than once: such fetches travel as one when they start together. */
function likeFetches(node: PlanNode | undefined): Map<string, object> {
  const counts = new Map<string, number>();
  const count = (part: PlanNode | undefined): void => {
    switch (part?.kind) {
      case 'Sequence':
      case 'Parallel':
        for (const inner of part.nodes) count(inner);
        break;
      case 'Flatten':
        count(part.node);
        break;
      case 'Condition':
        count(part.ifClause);
        count(part.elseClause);
        break;
      case 'Defer':
        count(part.primary.node);
        break;
      case 'Fetch': {
        const key = likeKey(part);
        if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
  };
  count(node);
  return new Map([...counts].filter(([, times]) => times > 1).map(([key]) => [key, {}]));
}

/** What two fetches have in common when they can travel as one; undefined for one that travels alone. */
function likeKey({ serviceName, operation, requires, contextRewrites }: FetchNode): string | undefined {
  return requires && !contextRewrites ? `${serviceName} ${operation}` : undefined;
}
