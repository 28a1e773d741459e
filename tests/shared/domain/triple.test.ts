import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEVICE_SECRET, formatChipId, isUnsetId, normalizeChipId } from '#shared/domain/triple.ts';

describe('a chip id', () => {
  it.each(['F00F00F00F00', '0F:0F:0F:0F:0F:0F', 'SN-0000', 'Default-7', '000000000001'])(
    'may be %s',
    (id) => {
      expect(isUnsetId(id)).toBe(false);
    },
  );

  it('is the same in every notation', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 6, maxLength: 6 }),
        fc.constantFrom(':', '-', ' ', ''),
        (mac, by) => {
          const hex = [...mac].map((byte) => byte.toString(16).padStart(2, '0'));
          const wanted = hex.join('').toUpperCase();
          expect(normalizeChipId(` ${hex.join(by)} `)).toBe(wanted);
          expect(normalizeChipId(formatChipId(wanted))).toBe(wanted);
          expect(
            normalizeChipId(
              `${hex.slice(0, 2).join('')}.${hex.slice(2, 4).join('')}.${hex.slice(4).join('')}`,
            ),
          ).toBe(wanted);
        },
      ),
    );
  });

  it('is not made of other texts', () => {
    for (const text of ['', 'hello', 'AA:BB', 'AA:BB:CC:DD:EE:F', 'AA:BB:CC:DD:EE:GG', 'A'.repeat(34)])
      expect(normalizeChipId(text)).toBeNull();
  });
});

describe('a DeviceSecret', () => {
  it('is Base64 of a key, or 32 hex characters', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 6, maxLength: 33 }), (key) => {
        expect(DEVICE_SECRET.test(Buffer.from(key).toString('base64'))).toBe(true);
      }),
    );
    expect(DEVICE_SECRET.test('0123456789abcdef0123456789abcdef')).toBe(true);
    for (const text of ['', 'short', 'IyXmUW5sU/q1vnb5yzTkeQ=', 'IyXmUW5sU/q1vnb5yzTkeQ==\n', 'IyXm UW5s'])
      expect(DEVICE_SECRET.test(text)).toBe(false);
  });
});
