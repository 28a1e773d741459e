import {
  BLE_VALUE_BYTES,
  type BleValueKind,
  type ByteOrder,
  decodeBleNumber,
} from '#shared/domain/ble-value.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { MeasuredValue } from '#shared/domain/limits.ts';
import { requireText } from '../../devices/protocols/index.ts';

/** How a value is taken out of the bytes of a characteristic. */
export interface BleValueSpec {
  readonly as: BleValueKind;
  readonly offset: number;
  readonly order: ByteOrder;
  readonly scale?: number | undefined;
}

/** A double holds every decimal number of up to 15 digits (IEEE 754, 53 bits of significand). */
const SCALED_DIGITS = 15;

/**
 * A value of a characteristic. Faults: `device-garbled` for bytes that are too few, no text, or a number of IEEE 11073 that
 * stands for no value.
 *
 * @param of `service/characteristic`, for messages
 */
export function decodeBleValue(bytes: Uint8Array, spec: BleValueSpec, of: string): MeasuredValue {
  const { as, offset, order, scale } = spec;
  const buffer = Buffer.from(bytes).subarray(offset);
  const hex = buffer.toString('hex').toUpperCase();
  const garbled = (what: string): Fault =>
    new Fault('device-garbled', `${of} ${what}`, {
      hint: 'The unit carries another firmware, or is faulty.',
      details: { measurement: of, value: hex },
    });
  if (bytes.length < offset + BLE_VALUE_BYTES[as]) throw garbled(`is too short for ${as}`);
  if (as === 'hex') return hex;
  // Some firmware sends the terminating NUL.
  if (as === 'text') return requireText(buffer.toString('utf8').replace(/\0+$/, ''), of, of);
  const number = decodeBleNumber(buffer, as, order);
  if (typeof number === 'string' || !Number.isFinite(number))
    throw garbled(`has no value: its ${as} ${hex} says ${number}`);
  return scale === undefined ? number : Number((number * scale).toPrecision(SCALED_DIGITS));
}
