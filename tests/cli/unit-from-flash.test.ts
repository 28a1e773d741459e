import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildNvsPartition, nvsString } from '#shared/codec/nvs/index.ts';
import { writeFileSync } from 'node:fs';
import { makeEspFirmware } from '#simulator';
import { invoke } from '../kit/in-process.ts';
import { TestSimulator } from '../kit/test-simulator.ts';
import { tempDir } from '../support/temp-dir.ts';

const TRIPLE = { product_id: 'CS0SLTKSYA', device_name: 'dev1', device_secret: 'IyXmUW5sU/q1vnb5yzTkeQ==' };

/** The flash of a unit that another line made. */
function usedFlash(): Buffer {
  const flash = Buffer.alloc(4 * 1024 * 1024, 0xff);
  for (const { offset, bytes } of makeEspFirmware({ chip: 'esp32c3', version: '1.0.0', codeBytes: 1024 }))
    bytes.copy(flash, offset);
  const items = Object.entries(TRIPLE).map(([key, text]) => ({ namespace: 3, key, value: nvsString(text) }));
  const nvs = buildNvsPartition({ format: 2, namespaces: [{ name: 'cloud', index: 3 }], items }, 0x6000);
  flash.set(nvs, 0x9000);
  return flash;
}

test('a unit that shows its identity over Bluetooth is read by command, with the adapter that is named', async () => {
  using dir = tempDir('gatt');
  await using simulator = await TestSimulator.start({ profile: 'described-gatt', count: 1, ble: true });
  const adapter = simulator.inner.bluetooth?.adapter.path ?? '';
  const recipe = 'resources/recipes/described-gatt.yaml';
  const result = await invoke(
    ...['unit', 'read', '--slot', simulator.pathOf(1), '--ble', `uart:${adapter}`, '--recipe', recipe],
    ...['--data', join(dir.path, 'data'), '--json'],
  );
  expect(result).toMatchObject({
    status: 0,
    stderr: '',
    events: [{ mac: simulator.inner.units[0]?.mac, verdict: 'unknown', reading: { holds: null } }],
  });
});

test('a unit is named from its flash alone, on a computer without a station', async () => {
  using dir = tempDir('flash');
  await using simulator = await TestSimulator.start({
    profile: 'esp32c3',
    count: 1,
    rfc2217: true,
    timeScale: 0,
    startEmpty: true,
  });
  const [unit] = simulator.inner.units;
  writeFileSync(unit?.flash ?? '', usedFlash());
  await simulator.inner.place(1, 1);
  const data = join(dir.path, 'data');
  const result = await invoke(
    'unit',
    'read',
    '--slot',
    simulator.pathOf(1),
    '--flash',
    '--data',
    data,
    '--json',
  );
  expect(result).toMatchObject({ status: 0, stderr: '' });
  expect(JSON.parse(result.stdout)).toMatchObject({
    event: 'unit',
    mac: unit?.mac,
    model: 'ESP32-C3',
    verdict: 'foreign',
    reading: { holds: { productId: TRIPLE.product_id, deviceName: TRIPLE.device_name }, readBack: 'full' },
  });
  expect(result.stdout).not.toContain(TRIPLE.device_secret);
});
