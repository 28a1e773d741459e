import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import type { Clock, DevicePort } from '../../../../../station/core/platform/index.ts';
import { createEspProtocol } from '../../../../../station/devices/protocols/esp/index.ts';
import type { FlashImage, FlashJob } from '../../../../../station/devices/protocols/flashing/index.ts';
import { depth } from '../../../../support/depth.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { EspSocket } from './esp-socket.ts';
import { ScriptedEsp } from './scripted-esp.ts';

/** Waits end at once, after whatever is under way. */
const clock: Clock = {
  nowMs: () => 0,
  monotonicMs: () => performance.now(),
  sleep: async (_ms, signal) => {
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  },
};

const IMAGES: readonly FlashImage[] = [
  { name: 'bootloader.bin', offset: 0, bytes: Buffer.from('a boot loader '.repeat(350)) },
  { name: 'table.bin', offset: 0x8000, bytes: Buffer.from('a table '.repeat(80)) },
  { name: 'app.bin', offset: 0x1_0000, bytes: randomBytes(9001) },
];
const JOB: FlashJob = {
  chip: 'esp32c3',
  images: IMAGES,
  updater: null,
  baudRate: 921_600,
  portBaudRate: 115_200,
  verify: 'auto',
  clock,
  trace: () => undefined,
};
type Direction = 'to-unit' | 'to-station';

/** What happens to one byte of the line. */
interface Noise {
  readonly direction: Direction;
  readonly at: number;
  readonly kind: 'changed' | 'lost' | 'added';
  readonly value: number;
}

/** A line that disturbs one byte. */
class NoisyLine extends EspSocket {
  readonly bytes: Record<Direction, number> = { 'to-unit': 0, 'to-station': 0 };
  readonly #noise: Noise | null;

  constructor(unit: ScriptedEsp, noise: Noise | null) {
    super(unit);
    this.#noise = noise;
  }

  override write(bytes: Uint8Array): Promise<void> {
    return super.write(this.#carry('to-unit', bytes));
  }

  override onData(listener: Parameters<DevicePort['onData']>[0]): void {
    super.onData(listener === null ? null : (bytes) => listener(this.#carry('to-station', bytes)));
  }

  #carry(direction: Direction, bytes: Uint8Array): Uint8Array {
    const at = (this.#noise?.at ?? -1) - this.bytes[direction];
    this.bytes[direction] += bytes.length;
    const noise = this.#noise;
    if (noise?.direction !== direction || at < 0 || at >= bytes.length) return bytes;
    const carried = Buffer.from(bytes);
    const [before, after] = [carried.subarray(0, at), carried.subarray(at)];
    switch (noise.kind) {
      case 'changed':
        carried[at] = (carried[at] ?? 0) ^ noise.value;
        return carried;
      case 'lost':
        return Buffer.concat([before, after.subarray(1)]);
      case 'added':
        return Buffer.concat([before, Buffer.of(noise.value), after]);
    }
  }
}

it('a flash is never reported as written with one wrong byte, whichever byte of the line is disturbed', async () => {
  const clean = new NoisyLine(new ScriptedEsp(), null);
  await createEspProtocol().flash(clean, JOB, () => undefined, NEVER_ABORTED);
  const { bytes } = clean;
  const noise = fc.constantFrom<Direction>('to-unit', 'to-station').chain((direction) =>
    fc.record({
      direction: fc.constant(direction),
      at: fc.nat(bytes[direction]),
      kind: fc.constantFrom<Noise['kind']>('changed', 'lost', 'added'),
      value: fc.integer({ min: 1, max: 255 }),
    }),
  );
  let successes = 0;
  await fc.assert(
    fc.asyncProperty(noise, async (one) => {
      const chip = new ScriptedEsp();
      try {
        await createEspProtocol().flash(new NoisyLine(chip, one), JOB, () => undefined, NEVER_ABORTED);
      } catch (error) {
        expect(error).toBeInstanceOf(Fault);
        expect((error as Fault).code).toMatch(
          /^(?:device-(?:silent|garbled|rejected)|flash-mismatch|bad-input)$/,
        );
        return;
      }
      successes += 1;
      for (const { offset, bytes: wanted } of IMAGES)
        expect(chip.flash.subarray(offset, offset + wanted.length).equals(wanted)).toBe(true);
    }),
    { numRuns: depth({ short: 100, long: 5_000 }) },
  );
  expect(successes).toBeGreaterThan(80);
});
