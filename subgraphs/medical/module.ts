import { MedicalInsuranceClient } from '../../adapters/medical-insurance/client.ts';
import { medicalInsuranceSettings } from '../../adapters/medical-insurance/settings.ts';
import { subgraphSchema } from '../schema.ts';
import { defineSubgraph } from '../subgraph.ts';
import { medicalContext } from './loaders.ts';
import { PostingServices } from './postings/posting-services.ts';
import { postingSettings } from './postings/settings.ts';
import { resolvers } from './resolvers.ts';
import { MedicalServices } from './services/medical-services.ts';

/** Insurance, filings, referrals, stays and settlements, from the provincial medical-insurance platform. */
export const medical = defineSubgraph({
  name: 'medical',
  settings: medicalInsuranceSettings.extend({ postings: postingSettings }),
  async create({ postings: posted, ...settings }, { store: openStore, clock, observer, directory, report }) {
    const store = await openStore();
    const client = new MedicalInsuranceClient(settings, { counter: store.counter, clock, observer });
    const { institution, feeRowsPerCall } = settings;
    // The six digits after the first of a provider's code are its region (medical-insurance 2.1).
    const homeRegion = institution.region ?? institution.code.slice(1, 7);
    const desk = { client, store, clock, directory, report, institution, homeRegion, feeRowsPerCall };
    const services = new MedicalServices(desk, settings.line.deadline.writeMs);
    const postings = new PostingServices(desk, posted);
    const reconciliations = postings.reconciliations.desk;
    const surroundings = { homeRegion, clock, services, store, postings, reconciliations };
    return {
      schema: subgraphSchema('medical', resolvers),
      context: (scope) => medicalContext(client, surroundings, scope),
      async start() {
        await services.start();
        postings.start();
      },
      async stop() {
        await postings.stop();
        await services.stop();
        await client.close();
      },
    };
  },
});
