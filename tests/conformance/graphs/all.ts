import { context } from './context.ts';
import { failures } from './failures.ts';
import type { GraphDefinition } from './graph.ts';
import { ledger } from './ledger.ts';
import { media } from './media.ts';
import { moving } from './moving.ts';
import { registryGraph } from './registry.ts';
import { shop } from './shop.ts';

/** Every graph of the differential tests. Between them they use every directive of federation. */
export const GRAPHS: readonly GraphDefinition[] = [shop, media, registryGraph, moving, context, failures, ledger];
