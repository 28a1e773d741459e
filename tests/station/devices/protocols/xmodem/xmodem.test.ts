import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteQueue } from '../../../../../simulator/parts/boot/index.ts';
import { receiveXmodem, WANT_CRC } from '../../../../../simulator/parts/xmodem/index.ts';
import type {
  FlashJob,
  FlashProgress,
  FlashResult,
} from '../../../../../station/devices/protocols/flashing/index.ts';
import { createXmodemProtocol } from '../../../../../station/devices/protocols/xmodem/index.ts';
import { depth } from '../../../../support/depth.ts';
import { faultOf } from '../../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { VirtualClock } from '../../../../support/virtual-clock.ts';
import { Wire, type WireFault } from '../flashing/wire.ts';

/** A unit in memory that asks for firmware at once, with all that it stored. */
class Receiver implements Disposable {
  readonly clock = new VirtualClock();
  readonly wire: Wire;
  readonly #off = new AbortController();
  readonly queue = new ByteQueue((ms, signal) => this.clock.sleep(ms, signal));
  stored: Buffer = Buffer.alloc(0);
  isComplete = false;
  readonly ended: Promise<void>;

  constructor(faults: readonly WireFault[] = [], flashBytes = 1 << 20) {
    this.wire = new Wire(this.clock, faults);
    this.wire.onReceive = (bytes) => this.queue.push(bytes);
    this.ended = this.#run(flashBytes).catch(() => undefined);
  }

  async #run(flashBytes: number): Promise<void> {
    const { signal } = this.#off;
    const wait = this.clock.sleep;
    while (this.queue.length === 0) {
      this.wire.send(WANT_CRC);
      await wait(1_000, signal);
    }
    const store = (offset: number, data: Uint8Array): Promise<boolean> => {
      if (offset + data.length > flashBytes) return Promise.resolve(false);
      this.stored = Buffer.concat([this.stored.subarray(0, offset), data]);
      return Promise.resolve(true);
    };
    this.isComplete =
      (await receiveXmodem({ queue: this.queue, send: this.wire.send, store }, signal)) === 'complete';
  }

  flash(
    bytes: Uint8Array,
    signal = NEVER_ABORTED,
    onProgress = (_: FlashProgress) => {},
  ): Promise<FlashResult> {
    const job: FlashJob = {
      chip: 'su-03t',
      images: [{ name: 'jx_su_03t_release_update.bin', offset: 0, bytes }],
      updater: null,
      baudRate: 921_600,
      portBaudRate: 115_200,
      verify: 'auto',
      clock: this.clock,
      trace: () => undefined,
    };
    return createXmodemProtocol('US516P6').flash(this.wire.port, job, onProgress, signal);
  }

  /** What a unit without the filling of the last block has. */
  holds(bytes: Uint8Array): boolean {
    const filling = this.stored.subarray(bytes.length);
    return this.stored.subarray(0, bytes.length).equals(bytes) && filling.every((byte) => byte === 0x1a);
  }

  [Symbol.dispose](): void {
    this.#off.abort();
    this.clock[Symbol.dispose]();
  }
}

const image = (length: number): Buffer =>
  Buffer.from(Array.from({ length }, (_, at) => (at * 7 + (at >> 8)) & 0xff));

describe('firmware over XMODEM', () => {
  it('arrives whole, at the speed of the job, with progress', async () => {
    using unit = new Receiver();
    const progress: FlashProgress[] = [];
    const result = await unit.flash(image(5_000), NEVER_ABORTED, (step) => progress.push(step));
    expect(unit.holds(image(5_000))).toBe(true);
    expect(unit.isComplete).toBe(true);
    expect(unit.wire.port.baudRates).toEqual([921_600, 115_200]);
    expect(result).toMatchObject({ chip: 'US516P6', images: [{ verifiedBy: 'acknowledged', bytes: 5_000 }] });
    expect(progress[0]).toMatchObject({ stage: 'connecting' });
    expect(progress.at(-1)).toMatchObject({ stage: 'writing', totalBytes: 5_000 });
  });

  it('is given up with a hint when the unit does not ask for it', async () => {
    using unit = new Receiver([{ direction: 'to-station', at: 0, kind: 'late', value: 1e9 }]);
    expect(await faultOf(() => unit.flash(image(100)))).toMatchObject({ code: 'device-silent' });
    expect(unit.wire.port.baudRates.at(-1)).toBe(115_200);
  });

  it('is refused by a unit whose flash is too small', async () => {
    using unit = new Receiver([], 4_096);
    expect(await faultOf(() => unit.flash(image(9_000)))).toMatchObject({ code: 'device-rejected' });
  });

  it('ends when it is cancelled, and when the cable is pulled', async () => {
    using unit = new Receiver();
    const stop = new AbortController();
    const fault = await faultOf(() => unit.flash(image(50_000), stop.signal, () => stop.abort()));
    expect(fault.code).toBe('cancelled');
    using other = new Receiver();
    const lost = faultOf(() =>
      other.flash(image(50_000), NEVER_ABORTED, ({ doneBytes }) => doneBytes > 0 && other.wire.lose()),
    );
    expect((await lost).code).toBe('port-lost');
  });

  it('is never reported as written with one wrong byte, whatever happens on the line', async () => {
    const fault = fc.record({
      direction: fc.constantFrom('to-unit' as const, 'to-station' as const),
      at: fc.nat(12_000),
      kind: fc.constantFrom('lost' as const, 'changed' as const, 'late' as const),
      value: fc.integer({ min: 1, max: 25_000 }),
    });
    const near = fault.map((it) => (it.direction === 'to-station' ? { ...it, at: it.at % 16 } : it));
    let successes = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(near, { maxLength: 6 }),
        fc.integer({ min: 1, max: 9_000 }),
        async (faults, length) => {
          using unit = new Receiver(faults);
          try {
            await unit.flash(image(length));
          } catch (error) {
            expect(error).toMatchObject({
              code: expect.stringMatching(/^device-(silent|garbled|rejected)$/),
            });
            return;
          }
          successes += 1;
          await unit.ended;
          expect(unit.isComplete).toBe(true);
          expect(unit.holds(image(length))).toBe(true);
        },
      ),
      { numRuns: depth({ short: 60, long: 1_000 }) },
    );
    expect(successes).toBeGreaterThan(15);
  });
});
