import { ITEM, type Scalars, type YamlPlace } from './yaml-place.ts';

/** The part of JSON Schema that describes recipes. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly examples?: unknown;
}

/** A key or a value that can be written at a place. */
export interface Proposal {
  readonly label: string;
  readonly about: string;
  readonly required: boolean;
}

/** Reads the JSON Schema of recipes at the places of a text. */
export class RecipeSchema {
  readonly #root: Schema;

  constructor(json: string) {
    this.#root = JSON.parse(json) as Schema;
  }

  /** The keys that are not yet in the mapping at a place. */
  keysAt(place: YamlPlace): Proposal[] {
    const present = place.scalars.at(-1) ?? new Map<string, string>();
    const found = new Map<string, Proposal>();
    for (const mapping of this.#mappings(this.#at(place.path, place), present))
      for (const [label, schema] of Object.entries(mapping.properties ?? {}))
        if (!present.has(label) && !found.has(label))
          found.set(label, {
            label,
            about: this.#describe(schema),
            required: mapping.required?.includes(label) === true,
          });
    return [...found.values()];
  }

  /** The values of a place, as far as the schema lists them. */
  valuesAt(place: YamlPlace): Proposal[] {
    const key = place.path.at(-1) ?? '';
    const parent = { ...place, path: place.path.slice(0, -1) };
    const others = new Map(place.scalars.at(-1) ?? []);
    // What is written at the place must not decide what can be written there.
    others.delete(key);
    const found = new Map<string, Proposal>();
    for (const mapping of this.#mappings(this.#at(parent.path, parent), others)) {
      const schema = mapping.properties?.[key];
      if (schema === undefined) continue;
      for (const one of this.#expand(schema))
        for (const value of valuesOf(one)) {
          const about = key === 'verb' ? (mapping.description ?? '') : this.#describe(schema);
          found.set(value, { label: value, about, required: false });
        }
    }
    return [...found.values()];
  }

  /** What a key at a place means; `null` for an unknown one. */
  aboutKey(place: YamlPlace, key: string): Proposal | null {
    const present = place.scalars.at(-1) ?? new Map<string, string>();
    for (const mapping of this.#mappings(this.#at(place.path, place), present)) {
      const schema = mapping.properties?.[key];
      if (schema === undefined) continue;
      const verb = key === 'verb' ? mapping.description : undefined;
      return {
        label: key,
        about: verb ?? this.#describe(schema),
        required: mapping.required?.includes(key) === true,
      };
    }
    return null;
  }

  /** The schemas of the value at a path. */
  #at(path: readonly string[], { scalars }: Pick<YamlPlace, 'scalars'>): Schema[] {
    let schemas = this.#expand(this.#root);
    for (const [index, step] of path.entries()) {
      const next: Schema[] = [];
      if (step === ITEM)
        for (const { items } of schemas) if (items !== undefined) next.push(...this.#expand(items));
      if (step !== ITEM)
        for (const { properties } of this.#mappings(schemas, scalars[index] ?? new Map())) {
          const schema = properties?.[step];
          if (schema !== undefined) next.push(...this.#expand(schema));
        }
      schemas = next;
    }
    return schemas;
  }

  /** The mappings that the scalars of a mapping do not contradict: a step with its verb, a device with its profile. */
  #mappings(schemas: readonly Schema[], scalars: Scalars): Schema[] {
    const mappings = schemas.filter(({ properties }) => properties !== undefined);
    const fits = mappings.filter(({ properties = {} }) =>
      [...scalars].every(([key, value]) => {
        const constant = properties[key]?.const;
        return value === '' || typeof constant !== 'string' || constant === value;
      }),
    );
    // A verb that is half written contradicts all.
    return fits.length === 0 ? mappings : fits;
  }

  /** A schema without references and alternatives. */
  #expand(schema: Schema): Schema[] {
    const { $ref, anyOf, oneOf, allOf, ...own } = schema;
    if ($ref !== undefined) {
      const target = this.#root.$defs?.[$ref.split('/').at(-1) ?? ''];
      return target === undefined ? [] : this.#expand(target).map((one) => ({ ...one, ...own }));
    }
    const alternatives = [...(anyOf ?? []), ...(oneOf ?? []), ...(allOf ?? [])];
    return alternatives.length === 0
      ? [schema]
      : alternatives.flatMap((one) => this.#expand(one)).map((one) => ({ ...own, ...one }));
  }

  #describe(schema: Schema): string {
    const { description = '', default: value } = schema;
    if (value === undefined || typeof value === 'object') return description;
    return `${description} (${String(value)})`;
  }
}

function valuesOf({ enum: values, const: constant, type }: Schema): string[] {
  if (constant !== undefined) return [String(constant)];
  if (values !== undefined) return values.map(String);
  return type === 'boolean' ? ['true', 'false'] : [];
}
