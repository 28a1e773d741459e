import { z } from 'zod';
import { normalizeUuid } from '../domain/ble-uuid.ts';
import { shape } from './texts/shape-texts.ts';

/** A UUID of 16 or 128 bits, normalized. */
export const uuid = z
  .string(shape('shape-uuid-quoted'))
  .refine((text) => normalizeUuid(text) !== null, shape('shape-uuid'))
  .transform((text) => normalizeUuid(text) ?? text);

/** Longest time for an operation over Bluetooth, in milliseconds. */
export const bleTimeoutMs = z.int().min(1).max(600_000);
