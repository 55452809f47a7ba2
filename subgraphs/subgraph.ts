import type { GraphQLSchema } from 'graphql';
import type { z } from 'zod';
import type { AuditReader } from '../adapters/audit-log/audit-log.ts';
import type { Store } from '../adapters/database/store.ts';
import type { CallObserver } from '../adapters/transport/observe.ts';
import type { Clock } from '../adapters/values/china-time.ts';
import type { Trail } from './access/trail.ts';
import type { Viewer } from './access/viewer.ts';
import type { Directory } from './services/directory.ts';

/** What a subgraph is given by the program that hosts it. */
export interface SubgraphServices {
  /** Opens the store on first use; a subgraph that keeps nothing never asks for it. */
  readonly store: () => Promise<Store>;
  readonly clock: Clock;
  /** Told of every call to a department. */
  readonly observer: CallObserver;
  /** Offices and the accounts that act for them. */
  readonly directory: Directory;
  /** Opens the audit log for reading; undefined where none is kept. */
  readonly auditLog?: (() => Promise<AuditReader>) | undefined;
  /** Told of every failure that no caller is told of: in workers and listeners. Holds no personal data. */
  readonly report: (error: unknown, place: string) => void;
}

/** What a subgraph knows of the request it works for. */
export interface RequestScope {
  /** Aborted when the client has left or the request's deadline has passed. */
  readonly signal: AbortSignal;
  readonly requestId: string;
  /** The header `idempotency-key` of the request. */
  readonly idempotencyKey?: string | undefined;
  /** Who asks; undefined where access is not controlled. */
  readonly viewer?: Viewer | undefined;
  /** Told of the residents and cases that the request touches; undefined where nobody keeps a trail. */
  readonly trail?: Trail | undefined;
}

/** A subgraph in service. */
export interface Subgraph {
  readonly schema: GraphQLSchema;
  /** The context of one request: its loaders, made anew for each. */
  context(scope: RequestScope): object;
  /** Starts listeners and workers, where it has any. */
  start?(): Promise<void> | void;
  /** Ends them, lets running calls finish and closes the department's sockets. */
  stop(): Promise<void>;
}

/**
 * A subgraph as a module: what its section of the configuration holds, and how it is put in service. The host only starts and stops
 * the modules that configuration names.
 */
export interface SubgraphModule<Settings extends z.ZodType = z.ZodType> {
  /** The name of its SDL file and of its section: `medical`. */
  readonly name: string;
  readonly settings: Settings;
  create(settings: z.output<Settings>, services: SubgraphServices): Promise<Subgraph>;
}

/** Declares a module; keeps the settings' type between its two uses. */
export function defineSubgraph<Settings extends z.ZodType>(module: SubgraphModule<Settings>): SubgraphModule {
  return module as unknown as SubgraphModule;
}
