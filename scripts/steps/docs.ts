/**
 * Generates docs/recipe.schema.json and the reference in docs/recipes.md from the schema of recipes, and the codes of the
 * command card. With `--check` it writes nothing and fails when they are out of date.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recipeJsonSchema, renderBars, renderCode } from '../../station/index.ts';
import { COMMAND_CODES, filesOfCommand } from '../docs/command-codes.ts';
import { recipeReference } from '../docs/recipe-reference.ts';
import { readStepArgs } from '../lib/step-args.ts';
import { ROOT } from '../setup/run-in-place.mjs';

const USAGE = `npm run docs [-- --check]
  Writes docs/recipe.schema.json, the reference in docs/recipes.md, and the codes of the command card.
  --check   writes nothing, and fails when they are out of date
`;
const { values } = readStepArgs(USAGE, { check: { type: 'boolean' } });

const BEGIN = '<!-- `npm run docs` writes everything from here to the end, from the schema of recipes. -->';

const prose = join(ROOT, 'docs/recipes.md');
const codes = join(ROOT, 'renderer/src/features/manual/codes');
const written = readFileSync(prose, 'utf8');
const made = new Map([
  [join(ROOT, 'docs/recipe.schema.json'), `${JSON.stringify(recipeJsonSchema(), null, 2)}\n`],
  [prose, `${(written.split(BEGIN)[0] ?? '').trimEnd()}\n\n${BEGIN}\n\n${recipeReference()}\n`],
]);
for (const code of COMMAND_CODES) {
  const { square, bars } = filesOfCommand(code);
  const text = new TextDecoder();
  made.set(join(codes, square), text.decode(await renderCode(code, 'svg', { moduleMm: 1, title: code })));
  made.set(join(codes, bars), text.decode(await renderBars(code, 'svg')));
}

for (const [path, text] of made) {
  const before = existsSync(path) ? readFileSync(path, 'utf8').replaceAll('\r\n', '\n') : null;
  if (before === text) continue;
  if (values.check === true) {
    process.stdout.write(`${path} is out of date: run "npm run docs".\n`);
    process.exitCode = 1;
  } else writeFileSync(path, text);
}
