import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { unitFault } from '../../../../../simulator/faults/catalogue.ts';
import type { Clock } from '../../../../../station/core/platform/index.ts';
import { createNodeClock } from '../../../../../station/devices/drivers/node/clock.ts';
import { createRfc2217Ports } from '../../../../../station/devices/drivers/tcp/index.ts';
import { createSerialPorts } from '../../../../../station/devices/drivers/serial/index.ts';
import { createEspProtocol } from '../../../../../station/devices/protocols/esp/index.ts';
import type { FlashJob, FlashResult } from '../../../../../station/devices/protocols/flashing/index.ts';
import { TestSimulator } from '../../../../kit/test-simulator.ts';
import { faultOf } from '../../../../support/fault-of.ts';
import { soon } from '../../../../support/patience.ts';

const clock: Clock = createNodeClock();
/** Waits for a unit that will not answer take a fifth of their time. */
const IMPATIENT: Clock = {
  nowMs: () => clock.nowMs(),
  monotonicMs: () => 5 * clock.monotonicMs(),
  sleep: (ms, signal) => clock.sleep(ms / 5, signal),
};
const IMAGES: FlashJob['images'] = [
  { name: 'small.bin', offset: 0x9000, bytes: Buffer.alloc(12_345, 'text ') },
  { name: 'app.bin', offset: 0x1_0000, bytes: randomBytes(70_001) },
];

type Fault = z.input<typeof unitFault>;

interface FlashOptions {
  readonly stub?: boolean;
  readonly faults?: readonly Fault[];
  readonly times?: number;
  /** What an earlier job writes. */
  readonly before?: FlashJob['images'];
  readonly images?: FlashJob['images'];
  readonly on?: Clock;
  /** A port with control lines, and a unit that runs its application at first. */
  readonly rfc2217?: boolean;
}

interface Flashed {
  readonly result: FlashResult;
  readonly lines: readonly string[];
  readonly isThere: boolean;
  readonly mac: string;
}

async function flashSimulated(profile: string, options: FlashOptions = {}): Promise<Flashed> {
  const { stub = true, faults = [], times = 1, images = IMAGES, on = clock, rfc2217 = false } = options;
  const { before = images } = options;
  await using simulator = await TestSimulator.start({
    profile,
    timeScale: 0,
    rfc2217,
    ...(faults.length === 0 ? {} : { faults: { units: { 1: [...faults] } } }),
  });
  const [unit] = simulator.inner.units;
  const signal = soon();
  const settings = { baudRate: 115_200 };
  const path = simulator.pathOf(1);
  const ports = path.startsWith('/') ? createSerialPorts() : createRfc2217Ports();
  await using port = await ports.open(path, settings, signal);
  const lines: string[] = [];
  const job: FlashJob = {
    chip: 'auto',
    images: before,
    updater: null,
    baudRate: 921_600,
    portBaudRate: 115_200,
    verify: 'auto',
    clock: on,
    trace: (line) => lines.push(line),
  };
  const protocol = createEspProtocol(stub);
  let result = await protocol.flash(port, job, () => undefined, signal);
  for (let n = before === images ? 1 : 0; n < times; n++) {
    // A port without control lines needs a fixture that switches the unit off and on.
    await simulator.inner.power(1, false);
    await simulator.inner.power(1, true);
    result = await protocol.flash(port, { ...job, images }, () => undefined, signal);
  }
  const flash = readFileSync(unit?.flash ?? '');
  const isThere = images.every(({ offset, bytes }) =>
    flash.subarray(offset, offset + bytes.length).equals(bytes),
  );
  return { result, lines, isThere, mac: (unit?.mac ?? '').replaceAll(':', '').toUpperCase() };
}

describe('a simulated chip on a real pseudo-terminal', () => {
  it.each([
    ['esp32c3', 'ESP32-C3', true],
    ['esp32s3', 'ESP32-S3', true],
    ['esp32', 'ESP32', true],
    ['esp32c3', 'ESP32-C3', false],
    ['esp32', 'ESP32', false],
  ])('%s is flashed: %s, stub %s', async (profile, chip, stub) => {
    const { result, isThere, mac } = await flashSimulated(profile, { stub });
    expect(isThere).toBe(true);
    expect(result).toMatchObject({ chip, chipId: mac, baudRate: 921_600 });
    expect(result.images.map(({ verifiedBy }) => verifiedBy)).toEqual(['md5', 'md5']);
  });

  it('is not written again when it holds the images', async () => {
    const { result, isThere } = await flashSimulated('esp32c3', { times: 2 });
    expect(isThere).toBe(true);
    expect(result.images.map(({ skipped }) => skipped)).toEqual([true, true]);
  });

  it.each(['secure-download', 'flash-encryption', 'secure-boot'] as const)(
    'is refused with %s',
    async (by) => {
      const fault = await faultOf(() =>
        flashSimulated('esp32c3', { faults: [{ fault: 'chip-locked', by }] }),
      );
      expect(fault.code).toBe('device-locked');
    },
  );

  it('is reset into its loader over the control lines, and into its application afterwards', async () => {
    const { isThere, lines } = await flashSimulated('esp32c3', { rfc2217: true });
    expect(isThere).toBe(true);
    expect(lines).toContain('reset: both lines at once');
    expect(lines.at(-1)).toBe('reset: application');
  });

  it('is refused when its loader is disabled', async () => {
    const faults: Fault[] = [{ fault: 'chip-locked', by: 'no-download' }];
    const fault = await faultOf(() => flashSimulated('esp32c3', { faults, rfc2217: true }));
    expect(fault).toMatchObject({ code: 'device-locked', details: { locks: 'download disabled' } });
  });

  it('is refused when its flash is too small', async () => {
    const faults: Fault[] = [{ fault: 'flash-small', bytes: 1_048_576 }];
    const images = [{ name: 'data.bin', offset: 0xf_f000, bytes: randomBytes(5000) }];
    expect((await faultOf(() => flashSimulated('esp32c3', { faults, images }))).code).toBe('bad-input');
  });

  it.each([
    ['flash-bit-stuck', { fault: 'flash-bit-stuck', offset: 0x1_0400 }],
    ['flash-sector-stuck', { fault: 'flash-sector-stuck', offset: 0x1_1000 }],
  ] as const)('never passes with wrong bytes in its flash: %s', async (_, fault) => {
    const image = { name: 'app.bin', offset: 0x1_0000, bytes: Buffer.alloc(10_000, 0x00) };
    const other = { ...image, bytes: Buffer.alloc(10_000, 0x55) };
    // A stuck bit stays 1, a sector that is not erased keeps its zeros.
    const images =
      fault.fault === 'flash-bit-stuck' ? { images: [image] } : { before: [image], images: [other] };
    const work = (): Promise<unknown> =>
      flashSimulated('esp32c3', { faults: [fault], ...images, on: IMPATIENT });
    expect((await faultOf(work)).code).toBe('flash-mismatch');
  });

  it.each([
    ['lose-bytes', { fault: 'lose-bytes', afterBytes: 40_000, times: 1 }],
    ['change-bytes', { fault: 'change-bytes', afterBytes: 40_000, times: 1 }],
    ['late-bytes', { fault: 'late-bytes', afterBytes: 40_000, times: 1 }],
    ['change-bytes from the unit', { fault: 'change-bytes', from: 'unit', afterBytes: 1500, times: 1 }],
  ] as const)('is flashed in spite of %s', async (_, fault) => {
    const { isThere, result } = await flashSimulated('esp32c3', { faults: [fault], on: IMPATIENT });
    expect(isThere).toBe(true);
    expect(result.images).toHaveLength(2);
  });
});
