import type { Command } from 'commander';
import { inspectRecipe } from '#station';
import { type CommonOptions, command, group } from '../command.ts';
import { createOutput, table } from '../output.ts';
import { readText } from '../read-text.ts';
import { withStore } from '../with-station.ts';

export function recipeCommand(): Command {
  return group('recipe', 'recipes: what is done to a unit', [
    command('check', 'check a recipe; names line and column of what is wrong')
      .argument('<file>')
      .action(check),
    command('list', 'recipes that batches of this station were made with').action(list),
  ]);
}

async function check(file: string, options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  const { parsed, issues } = inspectRecipe(await readText(file));
  out.event('recipe.checked', { file, ok: parsed !== null, hash: parsed?.hash ?? null, issues });
  if (!out.json) {
    for (const { line, column, message } of issues) out.say(`${file}:${line}:${column}: ${message}`);
    if (parsed !== null)
      out.say(`${parsed.recipe.name} ${parsed.recipe.version} is sound (${parsed.hash.slice(0, 12)})`);
  }
  if (parsed === null) process.exitCode = 2;
}

async function list(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  const recipes = await withStore(options, (store) => store.batches.recipes());
  for (const recipe of recipes) out.event('recipe', recipe);
  if (!out.json)
    out.say(
      recipes.length === 0
        ? 'no batch was made yet, so there are no recipes'
        : table(
            ['recipe', 'version', 'hash'],
            recipes.map((r) => [r.name, r.version, r.hash.slice(0, 12)]),
          ),
    );
}
