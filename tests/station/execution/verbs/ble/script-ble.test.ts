import { expect, it } from 'vitest';
import { findRecording, readRecording, formatTranscript } from '#station';
import { expectSameAgain } from '../../replay/replay-support.ts';
import { startStation } from '../../../../kit/station.ts';
import { simulated } from '../../../../kit/units.ts';
import { thermometerRecipe } from '../../../../kit/ble-recipes.ts';
import { parsedRecipe } from '../../../../kit/recipes.ts';

const SOURCE = `import { defineScript } from 'gongwei/script';
const UART = '6E400001-B5A3-F393-E0A9-E50E24DCCA9E';
const COMMAND = '6E400002-B5A3-F393-E0A9-E50E24DCCA9E';
const REPLY = '6E400003-B5A3-F393-E0A9-E50E24DCCA9E';
const text = (bytes: Uint8Array) => String.fromCharCode(...bytes);
const why = (work: Promise<unknown>) => work.then(() => 'done', (error: any) => error.code);

export default defineScript(async ({ ble, measure }) => {
  const measured = await ble.notified('1809', '2a1c', { withinMs: 5000 });
  const mantissa = measured[1] | (measured[2] << 8);
  await measure('temperature', mantissa / 10, { unit: '°C', limits: { min: 36, max: 37 } });
  await ble.write(UART, COMMAND, 'TEST 1\\n', { confirm: false });
  await measure('mode', text(await ble.request(UART, COMMAND, 'TEST?\\n', { notify: REPLY })));
  await measure('type', (await ble.read('1809', '2A1D'))[0]);
  await measure('mtu', await ble.mtu());
  await measure('none', await why(ble.read('1809', 'FFFF')));
  await measure('uuid', await why(ble.read('1809', 'lamp')));
  await measure('long', await why(ble.write(UART, COMMAND, 'x'.repeat(600))));
});`;

it('a script reads, writes and awaits notifications over Bluetooth; its calls are recorded and replayed', async () => {
  await using setup = await startStation({
    units: simulated(1, { profile: 'ble-thermometer', ble: true }),
    recipe: parsedRecipe(thermometerRecipe('      - { verb: script, file: own.ts }'), { 'own.ts': SOURCE }),
  });
  const result = await setup.run(1);
  expect(result.failure).toBeNull();
  expect(setup.values(result)).toMatchObject({
    temperature: 36.4,
    mode: 'TEST 1\n',
    type: 2,
    mtu: 256,
    none: 'device-rejected',
    uuid: 'recipe-invalid',
    long: 'recipe-invalid',
  });
  const shown = [...formatTranscript(readRecording(findRecording(setup.dataDir, result.runId)))].join('\n');
  expect(shown).toContain('? ble: write unconfirmed 6E400001');
  await expectSameAgain(setup.dataDir, result, 1);
});
