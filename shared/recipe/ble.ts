import { z } from 'zod';
import { bleIdentify } from './ble-identify.ts';
import { bleTimeoutMs, uuid } from './ble-uuid-key.ts';
import { template, unitPattern } from './common.ts';

export { bleTimeoutMs, uuid } from './ble-uuid-key.ts';

/**
 * How a unit is found among all units that advertise, in place of its address: `device.ble.find`. All that is given must
 * fit.
 */
const bleFind = z.strictObject({
  /** On the advertised name. */
  localName: unitPattern.optional(),
  /** On the advertised data of a manufacturer, in hex with capital letters: company id (two bytes, low first) and data. */
  manufacturerData: unitPattern.optional(),
  /** UUIDs that are advertised. */
  services: z.array(uuid).default([]),
  /** What the unit answers when it is asked; every unit that fits otherwise is connected to and asked. */
  answer: z
    .strictObject({
      service: uuid,
      characteristic: uuid,
      as: z.enum(['text', 'hex']).default('text'),
      equals: template.min(1),
    })
    .optional(),
  withinMs: bleTimeoutMs.default(10_000),
  /** How long a second unit that fits is looked for, where no unit is asked. */
  aloneMs: z.int().min(0).max(60_000).default(1000),
});
export type BleFind = z.output<typeof bleFind>;

/** Settings of a device for Bluetooth: `device.ble`. */
export const bleDevice = z.strictObject({
  /** Advertised address minus MAC. An ESP32 has 2. */
  addressOffset: z.int().min(-255).max(255).default(0),
  connectMs: bleTimeoutMs.default(8000),
  /** A pause after a connection was made, for units that are not ready at once. */
  settleMs: z.int().min(0).max(60_000).default(0),
  /** The MTU that the station asks for, in bytes. */
  mtu: z.int().min(23).max(517).default(256),
  find: bleFind.optional(),
  identify: bleIdentify.optional(),
});
export const BLE_DEVICE_DEFAULTS = bleDevice.parse({});
