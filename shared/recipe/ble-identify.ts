import { z } from 'zod';
import { regex } from './common.ts';
import { bleTimeoutMs, uuid } from './ble-uuid-key.ts';
import { shape } from './texts/shape-texts.ts';

/** Named groups of the patterns of `device.ble.identify`. */
export const BLE_IDENTIFY_GROUPS = ['mac', 'id', 'model', 'firmware', 'serialNumber', 'productId'] as const;
export type BleIdentifyGroup = (typeof BLE_IDENTIFY_GROUPS)[number];

/** A characteristic that tells a part of who the unit is. */
const identifyRead = z.strictObject({
  service: uuid,
  characteristic: uuid,
  as: z.enum(['text', 'hex']).default('text'),
  expect: regex,
});

/**
 * How a unit without a port is identified: `device.ble.identify`. All that is given of `localName`, `manufacturerData` and
 * `services` must fit. Of several units that fit, the strongest is the unit of the slot.
 */
export const bleIdentify = z
  .strictObject({
    /** On the advertised name. */
    localName: regex.optional(),
    /** On the advertised data of a manufacturer, in hex with capital letters: company id (two bytes, low first) and data. */
    manufacturerData: regex.optional(),
    /** UUIDs that are advertised. */
    services: z.array(uuid).default([]),
    /** dBm; a weaker unit is not on the fixture. */
    minRssi: z.int().min(-127).max(20).default(-70),
    /** How much stronger than the second one a unit must be, in dB. */
    marginDb: z.int().min(0).max(60).default(6),
    /** How long advertisements are compared after the first that fits. */
    listenMs: z.int().min(0).max(60_000).default(1500),
    withinMs: bleTimeoutMs.default(10_000),
    read: z.array(identifyRead).max(8).default([]),
  })
  .refine(
    (d) => d.localName !== undefined || d.manufacturerData !== undefined || d.services.length > 0,
    shape('shape-ble-identify'),
  );
export type BleIdentify = z.output<typeof bleIdentify>;
