import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeMedicalFloat, type MedicalFloat } from '../../../shared/codec/medical-float.ts';

/** From HL7's guide "Personal Health Devices", page "MDER FLOATs and SFLOATs"; 36.4 °C and 34.79 °C of Bluetooth's own example. */
it.each<[MedicalFloat, number, number]>([
  ['float', 0xff00016c, 36.4],
  ['float', 0xfe000d97, 34.79],
  ['float', 0x00000002, 2],
  ['float', 0xff000014, 2],
  ['float', 0xfe0000c8, 2],
  ['float', 0x01000002, 20],
  ['float', 0x02000002, 200],
  ['float', 0x000004d2, 1234],
  ['float', 0x00fffb2e, -1234],
  ['sfloat', 0x0002, 2],
  ['sfloat', 0xf014, 2],
  ['sfloat', 0xe0c8, 2],
  ['sfloat', 0x1002, 20],
  ['sfloat', 0x2002, 200],
  ['sfloat', 0x04d2, 1234],
  ['sfloat', 0x0b2e, -1234],
  ['sfloat', 0xf16c, 36.4],
  ['sfloat', 0xe16c, 3.64],
])('reads the published %s %i as %d', (kind, word, value) => {
  expect(decodeMedicalFloat(kind, word)).toBe(value);
});

it.each<[MedicalFloat, readonly number[]]>([
  ['float', [0x007fffff, 0x00800000, 0x007ffffe, 0x00800002, 0x00800001]],
  ['sfloat', [0x07ff, 0x0800, 0x07fe, 0x0802, 0x0801]],
])('a %s that stands for no value is no number', (kind, words) => {
  expect(words.map((word) => decodeMedicalFloat(kind, word))).toEqual([
    'nan',
    'nres',
    '+infinity',
    '-infinity',
    'reserved',
  ]);
});

it('every mantissa and exponent gives the decimal number that it writes', () => {
  const numbers = fc.oneof(
    fc.record({
      kind: fc.constant('float' as const),
      mantissa: fc.integer({ min: -0x7ffffd, max: 0x7ffffd }),
      exponent: fc.integer({ min: -128, max: 127 }),
    }),
    fc.record({
      kind: fc.constant('sfloat' as const),
      mantissa: fc.integer({ min: -0x7fd, max: 0x7fd }),
      exponent: fc.integer({ min: -8, max: 7 }),
    }),
  );
  fc.assert(
    fc.property(numbers, ({ kind, mantissa, exponent }) => {
      const bytes = Buffer.alloc(4);
      if (kind === 'float') {
        bytes.writeIntLE(mantissa, 0, 3);
        bytes.writeInt8(exponent, 3);
      } else bytes.writeUInt16LE((mantissa & 0xfff) | ((exponent & 0xf) << 12));
      const word = kind === 'float' ? bytes.readUInt32LE() : bytes.readUInt16LE();
      expect(decodeMedicalFloat(kind, word)).toBe(parseFloat(`${mantissa}e${exponent}`));
    }),
  );
});
