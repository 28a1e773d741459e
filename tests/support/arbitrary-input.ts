import fc from 'fast-check';
import { z } from 'zod';

type Json = z.core.JSONSchema.JSONSchema;

/** Values of the shape that a schema describes, as a page could send them; `null` where the shape cannot be described. */
export function arbitraryInput(schema: z.ZodType): fc.Arbitrary<unknown> {
  const described = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;
  return arbitraryOf(described, described, 0);
}

const MAX_DEPTH = 4;

function arbitraryOf(schema: Json, root: Json, depth: number): fc.Arbitrary<unknown> {
  if (typeof schema === 'boolean' || depth > MAX_DEPTH) return fc.constant(null);
  const next = (inner: Json): fc.Arbitrary<unknown> => arbitraryOf(inner, root, depth + 1);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined && schema.enum.length > 0) return fc.constantFrom(...schema.enum);
  const variants = (schema.anyOf ?? schema.oneOf) as Json[] | undefined;
  if (variants !== undefined && variants.length > 0) return fc.oneof(...variants.map(next));
  switch (schema.type) {
    case 'object':
      return objectOf(schema, next);
    case 'array': {
      const items = schema.items as Json | undefined;
      return fc.array(items === undefined ? fc.constant(null) : next(items), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.max(schema.minItems ?? 0, 2),
      });
    }
    case 'string':
      return textOf(schema.minLength ?? 0, schema.maxLength ?? 40);
    case 'integer':
    case 'number':
      return fc.integer({
        min: Math.ceil(Math.max(schema.minimum ?? -5, -5)),
        max: Math.floor(Math.max(schema.minimum ?? 0, Math.min(schema.maximum ?? 5, 5))),
      });
    case 'boolean':
      return fc.boolean();
    default:
      return fc.constant(null);
  }
}

function objectOf(
  { properties = {}, required = [] }: Exclude<Json, boolean>,
  next: (inner: Json) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([key, inner]) => [key, next(inner as Json)] as const);
  return fc.record(Object.fromEntries(fields), {
    requiredKeys: fields.map(([key]) => key).filter((key) => required.includes(key)),
  });
}

/** Names that are there, texts that could be an attack, and others. */
function textOf(minLength: number, maxLength: number): fc.Arbitrary<string> {
  const known = [
    'Wang',
    'Li',
    'B',
    'P1',
    '../../station.db',
    "' OR 1=1 --",
    '__proto__',
    '键'.repeat(70),
    '=1+1',
  ];
  const fitting = known.filter(({ length }) => length >= minLength && length <= maxLength);
  const any = fc.string({
    minLength,
    maxLength: Math.min(maxLength, Math.max(minLength, 40)),
    unit: 'grapheme',
  });
  return fitting.length === 0 ? any : fc.oneof(fc.constantFrom(...fitting), any);
}
