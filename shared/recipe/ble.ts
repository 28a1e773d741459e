import { z } from 'zod';
import { normalizeUuid } from '../domain/ble-uuid.ts';

/** A UUID of 16 or 128 bits, normalized. */
export const uuid = z
  .string('must be a UUID in quotes, as "180F"')
  .refine((text) => normalizeUuid(text) !== null, 'must be a UUID of 16 or 128 bits')
  .transform((text) => normalizeUuid(text) ?? text);

/** Longest time for an operation over Bluetooth, in milliseconds. */
export const bleTimeoutMs = z.int().min(1).max(600_000);

/** Settings of a device for Bluetooth: `device.ble`. */
export const bleDevice = z.strictObject({
  /** Advertised address minus MAC. An ESP32 has 2. */
  addressOffset: z.int().min(-255).max(255).default(0),
  connectMs: bleTimeoutMs.default(8000),
});
export const BLE_DEVICE_DEFAULTS = bleDevice.parse({});
