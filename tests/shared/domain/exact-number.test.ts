import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { parseExactJson, parseDecimal, parseHex, parseSignedHex } from '#shared/domain/exact-number.ts';

it.each([
  ['42', 42],
  ['-0.5', -0.5],
  ['+7', 7],
  [' 3.30 ', 3.3],
  ['.5', 0.5],
  ['5.', 5],
  ['1.5E-3', 0.0015],
  ['0012', 12],
  ['0x1F', 31],
  ['9007199254740992', 2 ** 53],
  ['0.30000000000000000', 0.3],
  // Half way between two texts: a program prints the even one.
  ['1268302430899278.2', 1268302430899278.2],
  // As printf("%.20f") writes it.
  ['3.29999999999999982236', 3.3],
])('"%s" is accepted', (text, value) => {
  expect(parseDecimal(text)).toEqual({ ok: true, value });
});

it.each([
  ['98765432109876543210', /more digits/],
  ['9007199254740993', /more digits/],
  ['-9007199254740993', /more digits/],
  ['0.12345678901234567891', /more digits/],
  ['1.00000000000000000001', /more digits/],
  ['0xFFFFFFFFFFFFFFFF', /more digits/],
  ['1e309', /larger/],
  ['1e-500', /smaller/],
  ['3,3', /comma/],
  ['1,234.5', /not a number/],
  ['', /not a number/],
  ['Infinity', /not a number/],
  ['NaN', /not a number/],
  ['0b11', /not a number/],
  ['12 34', /not a number/],
])('"%s" is refused with the reason', (text, reason) => {
  expect(parseDecimal(text)).toMatchObject({ ok: false, reason });
});

it.each([
  ['FF88', -120],
  ['ff', -1],
  ['7FFF', 32767],
  ['8000', -32768],
  ['0078', 120],
  ['FFFFFFFFFFFFFFFF', -1],
  ['FFE0000000000001', -9007199254740991],
])('%s in two\u2019s complement is %s', (text, value) =>
  expect(parseSignedHex(text)).toEqual({ ok: true, value }),
);

it.each([
  ['8000000000000001', /more digits/],
  ['12 34', /not a number in hex/],
  ['', /not a number in hex/],
])('"%s" is not such a number, with the reason', (text, reason) =>
  expect(parseSignedHex(text)).toMatchObject({ ok: false, reason }),
);

test('every number that a program prints is accepted unchanged', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const read = parseDecimal(String(value));
      expect(read.ok && read.value === value).toBe(true);
    }),
  );
});

/** The shortest decimal that names this number, which is what a record shows, without its exponent. */
function writtenOut(value: number): bigint {
  const [digits = '', exponent = '0'] = Math.abs(value).toExponential().split('e');
  const [whole = '', fraction = ''] = digits.split('.');
  const size = BigInt(whole + fraction.padEnd(Number(exponent), '0'));
  return value < 0 ? -size : size;
}

test('every integer of up to 40 digits is kept with all digits or refused', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (integer) => {
      const read = parseDecimal(String(integer));
      expect(!read.ok || writtenOut(read.value) === integer).toBe(true);
      if (integer >= -(2n ** 53n) && integer <= 2n ** 53n) expect(read.ok).toBe(true);
    }),
  );
});

test('hex is kept with all digits or refused', () => {
  expect(parseHex('1f')).toEqual({ ok: true, value: 31 });
  expect(parseHex('0xA0')).toEqual({ ok: true, value: 160 });
  expect(parseHex('123456789ABCDEF01')).toMatchObject({ ok: false, reason: /more digits/ });
  expect(parseHex('G1')).toMatchObject({ ok: false });
});

test('JSON keeps the digits of a number that would become another one', () => {
  expect(parseExactJson('{"sn":98765432109876543210,"n":[1.5,9007199254740993]}')).toEqual({
    sn: '98765432109876543210',
    n: [1.5, '9007199254740993'],
  });
});
