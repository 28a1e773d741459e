import type { z } from 'zod';

/** What of a schema's definition matters to find the way in it; a part is there for its own type only. */
interface Definition {
  readonly type: string;
  readonly innerType?: Schema;
  readonly in?: Schema;
  readonly getter?: () => Schema;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly element?: Schema;
  readonly valueType?: Schema;
  readonly options?: readonly Schema[];
  readonly discriminator?: string;
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, string | number>>;
}
export type Schema = z.core.$ZodType;
type Path = readonly PropertyKey[];

export function definitionOf(schema: Schema): Definition {
  return schema._zod.def as unknown as Definition;
}

/** Without what only says that it may be left out. */
export function bare(schema: Schema): Schema {
  const { type, innerType, in: from, getter } = definitionOf(schema);
  if (getter !== undefined) return bare(getter());
  if (innerType !== undefined) return bare(innerType);
  return type === 'pipe' && from !== undefined ? bare(from) : schema;
}

/** The shapes that a value may be meant to have: those of its discriminator where it has one, else all. */
export function shapesOf(schema: Schema, value: unknown): Schema[] {
  const inner = bare(schema);
  const { options, discriminator } = definitionOf(inner);
  if (options === undefined) return [inner];
  const all = options.flatMap((option) => shapesOf(option, value));
  if (discriminator === undefined) return all;
  const given = isObject(value) ? value[discriminator] : undefined;
  const meant = all.filter((option) => literalsOf(option, discriminator).includes(given));
  return meant.length > 0 ? meant : all;
}

/** What an object may have for a key, by its shape: literals and enums. */
export function literalsOf(schema: Schema, key: string): unknown[] {
  const inner = bare(schema);
  const { shape, options } = definitionOf(inner);
  if (options !== undefined) return options.flatMap((option) => literalsOf(option, key));
  const at = shape?.[key];
  return at === undefined ? [] : valuesOf(at);
}

/** The values that a literal or an enum allows. */
export function valuesOf(schema: Schema): unknown[] {
  const { values, entries } = definitionOf(bare(schema));
  return [...(values ?? []), ...Object.values(entries ?? {})];
}

/** Keys that an object may have there. */
export function keysOf(schema: Schema, value: unknown): string[] {
  return [...new Set(shapesOf(schema, value).flatMap((one) => Object.keys(definitionOf(one).shape ?? {})))];
}

/** The schemas of a place, given what is written there; empty where the shape has no such place. */
export function schemasAt(root: Schema, value: unknown, path: Path): Schema[] {
  let schemas = shapesOf(root, value);
  let here = value;
  for (const part of path) {
    here = isObject(here) || Array.isArray(here) ? (here as Record<PropertyKey, unknown>)[part] : undefined;
    schemas = schemas.flatMap((schema) => {
      const { shape, element, valueType } = definitionOf(schema);
      const next = element ?? valueType ?? (typeof part === 'string' ? shape?.[part] : undefined);
      return next === undefined ? [] : shapesOf(next, here);
    });
  }
  return schemas;
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (here, part) =>
      typeof here === 'object' && here !== null ? (here as Record<PropertyKey, unknown>)[part] : undefined,
    value,
  );
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
