import {
  doTypesOverlap,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
} from 'graphql';
import type { Request } from '../engine.ts';
import type { Random } from './random.ts';
import { Scope } from './scope.ts';
import { literal, randomValue, type Samples } from './values.ts';
import { Variables } from './variables.ts';

const DEPTH = 5;

/** A random document for a schema, one of its operations chosen. Nearly always valid: validate it all the same. */
export function randomRequest(schema: GraphQLSchema, samples: Samples, random: Random): Request {
  const several = random.chance(0.1);
  const chosen = new OperationWriter(schema, samples, random, 'One').write(several);
  if (!several) return chosen;
  const other = new OperationWriter(schema, samples, random, 'Other').write(true);
  return { ...chosen, query: random.shuffle([chosen.query, other.query]).join('\n') };
}

interface Fragment {
  readonly name: string;
  readonly on: GraphQLCompositeType;
  readonly text: string;
  readonly scope: Scope;
}

class OperationWriter {
  readonly #schema: GraphQLSchema;
  readonly #samples: Samples;
  readonly #random: Random;
  readonly #name: string;
  readonly #variables: Variables;
  readonly #fragments: Fragment[] = [];
  readonly #composite: readonly GraphQLCompositeType[];
  #fieldsLeft: number;

  constructor(schema: GraphQLSchema, samples: Samples, random: Random, name: string) {
    this.#schema = schema;
    this.#samples = samples;
    this.#random = random;
    this.#name = name;
    this.#variables = new Variables(random);
    this.#fieldsLeft = random.integer(3, 28);
    this.#composite = Object.values(schema.getTypeMap())
      .filter(isCompositeType)
      .filter(({ name: type }) => !type.startsWith('__'));
  }

  write(mustBeNamed: boolean): Request {
    const mutation = this.#schema.getMutationType();
    const isMutation = mutation && this.#random.chance(0.6);
    const root = (isMutation ? mutation : this.#schema.getQueryType()) as GraphQLCompositeType;
    const body = this.#selectionSet(root, new Scope(), DEPTH);
    const named = mustBeNamed || this.#random.chance(0.5);
    const definitions = [
      `${isMutation ? 'mutation' : 'query'} ${named ? this.#name : ''}${this.#variables.definitions()} ${body}`,
      ...this.#fragments.map(({ name, on, text }) => `fragment ${name} on ${on} ${text}`),
    ];
    return {
      query: this.#random.shuffle(definitions).join('\n'),
      variables: this.#variables.values(),
      ...((mustBeNamed || (named && this.#random.chance(0.5))) && { operationName: this.#name }),
    };
  }

  #selectionSet(parent: GraphQLCompositeType, scope: Scope, depth: number): string {
    const wanted = this.#random.integer(1, depth === DEPTH ? 4 : 3);
    const selections: string[] = [];
    for (let index = 0; index < wanted; index += 1) {
      const selection = this.#selection(parent, scope, depth);
      if (selection) selections.push(selection);
    }
    if (selections.length === 0) selections.push(this.#typename(parent, scope) ?? this.#freshTypename(parent, scope));
    return `{ ${selections.join(' ')} }`;
  }

  #selection(parent: GraphQLCompositeType, scope: Scope, depth: number): string | undefined {
    const dice = this.#random.next();
    if (dice < 0.08) return this.#typename(parent, scope);
    if (depth > 0 && dice < (isObjectType(parent) ? 0.2 : 0.4)) return this.#inlineFragment(parent, scope, depth);
    if (depth > 0 && dice < (isObjectType(parent) ? 0.3 : 0.55)) return this.#spread(parent, scope, depth);
    if (isUnionType(parent)) return this.#typename(parent, scope);
    return this.#field(parent, scope, depth);
  }

  #typename(parent: GraphQLCompositeType, scope: Scope): string | undefined {
    const alias = this.#random.chance(0.2) ? this.#alias(parent) : '__typename';
    const claim = { parent: parent.name, ofObject: isObjectType(parent), field: '__typename', shape: 'String!' };
    if (!scope.take(alias, claim)) return undefined;
    return alias === '__typename' ? alias : `${alias}: __typename${this.#directives()}`;
  }

  #freshTypename(parent: GraphQLCompositeType, scope: Scope): string {
    const claim = { parent: parent.name, ofObject: isObjectType(parent), field: '__typename', shape: 'String!' };
    scope.take('typename', claim);
    return 'typename: __typename';
  }

  #field(parent: GraphQLCompositeType, scope: Scope, depth: number): string | undefined {
    const field = this.#random.pick(this.#fieldsOf(parent));
    const type = getNamedType(field.type);
    const deeper = isCompositeType(type);
    this.#fieldsLeft -= 1;
    if (deeper && (depth === 0 || this.#fieldsLeft < 0)) return undefined;
    const args = this.#arguments(field);
    const name = this.#random.chance(0.3) ? this.#alias(parent) : field.name;
    const inner = scope.take(name, {
      parent: parent.name,
      ofObject: isObjectType(parent),
      field: `${field.name}${args}`,
      shape: shapeOf(field.type),
    });
    if (!inner) return undefined;
    const alias = name === field.name ? '' : `${name}: `;
    const below = deeper ? ` ${this.#selectionSet(type, inner, depth - 1)}` : '';
    return `${alias}${field.name}${args}${this.#directives()}${below}`;
  }

  #fieldsOf(parent: GraphQLCompositeType): readonly GraphQLField<unknown, unknown>[] {
    const fields = isUnionType(parent) ? [] : Object.values(parent.getFields());
    if (parent === this.#schema.getQueryType() && this.#random.chance(0.05))
      return [TypeMetaFieldDef, SchemaMetaFieldDef];
    // Which directives of its own an engine offers to clients (`@defer`) is not the schema's affair.
    if (parent.name === '__Schema') return fields.filter(({ name }) => name !== 'directives');
    return fields;
  }

  /** A response name that is likely to be another field's, a key's, or what the engine itself asks for. */
  #alias(parent: GraphQLCompositeType): string {
    const dice = this.#random.next();
    if (dice < 0.15) return this.#random.pick(['a', 'b', 'id', '__typename', '_0', 'toString', '__proto__']);
    const from = dice < 0.7 || this.#composite.length === 0 ? parent : this.#random.pick(this.#composite);
    return isUnionType(from) ? 'u' : this.#random.pick(Object.keys(from.getFields()));
  }

  #arguments(field: GraphQLField<unknown, unknown>): string {
    const given = field.args.filter((argument) => isRequiredArgument(argument) || this.#random.chance(0.5));
    if (given.length === 0) return '';
    const written = given.map(({ name, type }) => {
      const value =
        field === TypeMetaFieldDef
          ? this.#random.pick([...this.#composite.map((composite) => composite.name), 'Nothing'])
          : randomValue(type, name, this.#samples, this.#random);
      return `${name}: ${literal(value, type, (inner, innerType) => (this.#random.chance(0.25) ? this.#variables.standFor(inner, innerType) : undefined))}`;
    });
    return `(${written.join(', ')})`;
  }

  #inlineFragment(parent: GraphQLCompositeType, scope: Scope, depth: number): string {
    const on = this.#random.chance(0.2) ? undefined : this.#condition(parent);
    return `...${on ? ` on ${on}` : ''}${this.#directives()} ${this.#selectionSet(on ?? parent, scope, depth - 1)}`;
  }

  #spread(parent: GraphQLCompositeType, scope: Scope, depth: number): string | undefined {
    const fitting = this.#fragments.filter(({ on }) => doTypesOverlap(this.#schema, on, parent));
    const fragment =
      fitting.length > 0 && this.#random.chance(0.4) ? this.#random.pick(fitting) : this.#newFragment(parent, depth);
    // A fragment that cannot be merged here stays for another place; one that finds none makes the document invalid.
    return scope.takeAll(fragment.scope) ? `...${fragment.name}${this.#directives()}` : undefined;
  }

  #newFragment(parent: GraphQLCompositeType, depth: number): Fragment {
    const on = this.#condition(parent);
    const scope = new Scope();
    const text = this.#selectionSet(on, scope, depth - 1);
    const fragment = { name: `${this.#name}${this.#fragments.length}`, on, text, scope };
    this.#fragments.push(fragment);
    return fragment;
  }

  #condition(parent: GraphQLCompositeType): GraphQLCompositeType {
    if (this.#random.chance(0.2)) return parent;
    const overlapping = this.#composite.filter((type) => doTypesOverlap(this.#schema, type, parent));
    return overlapping.length === 0 ? parent : this.#random.pick(overlapping);
  }

  #directives(): string {
    if (!this.#random.chance(0.15)) return '';
    const names = this.#random.pick([['skip'], ['include'], ['skip', 'include'], ['include', 'skip']]);
    return names.map((name) => ` @${name}(if: ${this.#truth(name === 'include')})`).join('');
  }

  /** A truth, more often one that lets the selection stand. */
  #truth(stands: boolean): string {
    const value = this.#random.chance(0.7) ? stands : !stands;
    if (this.#random.chance(0.4)) return String(value);
    const directive = this.#schema.getDirective('skip');
    const [argument] = directive?.args ?? [];
    if (!argument) throw new Error('a schema without @skip');
    return this.#variables.standFor(value, argument.type);
  }
}

/** What two fields of one response name must agree in: lists, nulls and the leaf; objects are compared field by field. */
function shapeOf(type: GraphQLOutputType): string {
  if (isNonNullType(type)) return `${shapeOf(type.ofType)}!`;
  if (isListType(type)) return `[${shapeOf(type.ofType)}]`;
  return isObjectType(type) || isInterfaceType(type) || isUnionType(type) ? '{}' : type.name;
}
