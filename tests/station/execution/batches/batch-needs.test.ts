import { expect, it } from 'vitest';
import { batchNeeds } from '#station';
import { describedRecipe, parsedRecipe } from '../../../kit/recipes.ts';

const STEPS = `- { verb: send, instrument: psu, text: 'OUTP ON' }
- { verb: run-tool, command: [esptool, version] }
- { verb: run-tool, command: [openocd] }
- verb: flash
  chip: esp32c3
  images: [{ from: firmware, offset: 0 }]`;

const equipment = (missing: readonly (readonly string[])[], programs: readonly string[], board: boolean) => ({
  slots: { state: { slots: missing.map((_, index) => ({ slot: index + 1 })) }, hasBoard: () => board },
  instruments: { missing: (_names: readonly string[], slot: number) => missing[slot - 1] ?? ['psu'] },
  tools: { all: () => programs.map((name) => ({ name })) },
});

it('names what a recipe needs and the station does not have', () => {
  const { recipe } = parsedRecipe(describedRecipe(STEPS));
  expect(batchNeeds(recipe, equipment([], [], false))).toEqual({
    productId: recipe.product,
    firmware: true,
    instruments: ['psu'],
    programs: ['esptool', 'openocd'],
    board: false,
  });
  // One slot is enough.
  expect(batchNeeds(recipe, equipment([['psu'], []], ['esptool'], false))).toMatchObject({
    instruments: [],
    programs: ['openocd'],
  });
});

it('a recipe that names its firmware needs none of the batch, and a relay board is looked for', () => {
  const { recipe } = parsedRecipe(describedRecipe(STEPS));
  const named = { ...recipe, firmware: { sha256: 'a'.repeat(64) } };
  const device = { ...recipe.device, board: { kind: 'lcus', relays: {} } } as unknown as typeof recipe.device;
  const needs = (board: boolean) => batchNeeds({ ...named, device }, equipment([[]], [], board));
  expect(needs(false)).toMatchObject({ firmware: false, board: true });
  expect(needs(true)).toMatchObject({ board: false });
});
