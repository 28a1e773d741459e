import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { depth } from '../../../../support/depth.ts';
import { faultOf } from '../../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { bl602Images, Bl602Unit } from './unit.ts';

describe('the flash of a BL602', () => {
  it('is written by the flash loader of the vendor, and what is there already is not written again', async () => {
    using unit = new Bl602Unit();
    const images = bl602Images();
    const first = await unit.flash(images);
    expect(first).toMatchObject({ chip: 'BL602', baudRate: 2_000_000 });
    expect(first.images.map(({ skipped, verifiedBy }) => [skipped, verifiedBy])).toEqual(
      images.map(() => [false, 'sha256']),
    );
    expect(unit.holds(images)).toBe(true);
    expect(unit.wire.port.baudRates).toEqual([500_000, 2_000_000, 115_200]);
    expect(unit.boots).toBe(1);
    const changed = images.map((image) =>
      image.offset === 0 ? { ...image, bytes: bl602Images(9)[0]!.bytes } : image,
    );
    const again = await unit.flash(changed);
    expect(again.images.map(({ skipped }) => skipped)).toEqual([false, true, true, true]);
    expect(unit.holds(changed)).toBe(true);
  });

  it('is not touched without the loader, by overlapping images, and of a locked chip', async () => {
    using unit = new Bl602Unit();
    const images = bl602Images();
    const missing = await faultOf(() => unit.flash(images, { updater: null }));
    expect(missing).toMatchObject({ code: 'bad-input', hint: expect.stringContaining('eflash_loader') });
    const firmware = { name: 'ci130x.bin', bytes: Buffer.alloc(5_000) };
    expect(await faultOf(() => unit.flash(images, { updater: firmware }))).toMatchObject({
      code: 'bad-input',
    });
    const [first] = images;
    const overlapping = [first!, { ...first!, name: 'other.bin', offset: 0x1000 }];
    expect(await faultOf(() => unit.flash(overlapping))).toMatchObject({ code: 'bad-input' });
    unit.isLocked = true;
    expect(await faultOf(() => unit.flash(images))).toMatchObject({ code: 'device-locked' });
    expect(unit.memory.read(0, 1 << 17).every((byte) => byte === 0xff)).toBe(true);
  });

  it('is given up with a hint when the unit is not in its burn mode', async () => {
    using unit = new Bl602Unit([{ direction: 'to-station', at: 0, kind: 'late', value: 1e9 }]);
    expect(await faultOf(() => unit.flash(bl602Images()))).toMatchObject({
      code: 'device-silent',
      hint: expect.stringContaining('IO8'),
    });
    expect(unit.wire.port.baudRates.at(-1)).toBe(115_200);
  });

  it('is given up when the chip says without end that it works', async () => {
    using unit = new Bl602Unit();
    const images = bl602Images();
    let isWriting = false;
    const { onReceive } = unit.wire;
    const work = (): Promise<void> => {
      unit.wire.send(Buffer.from('PD'));
      return unit.clock.sleep(100, NEVER_ABORTED).then(work);
    };
    unit.wire.onReceive = (bytes) => {
      // From the first erasure on.
      if (!isWriting && bytes[0] === 0x30) void work();
      isWriting ||= bytes[0] === 0x30;
      if (!isWriting) onReceive(bytes);
    };
    expect(await faultOf(() => unit.flash(images))).toMatchObject({ code: 'device-silent' });
    expect(isWriting).toBe(true);
  });

  it('with a bit that does not program is never reported as written', async () => {
    using unit = new Bl602Unit([], [{ fault: 'flash-bit-stuck', offset: 0x10123, bit: 0 }]);
    const images = bl602Images().map((image) => ({ ...image, bytes: Buffer.alloc(image.bytes.length) }));
    expect(await faultOf(() => unit.flash(images))).toMatchObject({ code: 'flash-mismatch' });
  });

  it('is whole after a second job when the supply failed in the first', async () => {
    using unit = new Bl602Unit([], [{ fault: 'flash-brown-out', offset: 0x12345, times: 1 }]);
    const images = bl602Images();
    expect(await faultOf(() => unit.flash(images))).toMatchObject({ code: 'device-silent' });
    expect(unit.holds(images)).toBe(false);
    await unit.flash(images);
    expect(unit.holds(images)).toBe(true);
  });

  it('is never reported as written with one wrong byte, whatever happens on the line', async () => {
    const fault = fc.record({
      direction: fc.constantFrom('to-unit' as const, 'to-station' as const),
      at: fc.nat(45_000),
      kind: fc.constantFrom('lost' as const, 'changed' as const, 'late' as const),
      value: fc.integer({ min: 1, max: 6_000 }),
    });
    const near = fault.map((it) => (it.direction === 'to-station' ? { ...it, at: it.at % 300 } : it));
    const images = bl602Images();
    let successes = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(near, { maxLength: 4 }), async (faults) => {
        using unit = new Bl602Unit(faults);
        try {
          await unit.flash(images);
        } catch (error) {
          expect(error).toMatchObject({
            code: expect.stringMatching(/^(device-(silent|garbled|rejected)|flash-mismatch)$/),
          });
          return;
        }
        successes += 1;
        expect(unit.holds(images)).toBe(true);
      }),
      { numRuns: depth({ short: 25, long: 300 }) },
    );
    expect(successes).toBeGreaterThan(8);
  });
});
