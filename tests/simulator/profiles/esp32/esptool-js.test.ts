import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { flashWithEsptoolJs, md5Of } from '../../../../bench/flash/esptool-js.ts';
import { createSerialPorts } from '../../../../station/devices/drivers/serial/index.ts';
import { TestSimulator } from '../../../kit/test-simulator.ts';
import { LONG } from '../../../support/depth.ts';
import { inTurn, TURN } from '../../../support/rotation.ts';

const IMAGE = Buffer.concat([randomBytes(50_000), Buffer.alloc(30_000, 'text '), randomBytes(1_848)]);
const OFFSET = 0x10000;

type Way = readonly [name: string, stub: boolean, compress: boolean];
const WAYS: readonly [Way, ...Way[]] = [
  ['with the stub, compressed', true, true],
  ['with the stub, as it is', true, false],
  ['with the ROM, compressed', false, true],
  ['with the ROM, as it is', false, false],
];
const PROFILES = ['esp32c3', 'esp32', 'esp32s3'] as const;

describe.each(PROFILES)('a simulated %s', (profile) => {
  // Each chip, and each way with one of them.
  it.each(LONG ? WAYS : [inTurn(WAYS, PROFILES.indexOf(profile) + TURN)])(
    'is flashed by esptool-js %s',
    async (_, stub, compress) => {
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
    },
  );
});
