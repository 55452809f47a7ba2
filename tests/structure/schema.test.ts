import { readdirSync, readFileSync } from 'node:fs';
import { parse, visit } from 'graphql';
import { describe, expect, it } from 'vitest';

const FOLDER = new URL('../../schema/', import.meta.url);
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.graphql') && file !== 'supergraph.graphql');

describe.each(FILES)('schema/%s', (file) => {
  const document = parse(readFileSync(new URL(file, FOLDER), 'utf8'));

  it('describes every type, field, argument and enum value', () => {
    const bare: string[] = [];
    visit(document, {
      enter(node) {
        if (!('description' in node) && !('name' in node)) return;
        const describable =
          /^(ObjectType|Scalar|Enum|InputObject|Interface|Union|Field|InputValue|EnumValue).*Definition$/;
        if (!describable.test(node.kind) || !('name' in node) || !node.name || !('value' in node.name)) return;
        if (node.name.value === 'Query' || node.name.value === 'Mutation') return;
        if (!('description' in node) || !node.description) bare.push(`${node.kind} ${node.name.value}`);
      },
    });
    expect(bare).toEqual([]);
  });

  it('gives the Chinese term of every type that clients see', () => {
    const without = document.definitions.flatMap((node) =>
      (node.kind === 'ObjectTypeDefinition' ||
        node.kind === 'EnumTypeDefinition' ||
        node.kind === 'ScalarTypeDefinition') &&
      !/Edge$|^(?:Query|Mutation)$/.test(node.name.value) &&
      !/[\u4e00-\u9fff]/.test(node.description?.value ?? '')
        ? [node.name.value]
        : [],
    );
    expect(without).toEqual([]);
  });

  it('shows no transaction number or field name of a wire', () => {
    const names = new Set<string>();
    visit(document, { Name: (node) => void names.add(node.value) });
    const wire = [...names].filter((name) =>
      /^(infno|psn_|mdtrt|fixmedins|PayCode|CXJG|BDC|gjgxjhpt|projectNo|taskCode)|[a-z]_[a-z]/.test(name),
    );
    expect(wire).toEqual([]);
  });
});
