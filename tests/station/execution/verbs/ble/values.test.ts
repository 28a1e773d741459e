import { expect, it } from 'vitest';
import { decodeBleValue } from '../../../../../station/execution/verbs/ble-value.ts';
import type { BleValueKind } from '../../../../../shared/domain/ble-value.ts';

const decode = (hex: string, as: BleValueKind, more: object = {}): unknown =>
  decodeBleValue(Buffer.from(hex, 'hex'), { as, offset: 0, order: 'little', ...more }, 'FFF0/FFF1');

it.each<[string, BleValueKind, object, unknown]>([
  ['FF', 'uint8', {}, 255],
  ['FF', 'int8', {}, -1],
  ['0280', 'uint16', {}, 0x8002],
  ['0280', 'int16', {}, -32_766],
  ['0280', 'int16', { order: 'big' }, 640],
  ['FEFFFFFF', 'int32', {}, -2],
  ['FEFFFFFF', 'uint32', {}, 4_294_967_294],
  ['00018BCD', 'uint32', { order: 'big' }, 101_325],
  // The measurement of a health thermometer: a byte of flags, then 36.4 °C.
  ['006C0100FF', 'float', { offset: 1 }, 36.4],
  ['6CF1', 'sfloat', {}, 36.4],
  // 3.3 in IEEE 754.
  ['33335340', 'float32', {}, 3.3],
  ['40533333', 'float32', { order: 'big' }, 3.3],
  ['E40C', 'uint16', { scale: 0.001 }, 3.3],
  ['4F4B00', 'text', {}, 'OK'],
  ['014F4B', 'hex', { offset: 1 }, '4F4B'],
])('%s as %s %o is %s', (hex, as, more, value) => {
  expect(decode(hex, as, more)).toBe(value);
});

it.each<[string, BleValueKind, object, RegExp]>([
  ['0102', 'uint32', {}, /^FFF0\/FFF1 is too short for uint32$/],
  ['0102', 'int16', { offset: 1 }, /too short for int16/],
  ['FFFF7F00', 'float', {}, /has no value: its float FFFF7F00 says nan/],
  ['FE07', 'sfloat', {}, /says \+infinity/],
  ['0000C07F', 'float32', {}, /says NaN/],
])('%s as %s %o is refused', (hex, as, more, message) => {
  expect(() => decode(hex, as, more)).toThrow(message);
});
