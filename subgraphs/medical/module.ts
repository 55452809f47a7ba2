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
    const { code, region } = settings.institution;
    // The six digits after the first of a provider's code are its region (medical-insurance 2.1).
    const surroundings = { homeRegion: region ?? code.slice(1, 7), clock };
    return {
      schema: subgraphSchema('medical', resolvers),
      context: (scope) => medicalContext(client, surroundings, scope),
      stop: () => client.close(),
    };
  },
});
