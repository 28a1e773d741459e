import { expect, it } from 'vitest';
import { NVS_DEVICE, parsedRecipe } from '../../../kit/recipes.ts';
import { startStation } from '../../../kit/station.ts';
import { chipWithNvs, ESP_MAC, EspUnits } from '../../devices/protocols/esp/esp-units.ts';

const IMAGE = Buffer.alloc(9000, 'application ');
const FLASH = `
      - verb: flash
        name: NAME
        chip: esp32c3
        images: [{ from: recipe, file: app.bin, offset: 0x10000 }]`;

function recipeOf(steps: string): ReturnType<typeof parsedRecipe> {
  const text = `${NVS_DEVICE}  - name: who
    kind: setup
    steps:${steps}
  - name: burn
    steps: [{ verb: burn-triple }]
`;
  return parsedRecipe(text, { 'app.bin': IMAGE });
}

const IDENTIFY = `
      - { verb: identify }`;

it.each([
  ['between flash and identify', FLASH.replace('NAME', 'flash') + IDENTIFY, 'identify'],
  ['between identify and flash', IDENTIFY + FLASH.replace('NAME', 'flash'), 'flash'],
  ['between two flashes', FLASH.replace('NAME', 'one') + FLASH.replace('NAME', 'two') + IDENTIFY, 'two'],
])('a unit that is exchanged %s gets nothing of the first one', async (_, steps, at) => {
  await using setup = await startStation({
    units: () => Promise.resolve(new EspUnits()),
    recipe: recipeOf(steps),
  });
  const { units, station } = setup;
  const other = chipWithNvs('24587CD00999');
  const before = Buffer.from(other.flash);
  station.onRunEvent((_slot, event) => {
    if (event.kind === 'step' && event.step.name === at) units.socket.put(other);
  });
  const result = await setup.run(1, 'SN000001');
  expect(result.failure).toMatchObject({
    code: 'identity-conflict',
    step: at,
    details: { because: 'unit-exchanged', chipId: ESP_MAC, found: '24587CD00999' },
  });
  expect(other.flash.equals(before)).toBe(true);
  expect(result.deviceName).toBeNull();
});
