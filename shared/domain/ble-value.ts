import { decodeMedicalFloat, type NoValue } from '../codec/medical-float.ts';

/** Types of the bytes of a characteristic. */
export const BLE_VALUE_KINDS = [
  'text',
  'hex',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'float',
  'sfloat',
  'float32',
] as const;
export type BleValueKind = (typeof BLE_VALUE_KINDS)[number];
export type ByteOrder = 'little' | 'big';

/** Least number of bytes of a value. */
export const BLE_VALUE_BYTES: Readonly<Record<BleValueKind, number>> = {
  text: 0,
  hex: 0,
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  sfloat: 2,
  uint32: 4,
  int32: 4,
  float: 4,
  float32: 4,
};

/** Significant decimal digits of a number with 24 bits (IEEE 754 binary32), so that 3.3 is not read as 3.299999952. */
const FLOAT32_DIGITS = 7;

/** A number of at least `BLE_VALUE_BYTES` bytes; the name of what a number of IEEE 11073 says in place of a value. */
export function decodeBleNumber(
  bytes: Uint8Array,
  as: Exclude<BleValueKind, 'text' | 'hex'>,
  order: ByteOrder,
): number | NoValue {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittle = order === 'little';
  switch (as) {
    case 'uint8':
      return view.getUint8(0);
    case 'int8':
      return view.getInt8(0);
    case 'uint16':
      return view.getUint16(0, isLittle);
    case 'int16':
      return view.getInt16(0, isLittle);
    case 'uint32':
      return view.getUint32(0, isLittle);
    case 'int32':
      return view.getInt32(0, isLittle);
    case 'float':
      return decodeMedicalFloat('float', view.getUint32(0, isLittle));
    case 'sfloat':
      return decodeMedicalFloat('sfloat', view.getUint16(0, isLittle));
    case 'float32':
      return Number(view.getFloat32(0, isLittle).toPrecision(FLOAT32_DIGITS));
  }
}
