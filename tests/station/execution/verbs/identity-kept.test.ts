import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { STATION_ITSELF } from '#station';
import { NVS_DEVICE, parsedRecipe } from '../../../kit/recipes.ts';
import { startStation } from '../../../kit/station.ts';
import { EspUnits } from '../../devices/protocols/esp/esp-units.ts';

const RECIPE = (last: string): string => `${NVS_DEVICE}  - name: burn
    steps:
      - { verb: identify }
      - { verb: burn-triple }
      - ${last}
`;

const flashAt = (offset: string): string =>
  `{ verb: flash, name: last, chip: esp32c3, images: [{ from: recipe, file: merged.bin, offset: ${offset} }] }`;

it.each([
  ['whose flash covers its identity fails', flashAt('0x9000'), 'read-back-mismatch'],
  ['whose flash is beside its identity passes', flashAt('0x10000'), null],
  [
    'whose vendor program erases it fails',
    "{ verb: run-tool, name: last, command: [eraser, '{port}'] }",
    'read-back-mismatch',
  ],
])('a unit %s', async (_, last, code) => {
  await using setup = await startStation({
    units: () => Promise.resolve(new EspUnits()),
    recipe: parsedRecipe(RECIPE(last), { 'merged.bin': Buffer.alloc(0x6000, 0xff).fill(1, 0, 1) }),
    registry: 'real',
    triples: 1,
  });
  const { units, dir, station } = setup;
  const tool = join(dir, 'eraser');
  writeFileSync(tool, '#!/bin/sh\nexit 0\n');
  chmodSync(tool, 0o755);
  await station.tools.add('eraser', tool, STATION_ITSELF);
  units.socket.lend = async (work) => {
    units.chip.flash.fill(0xff, 0x9000, 0xf000);
    return work('/dev/socket');
  };
  const result = await setup.run(1);
  expect(result.failure?.code ?? null).toBe(code);
  if (code !== null)
    expect(result.failure).toMatchObject({ step: 'last', details: { deviceName: result.deviceName } });
});
