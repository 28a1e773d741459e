/**
 * Generates docs/recipe.schema.json and the reference in docs/recipes.md from the schema of recipes. With `--check` it
 * writes nothing and fails when they are out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recipeJsonSchema } from '../../station/index.ts';
import { recipeReference } from '../docs/recipe-reference.ts';
import { readStepArgs } from '../lib/step-args.ts';
import { ROOT } from '../setup/run-in-place.mjs';

const USAGE = `npm run docs [-- --check]
  Writes docs/recipe.schema.json and the reference in docs/recipes.md.
  --check   writes nothing, and fails when they are out of date
`;
const { values } = readStepArgs(USAGE, { check: { type: 'boolean' } });

const BEGIN = '<!-- `npm run docs` writes everything from here to the end, from the schema of recipes. -->';

const prose = join(ROOT, 'docs/recipes.md');
const written = readFileSync(prose, 'utf8');
const made = new Map([
  [join(ROOT, 'docs/recipe.schema.json'), `${JSON.stringify(recipeJsonSchema(), null, 2)}\n`],
  [prose, `${(written.split(BEGIN)[0] ?? '').trimEnd()}\n\n${BEGIN}\n\n${recipeReference()}\n`],
]);

for (const [path, text] of made) {
  if (readFileSync(path, 'utf8').replaceAll('\r\n', '\n') === text) continue;
  if (values.check === true) {
    process.stdout.write(`${path} is out of date: run "npm run docs".\n`);
    process.exitCode = 1;
  } else writeFileSync(path, text);
}
