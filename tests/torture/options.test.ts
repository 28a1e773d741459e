import { expect, it } from 'vitest';
import { parseRecipe } from '#station';
import { readOptions } from '../../bench/torture/options.ts';
import { PHASES, RECIPE } from '../../bench/torture/recipe.ts';

it('refuses an event that no station or simulator reports', () => {
  expect(readOptions(['--aim', 'run.finished']).onlyEvent).toBe('run.finished');
  expect(readOptions(['--aim', 'run.phase online']).onlyEvent).toBe('run.phase online');
  expect(() => readOptions(['--aim', 'run.finishd'])).toThrow('--aim is one of run.started, ');
});

it('knows the phases of its recipe', () => {
  expect(parseRecipe(RECIPE, 'torture').recipe.phases.map(({ name }) => name)).toEqual(PHASES);
});
