import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describedRecipe } from '../kit/recipes.ts';
import { invoke } from '../kit/in-process.ts';
import { tempDir } from '../support/temp-dir.ts';

it('a recipe is imported, locked, released by a second person and withdrawn at the terminal, and listed with its state', async () => {
  using dir = tempDir('cli-recipes');
  const data = ['--data', join(dir.path, 'station'), '--json'];
  const file = join(dir.path, 'peer.yaml');
  writeFileSync(file, describedRecipe('- { verb: wait, ms: 1 }'));
  const imported = await invoke('recipe', 'import', file, '--lock', ...data);
  expect(imported.events).toMatchObject([
    { event: 'recipe.imported', name: 'peer', version: '1.0.0', issues: 0 },
    { event: 'recipe.locked', recipe: 'peer' },
  ]);
  const hash = String(imported.events[1]?.['hash']);
  const states = async (): Promise<unknown[]> =>
    (await invoke('recipe', 'list', ...data)).events.map(({ state }) => state);
  expect(await states()).toEqual(['locked']);
  const release = (...args: string[]) => invoke('recipe', 'release', hash.slice(0, 10), ...args, ...data);
  expect((await release('--approver', 'Wang')).events).toMatchObject([
    { event: 'recipe.released', hash, releasedBy: 'Wang' },
  ]);
  expect(await states()).toEqual(['released']);
  expect(await release('--approver', 'Wang')).toMatchObject({
    status: 2,
    events: [{ code: 'recipe-state' }],
  });
  await invoke('recipe', 'withdraw', hash, '--reason', 'limits too wide', ...data);
  expect(await states()).toEqual(['withdrawn']);
  expect(await release('--approver', 'Li')).toMatchObject({ status: 2 });
  expect(await invoke('recipe', 'release', 'ffffff', '--approver', 'Li', ...data)).toMatchObject({
    status: 2,
    events: [{ code: 'not-found' }],
  });
});
