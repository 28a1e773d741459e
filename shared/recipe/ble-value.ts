import { z } from 'zod';
import { recipeLimits } from './measurement.ts';
import { BLE_VALUE_KINDS, type BleValueKind } from '../domain/ble-value.ts';
import type { ValueType } from './verbs/verb.ts';

/** How a value is taken out of the bytes of a characteristic. */
export const bleValueKind = z.enum(BLE_VALUE_KINDS);

/** Keys of a value of a characteristic, besides its type. */
export const bleValue = {
  /** Bytes before the value. */
  offset: z.int().min(0).max(511).default(0),
  /** Which byte of a number comes first. */
  order: z.enum(['little', 'big']).default('little'),
  scale: z.number().optional(),
  unit: z.string().max(16).optional(),
  limits: recipeLimits.optional(),
};

export const BLE_VALUE_DOC = {
  as: {
    about:
      'Type of its bytes: a text, hex, an integer, `float` and `sfloat` (numbers of health devices by IEEE 11073, with 32 and 16 bits), or `float32` (IEEE 754).',
    examples: ['uint8'],
  },
  offset: { about: 'Bytes before the value, as the flags of a health device.', examples: [1] },
  order: { about: 'Which byte of a number comes first: `little` (the low one) or `big`.' },
} as const;

/** The type of a value when it is compared with its limits. */
export function typeOfBleValue(as: BleValueKind): ValueType {
  return as === 'text' || as === 'hex' ? 'text' : 'number';
}
