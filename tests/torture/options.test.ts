import { expect, it } from 'vitest';
import { printingStep } from '#shared/recipe/index.ts';
import { parseRecipe } from '#station';
import { readOptions } from '../../bench/torture/options.ts';
import { DEVICES } from '../../bench/torture/devices.ts';
import { outputRecipes, SCRIPT, SCRIPT_FILE } from '../../bench/torture/outputs/settings.ts';
import { PHASES, recipeFor } from '../../bench/torture/recipe.ts';

it('refuses an event that no station or simulator reports', () => {
  expect(readOptions(['--aim', 'run.finished']).onlyEvent).toBe('run.finished');
  expect(readOptions(['--aim', 'run.phase online']).onlyEvent).toBe('run.phase online');
  expect(() => readOptions(['--aim', 'run.finishd'])).toThrow('--aim is one of run.started, ');
});

it('takes the units of each station', () => {
  expect(readOptions([]).devices).toEqual(['at-module']);
  expect(readOptions(['--devices', 'described']).devices).toHaveLength(7);
  expect(readOptions(['--devices', 'described-bcc,at-module']).devices).toEqual([
    'described-bcc',
    'at-module',
  ]);
  expect(() => readOptions(['--devices', 'lamp'])).toThrow('and not lamp');
  expect(readOptions(['--registration'])).toMatchObject({ devices: ['at-registration'], registration: true });
});

it.each(['at-module', 'esp32c3'] as const)('makes recipes with labels and attachments for %s', (device) => {
  const scripts = new Map([[SCRIPT_FILE, Buffer.from(SCRIPT)]]);
  const recipes = outputRecipes(device).map((source) => parseRecipe(source, 'torture', scripts).recipe);
  expect(recipes.map((recipe) => printingStep(recipe))).toMatchObject([
    { print: 'on-pass', scan: true },
    { print: 'on-pass', scan: false },
  ]);
});

it.each(DEVICES)('knows the phases of its recipe for %s', (device) => {
  expect(parseRecipe(recipeFor(device), 'torture').recipe.phases.map(({ name }) => name)).toEqual(PHASES);
});
