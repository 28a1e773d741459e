import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { flashWithEsptoolJs, md5Of } from '../../../../bench/flash/esptool-js.ts';
import { createSerialPorts } from '../../../../station/devices/drivers/serial/index.ts';
import { TestSimulator } from '../../../kit/test-simulator.ts';

const IMAGE = Buffer.concat([randomBytes(50_000), Buffer.alloc(30_000, 'text '), randomBytes(1_848)]);
const OFFSET = 0x10000;

describe.each(['esp32c3', 'esp32', 'esp32s3'] as const)('a simulated %s', (profile) => {
  it.each([
    ['with the stub, compressed', true, true],
    ['with the stub, as it is', true, false],
    ['with the ROM, compressed', false, true],
    ['with the ROM, as it is', false, false],
  ] as const)('is flashed by esptool-js %s', async (_, stub, compress) => {
    await using simulator = await TestSimulator.start({ profile, count: 1, timeScale: 0 });
    const [unit] = simulator.inner.units;
    const result = await flashWithEsptoolJs({
      ports: createSerialPorts(),
      path: simulator.pathOf(1),
      image: IMAGE,
      offset: OFFSET,
      baudRate: 921_600,
      stub,
      compress,
    });
    expect(result.mac.toUpperCase()).toBe(unit?.mac);
    expect(result.md5).toBe(md5Of(IMAGE));
    const flash = readFileSync(unit?.flash ?? '');
    expect(flash.length).toBe(4 * 1024 * 1024);
    expect(flash.subarray(OFFSET, OFFSET + IMAGE.length).equals(IMAGE)).toBe(true);
  });
});
