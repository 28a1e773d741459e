type Schema = Record<string, unknown>;

/** Shorter schemas are easier to read in place. */
const MIN_CHARACTERS = 160;
/** Keys that stay with the property. */
const OWN = ['title', 'description', 'examples', 'default'];

/** The same JSON Schema, with schemas that several properties share moved to `$defs`. */
export function shareSchemas(schema: Schema): Schema {
  const { $defs: given, ...body } = schema;
  // Schemas that refer to themselves.
  const defs: Schema = isSchema(given) ? { ...given } : {};
  const counts = new Map<string, number>();
  eachProperty(body, (_name, { shared }) => {
    const text = JSON.stringify(shared);
    if (text.length >= MIN_CHARACTERS) counts.set(text, (counts.get(text) ?? 0) + 1);
  });
  const names = new Map<string, string>();
  const refTo = (name: string, text: string, shared: Schema): Schema => {
    let definition = names.get(text);
    if (definition === undefined) {
      definition = name;
      for (let n = 2; definition in defs; n++) definition = `${name}-${n}`;
      names.set(text, definition);
      defs[definition] = null;
      defs[definition] = rewrite(shared);
    }
    return { $ref: `#/$defs/${definition}` };
  };
  const rewrite = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rewrite);
    if (!isSchema(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        if (key !== 'properties' || !isSchema(item)) return [key, OWN.includes(key) ? item : rewrite(item)];
        const properties = Object.entries(item).map(([name, property]) => {
          const { own, shared } = split(property as Schema);
          const text = JSON.stringify(shared);
          const many = (counts.get(text) ?? 0) > 1;
          return [name, { ...own, ...(many ? refTo(name, text, shared) : (rewrite(shared) as Schema)) }];
        });
        return [key, Object.fromEntries(properties)];
      }),
    );
  };
  return { ...(rewrite(body) as Schema), $defs: defs };
}

function eachProperty(
  value: unknown,
  visit: (name: string, parts: { readonly own: Schema; readonly shared: Schema }) => void,
): void {
  if (Array.isArray(value)) for (const item of value) eachProperty(item, visit);
  if (!isSchema(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (OWN.includes(key)) continue;
    if (key === 'properties' && isSchema(item))
      for (const [name, property] of Object.entries(item)) visit(name, split(property as Schema));
    eachProperty(item, visit);
  }
}

function split(property: Schema): { own: Schema; shared: Schema } {
  const entries = Object.entries(property);
  return {
    own: Object.fromEntries(entries.filter(([key]) => OWN.includes(key))),
    shared: Object.fromEntries(entries.filter(([key]) => !OWN.includes(key))),
  };
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
