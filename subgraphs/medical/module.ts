import { MedicalInsuranceClient } from '../../adapters/medical-insurance/client.ts';
import { medicalInsuranceSettings } from '../../adapters/medical-insurance/settings.ts';
import { subgraphSchema } from '../schema.ts';
import { defineSubgraph } from '../subgraph.ts';
import { medicalContext } from './loaders.ts';
import { resolvers } from './resolvers.ts';

/** Insurance, filings, referrals, stays and settlements, from the provincial medical-insurance platform. */
export const medical = defineSubgraph({
  name: 'medical',
  settings: medicalInsuranceSettings,
  async create(settings, { store, clock, observer }) {
    const { counter } = await store();
    const client = new MedicalInsuranceClient(settings, { counter, clock, observer });
    return {
      schema: subgraphSchema('medical', resolvers),
      context: (scope) => medicalContext(client, clock, scope),
      stop: () => client.close(),
    };
  },
});
