import type { QueryPlan } from '@apollo/query-planner';
import type { SubgraphFacts } from './subgraph-facts.ts';

/** What the planner's thread is asked. `generation` names a supergraph that was loaded before. */
export type PlannerRequest =
  | { readonly kind: 'load'; readonly generation: string; readonly supergraphSdl: string }
  | { readonly kind: 'validate'; readonly generation: string; readonly document: string }
  | {
      readonly kind: 'plan';
      readonly generation: string;
      /** One operation, without fragments and conditions. */
      readonly operation: string;
      /** The labels of `@override` that hold for this plan. */
      readonly overrideLabels: readonly string[];
    }
  | { readonly kind: 'release'; readonly generation: string };

/** What it answers, by the kind of request. */
export interface PlannerResults {
  load: LoadedSupergraph;
  validate: readonly DocumentFault[];
  plan: QueryPlan;
  release: undefined;
}

/** What the gateway's own thread needs to know of a supergraph. */
export interface LoadedSupergraph {
  /** The API schema: what clients may ask, `@defer` included. */
  readonly apiSdl: string;
  readonly subgraphs: readonly { readonly name: string; readonly url: string }[];
  /** Every label that an `@override` waits for. */
  readonly overrideLabels: readonly string[];
  /** The object types, and types that are interfaces elsewhere, that stand for each abstract type of the whole supergraph. */
  readonly possibleTypes: Readonly<Record<string, readonly string[]>>;
  /** By subgraph. */
  readonly facts: Readonly<Record<string, SubgraphFacts>>;
  /** A start for response names that no field of the supergraph has. */
  readonly slotPrefix: string;
  /** False when every leaf is of a built-in scalar or an enum, whose numbers JSON.parse reads unharmed. */
  readonly hasCustomScalars: boolean;
}

/** Why a document is not valid, and where. */
export interface DocumentFault {
  readonly message: string;
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
}

export interface PlannerMessage {
  readonly id: number;
  readonly request: PlannerRequest;
}

export type PlannerReply =
  /** The thread turns to it; what it did before is over. */
  | { readonly id: number; readonly began: true }
  | { readonly id: number; readonly result: PlannerResults[keyof PlannerResults] }
  | {
      readonly id: number;
      readonly fault: DocumentFault;
      /** Why a valid operation has no plan; undefined for any other fault. */
      readonly noPlan?: 'too large' | 'impossible';
    };
