import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPacketSizeGuard } from '../../../registry/mqtt/packet-size-guard.ts';

const MAX = 300;

/** A PUBLISH whose remaining length is `length`: type, length in groups of seven bits, that many bytes. */
function packet(length: number): Buffer {
  const digits: number[] = [];
  for (let rest = length; digits.length === 0 || rest > 0; rest = Math.floor(rest / 128))
    digits.push(rest % 128);
  const encoded = digits.map((digit, i) => (i < digits.length - 1 ? digit | 0x80 : digit));
  return Buffer.concat([Buffer.of(0x30, ...encoded), Buffer.alloc(length, 0xff)]);
}

function cut(whole: Buffer, at: readonly number[]): Buffer[] {
  const points = [...new Set(at.map((n) => n % (whole.length + 1)))].sort((a, b) => a - b);
  return [0, ...points].map((start, i) => whole.subarray(start, points[i] ?? whole.length));
}

describe('the frame guard', () => {
  it('accepts packets up to the limit, however the stream is split', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(MAX), { maxLength: 20 }), fc.array(fc.nat()), (lengths, at) => {
        const guard = createPacketSizeGuard(MAX);
        const whole = Buffer.concat([...lengths.map(packet), Buffer.of(0xc0, 0)]);
        expect(cut(whole, at).every((chunk) => guard.accept(chunk))).toBe(true);
      }),
    );
  });

  it('stops a longer one at its header, however the stream is split', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(MAX), { maxLength: 5 }),
        fc.integer({ min: MAX + 1, max: 100_000 }),
        fc.array(fc.nat()),
        (lengths, tooLong, at) => {
          const guard = createPacketSizeGuard(MAX);
          const before = Buffer.concat(lengths.map(packet));
          expect(cut(before, at).every((chunk) => guard.accept(chunk))).toBe(true);
          expect(guard.accept(packet(tooLong).subarray(0, 5))).toBe(false);
        },
      ),
    );
  });

  it('refuses a length of more than four bytes', () => {
    expect(createPacketSizeGuard(2 ** 28).accept(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0xff, 0x01))).toBe(
      false,
    );
    expect(createPacketSizeGuard(2 ** 28).accept(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0x7f))).toBe(true);
  });
});
