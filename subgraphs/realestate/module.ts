import { z } from 'zod';
import { CoverSheetPrinter } from '../../adapters/documents/cover-sheet.ts';
import { RealEstateClient } from '../../adapters/real-estate/client.ts';
import { realEstateSettings } from '../../adapters/real-estate/settings.ts';
import { subgraphSchema } from '../schema.ts';
import { defineSubgraph } from '../subgraph.ts';
import { realestateContext } from './loaders.ts';
import { resolvers } from './resolvers.ts';
import { PropertyServices } from './services/property-services.ts';

/** Property, from the real-estate registry. */
export const realestate = defineSubgraph({
  name: 'realestate',
  settings: realEstateSettings.extend({
    applicationForm: z
      .string()
      .min(1)
      .max(32)
      .default('CASEGRAPH')
      .describe('Number of the application form that covers queries made without a case'),
    publicUrl: z
      .url({ protocol: /^https?$/ })
      .max(150)
      .regex(/^[!-~]*[^/]$/, 'must be ASCII and not end with a slash')
      .optional()
      .describe(
        'Where people reach this program: the QR code on the cover sheet of a proof leads to /check/ and its number there. No cover sheets where it is left out',
      ),
    issuingBody: z
      .string()
      .min(1)
      .max(100)
      .default('咸宁市咸安区不动产登记中心')
      .describe('出具单位, as the cover sheet of a proof names it'),
  }),
  async create({ applicationForm, publicUrl, issuingBody, ...settings }, services) {
    const { clock, observer, directory, report } = services;
    const store = await services.store();
    const client = new RealEstateClient(settings, { counter: store.counter, clock, observer });
    const property = new PropertyServices({
      client,
      store,
      clock,
      directory,
      report,
      printer: new CoverSheetPrinter(),
      areaCode: settings.areaCode,
      publicUrl,
      issuingBody,
    });
    return {
      schema: subgraphSchema('realestate', resolvers),
      context: (scope) => realestateContext(client, property, applicationForm, scope),
      start: () => property.start(),
      async stop() {
        await property.stop();
        await client.close();
      },
    };
  },
});
