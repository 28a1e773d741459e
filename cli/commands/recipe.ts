import { resolve } from 'node:path';
import type { Command } from 'commander';
import { neededInstruments } from '#shared/recipe/index.ts';
import {
  pathBeside,
  checkRecipe,
  lockRecipe,
  readRecipe,
  recipeJsonSchema,
  recipeStateOf,
  type Station,
  STATION_ITSELF,
} from '#station';
import { type CommonOptions, command, group } from '../command.ts';
import { EXIT_STATUS } from '../exit-status.ts';
import { createOutput, table, writeLines } from '../output.ts';
import { readBytes } from '../read-text.ts';
import { writeSharedFile } from '../write-shared-file.ts';
import { withStation, withDatabase } from '../with-station.ts';
import { recipeLibraryCommands } from './recipe/library.ts';
import { recipeTryCommand } from './recipe/try.ts';

interface SchemaOptions extends CommonOptions {
  readonly out?: string;
}

export function recipeCommand(): Command {
  return group('recipe', 'recipes', [
    command(
      'check',
      'check a recipe, its files and scripts: every mistake by line and column, with what is right',
    )
      .argument('<file>')
      .action(check),
    command('lock', 'lock a recipe as it is, with its scripts, models, pictures and limits, for production')
      .argument('<file>')
      .action(lock),
    command('schema', 'the JSON Schema of recipes, for completion in editors')
      .option('--out <file>', 'where to write it; to the terminal when left out')
      .action(schema),
    recipeTryCommand(),
    ...recipeLibraryCommands(),
    command('list', 'recipes of this station with their states, newest first').action(list),
  ]);
}

async function check(file: string, options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  // Its faults are more specific than those of the recipe check.
  await readBytes(file);
  const { parsed, issues } = await checkRecipe(file);
  const instruments = parsed === null ? [] : neededInstruments(parsed.recipe);
  out.event('recipe.checked', { file, ok: parsed !== null, hash: parsed?.hash ?? null, issues, instruments });
  for (const { file: other, line, column, message } of issues) {
    const where = other === undefined ? file : pathBeside(file, other);
    out.print(`${where}:${line}:${column}: ${message}`);
  }
  if (parsed !== null)
    out.print(`${parsed.recipe.name} ${parsed.recipe.version} is valid (${parsed.hash.slice(0, 12)})`);
  if (instruments.length > 0) out.print(`it needs the instruments ${instruments.join(', ')} of the station`);
  if (parsed === null) process.exitCode = EXIT_STATUS.badInput;
}

async function lock(file: string, options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  const parsed = await readRecipe(file);
  const work = async (station: Station): Promise<Awaited<ReturnType<typeof lockRecipe>>> => {
    const made = await lockRecipe(file, parsed);
    const { recipe, version, sha256 } = made.lock;
    station.recordRecipeLock({ recipe, version, sha256 }, STATION_ITSELF);
    return made;
  };
  const { lock: locked, path } = await withStation(options, work, { createIfMissing: true });
  const { recipe, version, sha256 } = locked;
  out.event('recipe.locked', { file, lock: path, recipe, version, hash: sha256 });
  out.print(`${recipe} ${version} is locked as ${sha256.slice(0, 12)}: ${path}`);
}

async function schema(options: SchemaOptions): Promise<void> {
  const out = createOutput(options);
  const text = JSON.stringify(recipeJsonSchema(), null, 2);
  if (options.out === undefined) return writeLines(text.split('\n'));
  const path = resolve(options.out);
  await writeSharedFile(path, `${text}\n`);
  out.event('recipe.schema', { path });
  out.print(path);
}

async function list(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  const rows = await withDatabase(options, (database) => database.recipeVersions.list());
  const recipes = rows.map((row) => ({ ...row, state: recipeStateOf(row) }));
  for (const { hash, name, version, state, batches } of recipes)
    out.event('recipe', { name, version, hash, state, batches });
  out.print(
    recipes.length === 0
      ? 'this station has no recipes yet'
      : table(
          ['recipe', 'version', 'state', 'batches', 'hash'],
          recipes.map((r) => [r.name, r.version, r.state, String(r.batches), r.hash.slice(0, 12)]),
        ),
  );
}
