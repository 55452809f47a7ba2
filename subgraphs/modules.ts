import { acceptance } from './acceptance/module.ts';
import { audit } from './audit/module.ts';
import { cases } from './cases/module.ts';
import { catalogue } from './catalogue/module.ts';
import { medical } from './medical/module.ts';
import { nontax } from './nontax/module.ts';
import { realestate } from './realestate/module.ts';
import type { SubgraphModule } from './subgraph.ts';
import { subsidy } from './subsidy/module.ts';

/** Every subgraph there is. Configuration says which are run and where. */
export const SUBGRAPHS: readonly SubgraphModule[] = [
  acceptance,
  audit,
  cases,
  catalogue,
  medical,
  nontax,
  realestate,
  subsidy,
];
