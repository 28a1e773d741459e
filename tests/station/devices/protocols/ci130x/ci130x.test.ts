import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { DevicePort } from '../../../../../station/core/platform/index.ts';
import { bootFrame } from '../../../../../simulator/parts/ci130x/index.ts';
import { decodeFrame, encodeFrame } from '../../../../../station/devices/protocols/ci130x/frame.ts';
import { depth } from '../../../../support/depth.ts';
import { faultOf } from '../../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { until } from '../../../../support/until.ts';
import { ci130xFirmware, Ci130xUnit, PARTITIONS } from './unit.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

describe('frames of the updater', () => {
  it('are those of the published hosts, and of the simulated chip', () => {
    const handshake = { type: 0xa0, command: 0x03, sequence: 0, data: new Uint8Array() };
    expect(Buffer.from(encodeFrame(handshake))).toEqual(hex('a50f0000a00300cfe8ff'));
    fc.assert(
      fc.property(fc.nat(255), fc.nat(255), fc.uint8Array({ maxLength: 4_100 }), (type, command, data) => {
        const frame = encodeFrame({ type, command, sequence: 0, data });
        expect(Buffer.from(frame).equals(bootFrame(type, command, data))).toBe(true);
        const { frame: found, length } = decodeFrame(frame);
        expect(length).toBe(frame.length);
        expect(found).toMatchObject({ type, command, sequence: 0 });
        expect(Buffer.from(found?.data ?? []).equals(data)).toBe(true);
      }),
    );
  });

  it('are found behind any noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 30 }), (noise, data) => {
        const frame = encodeFrame({ type: 0xa2, command: 4, sequence: 0, data });
        let left: Uint8Array = Buffer.concat([noise.filter((byte) => byte !== 0xa5), frame]);
        for (;;) {
          const { frame: found, length } = decodeFrame(left);
          expect(length).toBeGreaterThan(0);
          left = left.subarray(length);
          if (found === null) continue;
          expect(Buffer.from(found.data).equals(data)).toBe(true);
          return;
        }
      }),
    );
  });
});

describe('the flash of a CI130x', () => {
  it('is written by the updater of the vendor, and what is there already is not written again', async () => {
    using unit = new Ci130xUnit();
    const firmware = ci130xFirmware('1.0.4');
    const first = await unit.flash(firmware);
    expect(first).toMatchObject({
      chip: 'CI130X',
      chipId: 'A2B716CA2C1D00000000000000000000',
      baudRate: 921_600,
      images: [{ skipped: false, verifiedBy: 'crc' }],
    });
    expect(unit.holds(firmware)).toBe(true);
    expect(unit.wire.port.baudRates).toEqual([921_600, 115_200]);
    const again = await unit.flash(firmware);
    expect(again.images).toMatchObject([{ skipped: true, kbitPerSecond: null }]);
    const next = ci130xFirmware('1.0.5', 2);
    await unit.flash(next);
    expect(unit.holds(next)).toBe(true);
    await until(() => unit.booted.at(-1) === 'jx_ci_03t_firmware_v1.0.5', 'the new firmware to start');
  });

  it('is not touched for a wrong file, without the updater, and for a unit that does not answer', async () => {
    using unit = new Ci130xUnit([{ direction: 'to-station', at: 0, kind: 'late', value: 1e9 }]);
    const firmware = ci130xFirmware('1.0.4');
    expect(await faultOf(() => unit.flash(Buffer.alloc(50_000)))).toMatchObject({ code: 'bad-input' });
    expect(await faultOf(() => unit.flash(firmware))).toMatchObject({ code: 'device-silent' });
    using other = new Ci130xUnit();
    const missing = await faultOf(() => other.flash(firmware, { updater: null }));
    expect(missing).toMatchObject({ code: 'bad-input', hint: expect.stringContaining('ci130x_updater.bin') });
    expect(other.holds(firmware)).toBe(false);
  });

  it('is given up when the chip starts again and again in place of asking for its firmware', async () => {
    using unit = new Ci130xUnit();
    const { onReceive } = unit.wire;
    let isErasing = false;
    const work = (): Promise<void> => {
      for (const [type, command] of [
        [0xa2, 0x07],
        [0xa1, 0x03],
      ] as const)
        unit.wire.send(encodeFrame({ type, command, sequence: 0, data: new Uint8Array() }));
      return unit.clock.sleep(100, NEVER_ABORTED).then(work);
    };
    unit.wire.onReceive = (bytes) => {
      const isErase = bytes[4] === 0xa0 && bytes[5] === 0x07;
      if (isErase && !isErasing) void work();
      isErasing ||= isErase;
      if (!isErasing) onReceive(bytes);
    };
    const fault = await faultOf(() => unit.flash(ci130xFirmware('1.0.4')));
    expect(fault.code).toMatch(/^(?:device-silent|flash-mismatch)$/);
    expect(isErasing).toBe(true);
  });

  it.each([
    ['share an erase block', 3, { address: 0xe000 + 0x800, size: 0x1000 }],
    ['lie on each other', 3, { address: 0xd000, size: 0x1000 }],
    ['lie on a partition table', 2, { address: 0x8100, size: 0x100 }],
    ['lie on the boot loader', 2, { address: 0x1000, size: 0x1000 }],
  ])('is not touched by a firmware whose partitions %s', async (_, index, place) => {
    using unit = new Ci130xUnit();
    const good = ci130xFirmware('1.0.4');
    await unit.flash(good);
    const places = PARTITIONS.map((own, at) => (at === index ? place : own));
    const fault = await faultOf(() => unit.flash(ci130xFirmware('1.0.5', 2, places)));
    expect(fault).toMatchObject({ code: 'bad-input', message: expect.stringContaining('partition') });
    expect(unit.holds(good)).toBe(true);
  });

  it('of less size than it says, which begins again at its start, is never reported as written', async () => {
    using unit = new Ci130xUnit();
    const { memory } = unit;
    const write = memory.program.bind(memory);
    vi.spyOn(memory, 'program').mockImplementation((offset, bytes) => {
      // The fourth partition is written over the first one, too.
      if (offset >= 0xf000 && offset < 0x11000) write(offset - 0x5000, bytes);
      return write(offset, bytes);
    });
    expect(await faultOf(() => unit.flash(ci130xFirmware('1.0.4')))).toMatchObject({
      code: 'flash-mismatch',
      message: expect.stringContaining('code 1'),
    });
  });

  it('with a bit that does not program is never reported as written', async () => {
    using unit = new Ci130xUnit([], [{ fault: 'flash-bit-stuck', offset: 0xf100, bit: 3 }]);
    for (let job = 0; job < 2; job++)
      expect(await faultOf(() => unit.flash(ci130xFirmware('1.0.4')))).toMatchObject({
        code: 'flash-mismatch',
      });
  });

  it('is whole after a second job when the supply failed in the first', async () => {
    using unit = new Ci130xUnit([], [{ fault: 'flash-brown-out', offset: 0xf800, times: 1 }]);
    const firmware = ci130xFirmware('1.0.4');
    expect(await faultOf(() => unit.flash(firmware))).toMatchObject({ code: 'device-silent' });
    expect(unit.holds(firmware)).toBe(false);
    await unit.flash(firmware);
    expect(unit.holds(firmware)).toBe(true);
  });

  it.each([1, 5000])(
    'is written by a second job when the station of the first was killed within a frame, %i bytes before its end',
    async (missing) => {
      using unit = new Ci130xUnit();
      const firmware = ci130xFirmware('1.0.4');
      const killed = new AbortController();
      let sent = 0;
      // The last frame is cut, and nothing comes after it: neither a reset nor another speed.
      const port: DevicePort = {
        ...unit.wire.port,
        async write(bytes, signal) {
          if (killed.signal.aborted) return;
          sent += bytes.length;
          if (sent < 30_000) return unit.wire.port.write(bytes, signal);
          await unit.wire.port.write(bytes.subarray(0, Math.max(0, bytes.length - missing)), signal);
          killed.abort(new Error('killed'));
        },
        setBaudRate: (rate) =>
          killed.signal.aborted
            ? Promise.resolve()
            : (unit.wire.port.setBaudRate?.(rate) ?? Promise.resolve()),
      };
      const first = unit.flash(firmware, {}, killed.signal, () => undefined, port);
      await expect(first).rejects.toThrow();
      await unit.wire.port.setBaudRate?.(115_200);
      const startedAtMs = unit.clock.monotonicMs();
      await unit.flash(firmware);
      expect(unit.holds(firmware)).toBe(true);
      // The watchdog of the chip, which not every updater has, takes ten seconds.
      expect(unit.clock.monotonicMs() - startedAtMs).toBeLessThan(10_000);
    },
  );

  it('is never reported as written with one wrong byte, whatever happens on the line', async () => {
    const fault = fc.record({
      direction: fc.constantFrom('to-unit' as const, 'to-station' as const),
      at: fc.nat(80_000),
      kind: fc.constantFrom('lost' as const, 'changed' as const, 'late' as const),
      value: fc.integer({ min: 1, max: 12_000 }),
    });
    const near = fault.map((it) => (it.direction === 'to-station' ? { ...it, at: it.at % 1_500 } : it));
    const firmware = ci130xFirmware('1.0.4');
    let successes = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(near, { maxLength: 5 }), async (faults) => {
        using unit = new Ci130xUnit(faults);
        try {
          await unit.flash(firmware);
        } catch (error) {
          expect(error).toMatchObject({
            code: expect.stringMatching(/^(device-(silent|garbled|rejected)|flash-mismatch)$/),
          });
          return;
        }
        successes += 1;
        expect(unit.holds(firmware)).toBe(true);
      }),
      { numRuns: depth({ short: 20, long: 200 }) },
    );
    expect(successes).toBeGreaterThan(5);
  });
});
