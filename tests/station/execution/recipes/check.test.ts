import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkRecipe, inspectRecipe, parseRecipe, readRecipe } from '#station';
import { faultOf } from '../../../support/fault-of.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { describedRecipe } from '../../../kit/recipes.ts';

const formatIssues = (
  issues: readonly {
    readonly file?: string;
    readonly line: number;
    readonly column: number;
    readonly message: string;
  }[],
): string[] => issues.map(({ file, line, column, message }) => `${file ?? ''}:${line}:${column}: ${message}`);

/** Messages of the check for a recipe with these steps, and these files in its folder. */
async function check(steps: string, files: Readonly<Record<string, string>> = {}): Promise<string[]> {
  using dir = tempDir('check');
  const path = join(dir.path, 'r.yaml');
  writeFileSync(path, describedRecipe(steps));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir.path, name), text);
  const { parsed, issues } = await checkRecipe(path);
  expect(parsed === null).toBe(issues.length > 0);
  return formatIssues(issues);
}

const SCRIPT = (body: string): string =>
  `import { defineScript } from 'gongwei/script';\n\nexport default defineScript(async ({ device, set }) => {\n${body}\n});\n`;
const RUN = '- { verb: script, file: own.ts, sets: [lot] }';

it('reports all mistakes of a recipe at once, in the order of the text, each with its position', () => {
  const source = describedRecipe(
    `- { verb: request, text: V?, expect: 'V=(\\d+)', capture: { volts: 2 }, withinMS: 5 }
- { verb: wait, ms: soon }
- { verb: send, text: '\${volt}' }
- { verb: script, file: lost.ts }`,
  ).replace('product:', 'produkt:');
  expect(formatIssues(inspectRecipe(source).issues)).toEqual([
    ':1:1: product: is missing (a text)',
    ':5:1: recipe: produkt is unknown here; did you mean product?',
    ':20:73: phases.1.steps.0.capture.volts: the pattern of expect has no group 2: it has 1',
    ':20:78: phases.1.steps.0: withinMS is unknown here; did you mean withinMs?',
    ':21:27: phases.1.steps.1.ms: must be a number, not the text "soon"',
    ':22:29: phases.1.steps.2.text: ${volt} is set by no step before this one; did you mean ${volts}?',
    ':23:31: phases.1.steps.3.file: lost.ts is not in the folder of the recipe',
  ]);
});

it('reports a mistake of a loop once, at its position in the text', () => {
  const source = describedRecipe(`- { verb: send, text: '\${x}', forEach: { c: [1, 2, 3] } }`);
  expect(formatIssues(inspectRecipe(source).issues)).toEqual([
    ':20:29: phases.1.steps.0.text: ${x} is set by no step before this one',
  ]);
});

it.each<[string, string, string]>([
  ['an expression left out', SCRIPT('  const x: number = ;'), 'own.ts:4:21: Expression expected'],
  [
    'a name twice',
    SCRIPT('  let a = 1;\n  let a = 2;'),
    "own.ts:5:7: Identifier 'a' has already been declared",
  ],
  [
    'an invalid pattern',
    SCRIPT('  await device.request("x", { expect: /(/ });'),
    'own.ts:4:39: Invalid regular expression: /(/: Unterminated group',
  ],
  [
    'an enum',
    'enum Colour { red }\n',
    'own.ts:1:1: TypeScript enum is not supported in strip-only mode: Only types',
  ],
  [
    'a module of Node',
    "import 'node:fs';\nexport default 1;\n",
    'own.ts:1:8: a script can import gongwei/script only, not node:fs',
  ],
  [
    'a file beside it',
    SCRIPT('') + "import x from './other.ts';\n",
    'own.ts:6:15: a script can import gongwei/script only, not ./other.ts',
  ],
  [
    'nothing to run',
    "import { defineScript } from 'gongwei/script';\n",
    'own.ts:1:1: has no default export: write export default defineScript(…)',
  ],
  [
    'a variable that its step does not name',
    SCRIPT("  await set('lote', 1);"),
    'own.ts:4:9: sets lote: name it in the step, as sets: [lote]',
  ],
])('finds %s in a script, with one message at its position', async (_what, script, message) => {
  const [first = '', ...others] = await check(RUN, { 'own.ts': script });
  expect(first).toContain(message);
  expect(others).toEqual([]);
});

it('never prints all of a script of one line', async () => {
  const line = `export default async () => { ${'a = 1; '.repeat(500)} await (; };`;
  const [first = ''] = await check(RUN, { 'own.ts': line });
  expect(first).toMatch(/^own\.ts:1:\d+: .{1,80}$/);
});

it('refuses a recipe whose script cannot be read wherever it is used', async () => {
  using dir = tempDir('check');
  const path = join(dir.path, 'r.yaml');
  writeFileSync(path, describedRecipe(RUN));
  writeFileSync(join(dir.path, 'own.ts'), 'const = 1;');
  const fault = await faultOf(() => readRecipe(path));
  expect(fault.code).toBe('recipe-invalid');
  expect(fault.message).toMatch(/own\.ts:1:7: [^\n]{1,80}$/);
});

it('accepts a valid script', async () => {
  expect(await check(RUN, { 'own.ts': SCRIPT("  await set('lot', 1 as number);") })).toEqual([]);
});

it.each<[string, string, string]>([
  [
    'no JSON',
    '{',
    'lock.json is not a thing model: line 1, column 2: it is not JSON: a key in double quotes or }',
  ],
  [
    'JSON without end',
    '['.repeat(900_000),
    'lock.json is not a thing model: line 1, column 129: it has values that are nested too deep',
  ],
  [
    'no such property',
    '{"properties":[{"id":"battery","define":{"type":"int"}}]}',
    'properties.0: lock.json has no property batery; did you mean battery?',
  ],
])('finds %s in a thing model', (_what, model, message) => {
  const source = describedRecipe('- { verb: thing-model, model: lock.json, properties: [batery] }');
  const { issues } = inspectRecipe(source, new Map([['lock.json', Buffer.from(model)]]));
  expect(formatIssues(issues).join('\n')).toContain(message);
});

it('reports a picture that pages cannot show, and the file with a similar name', async () => {
  const ask = `ask: { zh-CN: 看, en: Look }`;
  const found = await check(
    `- { verb: prompt, kind: confirm, ${ask}, image: lamp.svg }\n- { verb: prompt, kind: confirm, ${ask}, image: lmap.svg }`,
    { 'lamp.svg': '<svg/>' },
  );
  expect(found).toEqual([
    expect.stringMatching(/image: lamp\.svg is not a picture that a page can show: PNG, JPEG, GIF or WebP$/),
    expect.stringMatching(/image: lmap\.svg is not in the folder of the recipe; did you mean lamp\.svg\?$/),
  ]);
});

it('reports one mistake for a file that cannot be part of a recipe', () => {
  const { issues } = inspectRecipe(describedRecipe('- { verb: script, file: ../own.ts }'));
  expect(formatIssues(issues)).toEqual([
    ':20:31: phases.1.steps.0.file: must be a file in the folder of the recipe',
  ]);
});

it('does not check the recipe of an existing batch again', () => {
  const label = describedRecipe('- { verb: label }');
  expect(inspectRecipe(label).parsed).toBeNull();
  expect(parseRecipe(label, 'r', new Map(), { acceptedBefore: true }).recipe.phases).toHaveLength(2);
});

it('numbers steps with equal names, unless the recipe was accepted before that', () => {
  const twice = describedRecipe('- { verb: wait, ms: 1 }\n- { verb: wait, ms: 1 }');
  const names = (numbered: boolean) =>
    parseRecipe(twice, 'r', new Map(), { numbered }).recipe.phases[1]?.steps.map(({ name }) => name);
  expect(names(true)).toEqual([undefined, 'wait.2']);
  expect(names(false)).toEqual([undefined, undefined]);
});
