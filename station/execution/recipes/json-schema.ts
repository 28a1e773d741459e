import { parse } from 'yaml';
import { z } from 'zod';
import { shareSchemas } from './share-schemas.ts';
import { docOf, findVerb, recipe } from '#shared/recipe/index.ts';

type Schema = Record<string, unknown>;

const LOOP: Schema = {
  type: 'object',
  minProperties: 1,
  additionalProperties: { type: 'array', minItems: 1, items: { type: ['string', 'number', 'boolean'] } },
};
const NAMED = String.raw`\$\{[A-Za-z0-9_]+\}`;
const PARAMETER: Schema = { type: 'string', pattern: `^${NAMED}$` };

/** The position of a schema in a recipe: keys from the recipe, or from the step whose verb is given. */
interface Location {
  readonly verb: string | null;
  readonly path: readonly string[];
}

/**
 * The JSON Schema of a recipe as it is written, for editors (draft 2020-12): the shape of the checked recipe, with loops on
 * steps and phases, and with `${parameter}` wherever a number, a boolean, an enumerated text or a name may be. Every
 * property has a title and a description.
 *
 * @param used called with the entry of the reference of each description
 */
export function recipeJsonSchema(used: (entry: string) => void = () => undefined): object {
  const made = z.toJSONSchema(recipe, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Schema;
  const { $schema, ...body } = made;
  return shareSchemas({
    $schema,
    $id: 'https://gongwei.dev/schema/recipe-1.json',
    title: 'Gongwei recipe',
    description: 'What is done to a unit: its device, and phases of steps. See docs/recipes.md.',
    ...widen(body, '', { verb: null, path: [] }, used),
  });
}

function widen(schema: Schema, key: string, location: Location, used: (entry: string) => void): Schema {
  const { properties } = schema as { properties?: Schema };
  const verb = (properties?.['verb'] as { const?: string } | undefined)?.const ?? null;
  const here = verb === null ? location : { verb, path: [] };
  const wide: Schema = {};
  for (const [name, value] of Object.entries(schema)) {
    wide[name] =
      name === 'properties' && key !== 'properties'
        ? widenProperties(value as Schema, here, used)
        : widenValue(value, name, here, used);
  }
  const { type, pattern } = wide as { type?: unknown; pattern?: string };
  const isLooped = location.verb !== null || verb !== null || location.path[0] === 'phases';
  const isWord = type === 'string' && 'enum' in wide && isLooped;
  if ((type === 'integer' || type === 'number' || type === 'boolean' || isWord) && key !== 'enum')
    return { anyOf: [wide, PARAMETER] };
  if (pattern !== undefined && isLooped) return { ...wide, pattern: `${pattern}|${NAMED}` };
  return verb === null ? wide : { ...docOfVerb(verb), ...wide };
}

function widenValue(value: unknown, key: string, location: Location, used: (entry: string) => void): unknown {
  if (Array.isArray(value)) return value.map((item) => widenValue(item, key, location, used));
  if (typeof value !== 'object' || value === null || key === 'default' || key === 'const') return value;
  return widen(value as Schema, key, location, used);
}

function widenProperties(properties: Schema, location: Location, used: (entry: string) => void): Schema {
  const repeats = 'verb' in properties || ('steps' in properties && 'kind' in properties);
  const all = repeats ? { ...properties, forEach: LOOP } : properties;
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => {
      const propertyLocation = { ...location, path: [...location.path, name] };
      const schema = name === 'forEach' ? LOOP : widen(value as Schema, name, propertyLocation, used);
      return [name, { ...docAt(propertyLocation, used), ...withLiftedDefault(schema) }];
    }),
  );
}

/** Moves a default from the first alternative to the property. */
function withLiftedDefault(schema: Schema): Schema {
  const [first, ...others] = Array.isArray(schema['anyOf']) ? (schema['anyOf'] as Schema[]) : [];
  if (first === undefined || !('default' in first)) return schema;
  const { default: value, ...rest } = first;
  return { default: value, ...schema, anyOf: [rest, ...others] };
}

function docAt({ verb, path }: Location, used: (entry: string) => void): Schema {
  const documented = docOf(verb, path);
  if (documented === null) return {};
  used(documented.entry);
  const { about, examples } = documented.doc;
  return {
    title: path.at(-1),
    description: inOneLine(about),
    ...(examples === undefined ? {} : { examples: examples.map(asData) }),
  };
}

/** Examples of lists are written as YAML, with a space after the brace; a placeholder has none. */
function asData(example: unknown): unknown {
  return Array.isArray(example)
    ? example.map((one) =>
        typeof one === 'string' && one.startsWith('{ ') ? (parse(one) as unknown) : (one as unknown),
      )
    : example;
}

function docOfVerb(verb: string): Schema {
  const doc = findVerb(verb)?.doc;
  if (doc === undefined) return {};
  const { about, example } = doc;
  return { title: verb, description: inOneLine(about), examples: parse(example) as unknown };
}

function inOneLine(text: string): string {
  return text.replaceAll('\n', ' ');
}
