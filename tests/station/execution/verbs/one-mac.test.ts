import { expect, it } from 'vitest';
import { NVS_DEVICE, parsedRecipe } from '../../../kit/recipes.ts';
import { startStation } from '../../../kit/station.ts';
import { chipWithNvs, EspUnits } from '../../devices/protocols/esp/esp-units.ts';

const RECIPE = `${NVS_DEVICE}  - name: burn
    steps: [{ verb: identify }, { verb: burn-triple }]
`;

it('two chips without an address do not get one identity', async () => {
  await using setup = await startStation({
    units: () => Promise.resolve(new EspUnits()),
    recipe: parsedRecipe(RECIPE),
    registry: 'real',
    triples: 2,
  });
  for (let n = 0; n < 2; n++) {
    const chip = chipWithNvs('000000000000');
    const before = Buffer.from(chip.flash);
    setup.units.socket.put(chip);
    const result = await setup.run(1, null);
    expect(result).toMatchObject({ deviceName: null, failure: { code: 'device-garbled', step: 'identify' } });
    expect(chip.flash.equals(before)).toBe(true);
  }
});
