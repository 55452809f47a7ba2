import { MedicalInsuranceClient } from '../../adapters/medical-insurance/client.ts';
import { type MedicalInsuranceSettings, medicalInsuranceSettings } from '../../adapters/medical-insurance/settings.ts';
import { subgraphSchema } from '../schema.ts';
import { defineSubgraph } from '../subgraph.ts';
import { medicalContext } from './loaders.ts';
import { resolvers } from './resolvers.ts';
import { MOST_ROWS } from './services/fee-form.ts';
import { MedicalServices } from './services/medical-services.ts';

/** Insurance, filings, referrals, stays and settlements, from the provincial medical-insurance platform. */
export const medical = defineSubgraph({
  name: 'medical',
  settings: medicalInsuranceSettings,
  async create(settings, { store: openStore, clock, observer, directory, report }) {
    const store = await openStore();
    const client = new MedicalInsuranceClient(settings, { counter: store.counter, clock, observer });
    const { institution, feeRowsPerCall } = settings;
    // The six digits after the first of a provider's code are its region (medical-insurance 2.1).
    const homeRegion = institution.region ?? institution.code.slice(1, 7);
    const services = new MedicalServices(
      { client, store, clock, directory, report, institution, homeRegion, feeRowsPerCall },
      longestWriteMs(settings) + MARGIN_MS,
    );
    const surroundings = { homeRegion, clock, services };
    return {
      schema: subgraphSchema('medical', resolvers),
      context: (scope) => medicalContext(client, surroundings, scope),
      start: () => services.start(),
      async stop() {
        await services.stop();
        await client.close();
      },
    };
  },
});

/** What a write takes besides its calls. */
const MARGIN_MS = 30_000;

/** A fee upload is as many calls as it has slices, one after another. */
function longestWriteMs({ line, feeRowsPerCall }: MedicalInsuranceSettings): number {
  return line.deadline.writeMs * Math.ceil(MOST_ROWS / feeRowsPerCall);
}
