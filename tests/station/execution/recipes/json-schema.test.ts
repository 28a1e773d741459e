import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { allDocEntries } from '#shared/recipe/index.ts';
import { inspectRecipe, recipeJsonSchema } from '#station';
import { moduleRecipe, describedRecipe } from '../../../kit/recipes.ts';

const RECIPES = new URL('../../../../resources/recipes/', import.meta.url);
const PUBLISHED = new URL('../../../../docs/recipe.schema.json', import.meta.url);

/** Somebody else's validator, as editors have one. */
const validate = new Ajv2020({ strict: false }).compile(recipeJsonSchema());
const problems = (yaml: string): string[] =>
  validate(parse(yaml))
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);

describe('the JSON Schema of recipes', () => {
  it('is the published one', () => {
    expect(JSON.parse(readFileSync(PUBLISHED, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(recipeJsonSchema())),
    );
  });

  it.each(readdirSync(RECIPES).filter((name) => name.endsWith('.yaml')))('is content with %s', (name) => {
    expect(problems(readFileSync(new URL(name, RECIPES), 'utf8'))).toEqual([]);
  });

  it('describes every property and no other', () => {
    const entries = new Set<string>();
    const schema = recipeJsonSchema((entry) => void entries.add(entry));
    const properties = [...propertiesOf(schema)];
    expect(properties.length).toBeGreaterThan(500);
    const bare = properties.filter(({ schema: { title, description } }) => !title || !description);
    expect(bare.map(({ path }) => path)).toEqual([]);
    expect(allDocEntries().filter((entry) => !entries.has(entry))).toEqual([]);
    const without = properties.filter(
      ({ path, schema: { description } }) => /Ms$/.test(path) && !/milliseconds/.test(String(description)),
    );
    expect(without.map(({ path }) => path)).toEqual([]);
  });

  it('has examples that the property accepts', () => {
    const strict = new Ajv2020({ strict: false });
    const whole = recipeJsonSchema() as Readonly<Record<string, unknown>>;
    const each = new Map([...propertiesOf(whole)].map((one) => [JSON.stringify(one.schema), one] as const));
    const wrong = [...each.values()].flatMap(({ path, schema }) =>
      ((schema['examples'] ?? []) as unknown[])
        .filter((example) => !strict.validate({ ...schema, $defs: whole['$defs'] }, example))
        .map((example) => `${path}: ${JSON.stringify(example)}`),
    );
    expect([...new Set(wrong)]).toEqual([]);
  });

  it('accepts loops, and a parameter in place of a number', () => {
    expect(problems(moduleRecipe())).toEqual([]);
    expect(problems(describedRecipe(`- { verb: wait, ms: '\${ms}', forEach: { ms: [1, 2] } }`))).toEqual([]);
  });

  // As docs/recipes.md has it: loops fill in names of variables, and whatever else a step says.
  it.each([
    `- { verb: request, name: 'q', text: 'Q\${n}', expect: '^A\${n}=(\\d+)$', capture: { 'v\${n}': 1 }, forEach: { n: [1, 2] } }`,
    `- { verb: request, text: Q, expect: '=(\\d+)$', measure: [{ name: 'v-\${n}', group: 1, as: '\${as}', limits: { max: '\${n}' } }], forEach: { n: [1, 2], as: [number, hex] } }`,
    `- { verb: send, name: 'to-\${end}', text: Q, end: '\${end}', forEach: { end: [lf, cr] } }`,
    `- { verb: set-lines, dtr: '\${on}', forEach: { on: [true, false] } }`,
    `- { verb: send, hex: '01 \${n}', forEach: { n: ['0A', '0B'] } }`,
    `- { verb: prompt, name: 'led-\${n}', kind: choice, ask: { zh-CN: '\${n}', en: '\${n}' }, choices: [{ value: 'a\${n}', title: { zh-CN: a, en: a } }, { value: b, title: { zh-CN: b, en: b } }], pass: ['a\${n}'], capture: 'c\${n}', forEach: { n: [1, 2] } }`,
  ])('takes what the check takes: %s', (step) => {
    const yaml = describedRecipe(step);
    expect(inspectRecipe(yaml).issues).toEqual([]);
    expect(problems(yaml)).toEqual([]);
  });

  it.each([
    ['a verb that is none', describedRecipe('- { verb: dance }')],
    ['a key that is none', describedRecipe('- { verb: wait, ms: 1, seconds: 1 }')],
    ['a loop that is none', describedRecipe('- { verb: wait, ms: 1, forEach: [1] }')],
    ['a word that is none', describedRecipe('- { verb: send, text: Q, end: newline }')],
    ['a name that is none', describedRecipe("- { verb: wait, name: 'Two Words', ms: 1 }")],
    ['a number that is none', describedRecipe('- { verb: wait, ms: soon }')],
  ])('is not content with %s', (_what, yaml) => {
    expect(problems(yaml)).not.toEqual([]);
  });
});

/** Every property of a schema, wherever it stands. */
function* propertiesOf(
  schema: unknown,
  path = '',
): Iterable<{ readonly path: string; readonly schema: Readonly<Record<string, unknown>> }> {
  if (Array.isArray(schema)) for (const item of schema) yield* propertiesOf(item, path);
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return;
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'examples' || key === 'default') continue;
    if (key === 'properties') {
      for (const [name, property] of Object.entries(value as Record<string, Record<string, unknown>>)) {
        yield { path: `${path}.${name}`, schema: property };
        yield* propertiesOf(property, `${path}.${name}`);
      }
    } else yield* propertiesOf(value, path);
  }
}
