import { VERBS, type StepVerb } from '../../shared/recipe/index.ts';
import { recipeJsonSchema } from '../../station/index.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Keys of every step. */
const COMMON: readonly string[] = [
  ...[
    'verb',
    'name',
    'title',
    'timeoutMs',
    'retries',
    'retryDelayMs',
    'runIf',
    'onFail',
    'resumable',
    'forEach',
  ],
];
/** Keys that have separate tables. */
const SEPARATE: readonly string[] = ['measure', 'limits', 'rssi', 'runIf'];

/** The reference of docs/recipes.md as Markdown, generated from the schema of recipes. */
export function recipeReference(): string {
  const schema = recipeJsonSchema() as Schema;
  const find = createFinder(schema);
  const phases = find(schema, 'phases');
  const phase = find.items(phases);
  const step = find.items(find(phase, 'steps'));
  const steps = find.options(step);
  const [first] = steps;
  if (first === undefined) throw new Error('the schema has no steps');
  const request = steps.find((one) => verbOf(one) === 'request') ?? first;
  const measurement = find.items(find(request, 'measure'));
  return [
    '## Reference: verbs',
    'Every step also takes the [keys of every step](#keys-of-every-step).',
    ...Object.keys(VERBS).flatMap((verb) => verbSection(verb as StepVerb, steps, find)),
    '## Reference: keys',
    '### Keys of a recipe',
    table(find, schema, { skip: ['phases.steps'] }),
    '### Keys of a phase',
    table(find, phase, { skip: ['steps'] }),
    '### Keys of every step',
    table(find, first, { only: COMMON }),
    '### Keys of a measurement',
    table(find, measurement, { skip: ['limits'] }),
    '### Limits',
    table(find, find(measurement, 'limits'), {}),
  ].join('\n\n');
}

function verbSection(verb: StepVerb, steps: readonly Schema[], find: Finder): string[] {
  const shapes = steps.filter((one) => verbOf(one) === verb);
  const { about, example } = VERBS[verb].doc;
  const all = shapes.map((shape) => rows(find, shape, { skip: COMMON, short: true })).flat();
  const unique = [...new Map(all.map((row) => [row.split('|')[1], row])).values()];
  return [
    `### \`${verb}\``,
    about.replaceAll('\n', ' '),
    ['```yaml', example, '```'].join('\n'),
    ...(unique.length === 0 ? [] : [[HEAD, ...unique].join('\n')]),
  ];
}

const HEAD = '| key | values | default | meaning |\n|---|---|---|---|';

interface TableOptions {
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  /** Omits the inner keys of values that have a separate table. */
  readonly short?: boolean;
}

function table(find: Finder, schema: Schema, options: TableOptions): string {
  return [HEAD, ...rows(find, schema, options)].join('\n');
}

function rows(find: Finder, schema: Schema, options: TableOptions, prefix = ''): string[] {
  const { only, skip = [], short = false } = options;
  const required = (schema['required'] ?? []) as readonly string[];
  return find.keys(schema).flatMap((name) => {
    const path = `${prefix}${name}`;
    if ((only !== undefined && prefix === '' && !only.includes(name)) || skip.includes(path)) return [];
    const property = find(schema, name);
    const row = `| \`${path}\` | ${kindOf(property, find)} | ${defaultOf(property, required.includes(name))} | ${descriptionOf(property)} |`;
    const isWords = find.keys(property).includes('zh-CN');
    if (isWords || (short && SEPARATE.includes(name)) || name === 'forEach') return [row];
    return [row, ...find.inner(property).flatMap((inner) => rows(find, inner, options, `${path}.`))];
  });
}

function descriptionOf(property: Schema): string {
  return cell(String(property['description'] ?? ''));
}

function defaultOf(property: Schema, isRequired: boolean): string {
  const value = property['default'];
  if (value === undefined) return isRequired ? 'required' : '';
  const text = JSON.stringify(value);
  return text === '{}' || text === '[]' ? '' : cell(`\`${text.replaceAll('"', '')}\``);
}

/** A short description of the valid values. */
function kindOf(property: Schema, find: Finder): string {
  const kinds = find.options(property).map((one) => {
    const { type, enum: values, const: value, pattern, minimum, maximum } = one;
    if (value !== undefined) return `\`${String(value)}\``;
    if (Array.isArray(values))
      return values.length > 12
        ? `one of ${values.length} words`
        : values.map((each) => `\`${String(each)}\``).join(' ');
    if (type === 'string') return typeof pattern === 'string' && pattern.startsWith('^\\$') ? '' : 'text';
    if (type === 'boolean') return '`true` `false`';
    if (type === 'integer' || type === 'number') {
      const range = [minimum, maximum].filter((bound) => Math.abs(Number(bound)) < 1e15);
      return range.length === 2 ? `${range.map(String).join(' … ')}` : 'number';
    }
    return type === 'array' ? 'list' : type === 'object' ? 'object' : '';
  });
  return cell([...new Set(kinds)].filter((kind) => kind !== '').join(' or '));
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function verbOf(schema: Schema): string {
  const properties = schema['properties'] as Readonly<Record<string, Schema>> | undefined;
  return String(properties?.['verb']?.['const'] ?? '');
}

interface Finder {
  /** A property of an object, with references resolved. */
  (schema: Schema, name: string): Schema;
  keys(schema: Schema): string[];
  items(schema: Schema): Schema;
  /** The alternative schemas of a value. */
  options(schema: Schema): Schema[];
  /** The object schemas in a value: itself, the entries of a list, or its alternatives. */
  inner(schema: Schema): Schema[];
}

function createFinder(root: Schema): Finder {
  const defs = (root['$defs'] ?? {}) as Readonly<Record<string, Schema>>;
  const whole = (schema: Schema): Schema => {
    const { $ref, ...own } = schema;
    if (typeof $ref !== 'string') return schema;
    return { ...whole(defs[$ref.replace('#/$defs/', '')] ?? {}), ...own };
  };
  const options = (schema: Schema): Schema[] => {
    const { anyOf, oneOf } = whole(schema) as { anyOf?: Schema[]; oneOf?: Schema[] };
    return (anyOf ?? oneOf)?.flatMap(options) ?? [whole(schema)];
  };
  const propertiesOf = (schema: Schema): Readonly<Record<string, Schema>> =>
    (whole(schema)['properties'] ?? {}) as Readonly<Record<string, Schema>>;
  const items = (schema: Schema): Schema => whole((whole(schema)['items'] ?? {}) as Schema);
  return Object.assign((schema: Schema, name: string) => whole(propertiesOf(schema)[name] ?? {}), {
    keys: (schema: Schema) => Object.keys(propertiesOf(schema)),
    items,
    options,
    inner: (schema: Schema) =>
      options(schema)
        .flatMap((one) => (one['type'] === 'array' ? options(items(one)) : [one]))
        .filter((one) => one['properties'] !== undefined),
  });
}
