import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeEspFirmware } from '#simulator';
import type { ParsedRecipe } from '#station';
import { parsedRecipe } from '../kit/recipes.ts';
import { startStation } from '../kit/station.ts';
import { simulated } from '../kit/units.ts';

const FIRMWARE = makeEspFirmware({ chip: 'esp32c3', version: '1.2.3', project: 'lamp', codeBytes: 4096 });

/** The sample recipe, whose images are files of the recipe in place of a firmware package. */
function recipe(): ParsedRecipe {
  const shipped = readFileSync(new URL('../../resources/recipes/esp32c3-nvs.yaml', import.meta.url), 'utf8');
  const text = shipped
    .replaceAll('from: firmware, file:', 'from: recipe, file:')
    .replace('{ from: firmware, offset: 0x10000 }', '{ from: recipe, file: lamp.bin, offset: 0x10000 }');
  return parsedRecipe(text, Object.fromEntries(FIRMWARE.map(({ name, bytes }) => [name, bytes])));
}

test('an empty chip is flashed and gets its identity in NVS, which its application then has', async () => {
  await using setup = await startStation({
    units: simulated(1, { profile: 'esp32c3', rfc2217: true, timeScale: 0 }),
    registry: 'real',
    recipe: recipe(),
  });
  const result = await setup.run(1);
  expect(setup.steps(result).filter(({ outcome }) => outcome !== 'PASS')).toEqual([]);
  expect(result).toMatchObject({ outcome: 'PASS', chipId: setup.units.chipOf(1) });
  expect(setup.values(result)).toMatchObject({ 'firmware-version': 'lamp 1.2.3' });
});
