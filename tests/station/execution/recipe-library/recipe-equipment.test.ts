import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Recipe } from '#shared/recipe/index.ts';
import { equipmentOf } from '../../../../station/execution/recipe-library/recipe-equipment.ts';
import { checkRecipe } from '../../../../station/execution/recipes/index.ts';

const SHIPPED = join(import.meta.dirname, '../../../../resources/recipes');
async function shipped(name: string): Promise<ReturnType<typeof equipmentOf>> {
  const { parsed, issues } = await checkRecipe(join(SHIPPED, `${name}.yaml`));
  if (parsed === null) throw new Error(JSON.stringify(issues));
  return equipmentOf(parsed.recipe);
}

describe('what a recipe needs of unit and station', () => {
  it.each([
    ['at-wifi-module-supply', { kind: 'commands', readBack: 'bcc8', unproven: false, place: null }],
    ['described-full', { kind: 'exchanges', readBack: 'full', unproven: false, place: null }],
    ['esp32c3-nvs', { kind: 'nvs', readBack: 'full', unproven: false }],
    ['xmodem-su03t', null],
  ])('names the identity of %s', async (name, identity) => {
    const { identity: found } = await shipped(name);
    if (identity === null) expect(found).toBeNull();
    else expect(found).toMatchObject(identity);
  });

  it('names device, images and instruments', async () => {
    expect(await shipped('esp32c3-nvs')).toMatchObject({ device: { profile: 'described' } });
    expect((await shipped('esp32c3-nvs')).device.chips).not.toEqual([]);
    expect(await shipped('xmodem-su03t')).toMatchObject({
      device: { chips: ['su-03t'] },
      flash: [{ chip: 'su-03t', images: [{ offset: 0 }], readBack: false }],
      instruments: [],
    });
    expect((await shipped('at-wifi-module-supply')).instruments).toContain('psu');
  });

  it('names each program once, with all files that the recipe allows', () => {
    const tool = (sha256: readonly string[]) => ({
      verb: 'run-tool',
      name: 'a',
      command: ['openocd'],
      sha256,
    });
    const phases = [
      { name: 'a', kind: 'test', steps: [tool(['1']), tool([])] },
      { name: 'b', kind: 'test', steps: [tool(['2', '1'])] },
    ] as unknown as Recipe['phases'];
    const device = { profile: 'at-module' } as Recipe['device'];
    expect(equipmentOf({ device, phases } as Recipe).tools).toEqual([
      { name: 'openocd', sha256: ['1', '2'] },
    ]);
  });
});
