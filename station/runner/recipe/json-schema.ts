import { z } from 'zod';
import { recipe } from '#shared/domain/recipe/index.ts';

type Schema = Record<string, unknown>;

const LOOP: Schema = {
  type: 'object',
  description: 'Does this once for every value: forEach: { channel: [1, 2, 3] } sets ${channel}.',
  minProperties: 1,
  additionalProperties: { type: 'array', minItems: 1, items: { type: ['string', 'number', 'boolean'] } },
};
const PARAMETER: Schema = { type: 'string', pattern: String.raw`^\$\{[A-Za-z0-9_]+\}$` };

/**
 * The shape of a recipe as it is written, for editors (draft 2020-12): that of the checked recipe, with loops on steps
 * and phases, and `${parameter}` wherever a number or a truth may stand.
 */
export function recipeJsonSchema(): object {
  const made = z.toJSONSchema(recipe, { io: 'input', unrepresentable: 'any', reused: 'ref' }) as Schema;
  const { $schema, ...body } = made;
  return {
    $schema,
    $id: 'https://gongwei.dev/schema/recipe-1.json',
    title: 'Gongwei recipe',
    ...widen(body, ''),
  };
}

function widen(schema: Schema, key: string): Schema {
  const wide = Object.fromEntries(
    Object.entries(schema).map(([name, value]) => [name, widenValue(value, name)]),
  );
  const { type, properties } = wide as { type?: unknown; properties?: Schema };
  if ((type === 'integer' || type === 'number' || type === 'boolean') && key !== 'enum')
    return { anyOf: [wide, PARAMETER] };
  const repeats =
    properties !== undefined && ('verb' in properties || ('steps' in properties && 'kind' in properties));
  return repeats ? { ...wide, properties: { ...properties, forEach: LOOP } } : wide;
}

function widenValue(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((item) => widenValue(item, key));
  if (typeof value !== 'object' || value === null || key === 'default' || key === 'const') return value;
  return widen(value as Schema, key);
}
