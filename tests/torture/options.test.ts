import { expect, it } from 'vitest';
import { parseRecipe } from '#station';
import { readOptions } from '../../bench/torture/options.ts';
import { DEVICES } from '../../bench/torture/devices.ts';
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
});

it.each(DEVICES)('knows the phases of its recipe for %s', (device) => {
  expect(parseRecipe(recipeFor(device), 'torture').recipe.phases.map(({ name }) => name)).toEqual(PHASES);
});
