import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { configurationSchema } from './schema.ts';

const FILE = new URL('./configuration.schema.json', import.meta.url);

/** The JSON Schema of the configuration file, for editors. Any text may also be given by reference to a file. */
export function configurationJsonSchema(): string {
  const schema = z.toJSONSchema(configurationSchema, {
    io: 'input',
    reused: 'ref',
    override: ({ jsonSchema }) => {
      if (jsonSchema.type !== 'string') return;
      const { description, default: initial, ...text } = { ...jsonSchema };
      for (const name of Object.keys(jsonSchema)) delete jsonSchema[name];
      Object.assign(jsonSchema, {
        ...(description !== undefined && { description }),
        ...(initial !== undefined && { default: initial }),
        anyOf: [text, { $ref: '#/$defs/fromFile' }],
      });
    },
  });
  const fromFile = {
    description: 'The text of a file, relative to the configuration',
    type: 'object',
    properties: { fromFile: { type: 'string' } },
    required: ['fromFile'],
    additionalProperties: false,
  };
  return `${JSON.stringify({ ...schema, $defs: { ...schema.$defs, fromFile } }, null, 1)}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const made = configurationJsonSchema();
  if (!process.argv.includes('--check')) await writeFile(FILE, made);
  else if ((await readFile(FILE, 'utf8').catch(() => '')) !== made) {
    process.stderr.write('gateway/configuration/configuration.schema.json is not up to date: run `npm run schemas`\n');
    process.exitCode = 1;
  }
}
