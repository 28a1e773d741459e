import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalizeUuid } from '#shared/domain/ble-uuid.ts';
import {
  fillBytes,
  fillPattern,
  fillText,
  type TemplateScope,
  type UnitPlaceholders,
} from '#shared/recipe/index.ts';

const scopeOf = (placeholders: UnitPlaceholders): TemplateScope => ({ placeholders, variable: () => null });
const words = scopeOf((word) => `<${word}>`);

test('placeholders of the unit are inserted, and other braces stay', () => {
  expect(fillText('{mac} {macHex} {macTail} {bleAddress} {serialNumber} {3} {other}', words)).toBe(
    '<mac> <macHex> <macTail> <bleAddress> <serialNumber> {3} {other}',
  );
});

test('an inserted value in a pattern is matched literally', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (serial) => {
      const pattern = new RegExp(
        `^(?:${fillPattern(
          'a{serialNumber}{1}',
          scopeOf(() => serial),
        )})$`,
        'u',
      );
      // `{1}` repeats the last character once, which changes nothing.
      expect(pattern.test(`a${serial}`)).toBe(true);
      expect(pattern.test(`a${serial}x`)).toBe(false);
    }),
  );
});

test('bytes are hex with or without blanks; other texts are refused', () => {
  const mac = scopeOf(() => 'AA:BB:CC:DD:01:02');
  expect(fillBytes('01 64{mac}', mac)).toEqual(Uint8Array.of(1, 0x64, 0xaa, 0xbb, 0xcc, 0xdd, 1, 2));
  for (const wrong of ['', '0', '0g', '01 6', '{serialNumber}x']) expect(fillBytes(wrong, words)).toBeNull();
});

test('a UUID has one canonical form', () => {
  for (const text of ['fff0', '0xFFF0', '0000FFF0-0000-1000-8000-00805f9b34fb', 'FFF0 '])
    expect(normalizeUuid(text)).toBe('FFF0');
  // As noble writes those below 0x1000.
  expect(normalizeUuid('ff')).toBe('00FF');
  const own = '6E400001-B5A3-F393-E0A9-E50E24DCCA9E';
  expect(normalizeUuid(own.toLowerCase().replaceAll('-', ''))).toBe(own);
  for (const wrong of ['', 'FFF0F', 'GGGG', `${own}0`]) expect(normalizeUuid(wrong)).toBeNull();
});
