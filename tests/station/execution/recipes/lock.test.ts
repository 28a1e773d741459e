import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockRecipe, readRecipe, requireLocked } from '#station';
import { invoke } from '../../../kit/in-process.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { describedRecipe } from '../../../kit/recipes.ts';

const STEPS = `- verb: request
  name: volts
  text: V?
  expect: '(\\d+)'
  measure: [{ name: volts, group: 1, as: number, unit: V, limits: { min: 3.1, max: 3.5 } }]
- { verb: script, file: own.ts }`;

let dir: ReturnType<typeof tempDir>;
let path: string;
beforeEach(() => {
  dir = tempDir('lock');
  path = join(dir.path, 'recipe.yaml');
  writeFileSync(path, describedRecipe(STEPS));
  writeFileSync(join(dir.path, 'own.ts'), 'export default () => {};\n');
});
afterEach(() => dir[Symbol.dispose]());

const lock = async (): Promise<void> => void (await lockRecipe(path, await readRecipe(path)));
const check = async (): Promise<boolean> => requireLocked(path, await readRecipe(path));

describe('the lock of a recipe', () => {
  it('is valid while recipe and files are unchanged', async () => {
    expect(await check()).toBe(false);
    await lock();
    expect(await check()).toBe(true);
    // Line ends are no change: a Windows editor is not an engineer.
    writeFileSync(path, describedRecipe(STEPS).replaceAll('\n', '\r\n'));
    expect(await check()).toBe(true);
  });

  it.each<[string, () => void, string]>([
    [
      'a limit',
      () => writeFileSync(path, describedRecipe(STEPS.replace('max: 3.5', 'max: 3.6'))),
      'limits of test/volts/volts were 3.1 … 3.5 V and are 3.1 … 3.6 V',
    ],
    [
      'a script',
      () => writeFileSync(join(dir.path, 'own.ts'), 'export default () => { return 1; };\n'),
      'file own.ts was changed',
    ],
    [
      'a step',
      () => writeFileSync(path, describedRecipe(STEPS.replace('V?', 'U?'))),
      'step test/volts was changed',
    ],
    [
      'a step more',
      () => writeFileSync(path, describedRecipe(`${STEPS}\n- { verb: wait, ms: 5 }`)),
      'test/wait is new',
    ],
    [
      'a comment',
      () => writeFileSync(path, `# hurry\n${describedRecipe(STEPS)}`),
      'its text was changed, though not in steps, limits or files',
    ],
  ])('refuses a change of %s, and says it', async (_what, change, words) => {
    await lock();
    change();
    const fault = await faultOf(check);
    expect(fault).toMatchObject({ code: 'recipe-changed' });
    expect(fault.message).toContain(`is not as it was locked: ${words}`);
  });

  it('is required by a production batch, which stores the locked parts', async () => {
    const data = ['--data', join(dir.path, 'station'), '--json'];
    const create = (...more: string[]) =>
      invoke('batch', 'create', '--recipe', path, '--quantity', '5', ...more, ...data);
    expect(await create('--production')).toMatchObject({ status: 2, events: [{ code: 'recipe-changed' }] });
    expect((await create()).events[0]).toMatchObject({ event: 'batch.created', locked: false });
    const locked = await invoke('recipe', 'lock', path, ...data);
    expect(locked).toMatchObject({
      status: 0,
      events: [{ event: 'recipe.locked', recipe: 'peer', version: '1.0.0' }],
    });
    const made = await create('--production');
    expect(made.events[0]).toMatchObject({ locked: true, recipeHash: locked.events[0]?.['hash'] });
    writeFileSync(join(dir.path, 'own.ts'), '// another\nexport default () => {};\n');
    expect(await create()).toMatchObject({ status: 2, events: [{ code: 'recipe-changed' }] });
    expect((await invoke('audit', 'verify', ...data)).status).toBe(0);
  });
});

describe('the files of a recipe', () => {
  it('that are missing are reported with the position of their names', async () => {
    rmSync(join(dir.path, 'own.ts'));
    const fault = await faultOf(() => readRecipe(path));
    expect(fault.message).toMatch(
      /recipe\.yaml:\d+:\d+: phases\.1\.steps\.1\.file: own\.ts is not in the folder/,
    );
  });

  it('must be in its folder, also through links', async () => {
    mkdirSync(join(dir.path, 'elsewhere'));
    const folder = join(dir.path, 'elsewhere');
    const inner = join(folder, 'recipe.yaml');
    writeFileSync(inner, describedRecipe(STEPS));
    symlinkSync(join(dir.path, 'own.ts'), join(folder, 'own.ts'));
    expect((await faultOf(() => readRecipe(inner))).message).toContain(
      'own.ts is not taken: it is a link out of the folder of the recipe',
    );
  });

  it('change its hash, each of them', async () => {
    const before = (await readRecipe(path)).hash;
    writeFileSync(join(dir.path, 'own.ts'), 'export default () => { /* other */ };\n');
    expect((await readRecipe(path)).hash).not.toBe(before);
  });
});
