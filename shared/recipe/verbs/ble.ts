import { z } from 'zod';
import { normalizeUuid } from '../../domain/ble-uuid.ts';
import { hexBytes, stepCommon, unitPattern } from '../common.ts';
import { captures, measurement, recipeLimits } from '../measurement.ts';

const uuid = z
  .string('is a UUID in quotes, as "180F"')
  .refine((text) => normalizeUuid(text) !== null, 'is neither a 16-bit nor a 128-bit UUID')
  .transform((text) => normalizeUuid(text) ?? text);
const ms = z.int().min(1).max(600_000);

/** The unit is heard over Bluetooth, as it should be: in time, by name, with its services, strong enough. */
export const bleAdvertises = z.strictObject({
  verb: z.literal('ble-advertises'),
  ...stepCommon,
  withinMs: ms.default(5000),
  /** The name it advertises, which `name` is not: that is the step's own. */
  localName: unitPattern.optional(),
  services: z.array(uuid).default([]),
  /** dBm; the middle one of `samples` that were heard. */
  rssi: recipeLimits.optional(),
  samples: z.int().min(1).max(100).default(5),
});

/** It has these services and characteristics. As every Bluetooth step, it connects where no link stands. */
export const bleServices = z.strictObject({
  verb: z.literal('ble-services'),
  ...stepCommon,
  services: z.array(z.strictObject({ service: uuid, characteristics: z.array(uuid).default([]) })).min(1),
});

/** Writes bytes to one characteristic and awaits a notification from another. */
export const bleRequest = z.strictObject({
  verb: z.literal('ble-request'),
  ...stepCommon,
  service: uuid,
  write: uuid,
  send: hexBytes,
  /** False: written without asking for a confirmation. */
  confirm: z.boolean().default(true),
  notify: uuid,
  /** On the notified bytes in hex, without blanks; upper and lower case are alike. */
  expect: unitPattern.optional(),
  answerMs: ms.default(3000),
  capture: captures.default({}),
  measure: z.array(measurement).default([]),
});

/** Reads a characteristic and holds its value against limits. */
export const bleRead = z.strictObject({
  verb: z.literal('ble-read'),
  ...stepCommon,
  service: uuid,
  characteristic: uuid,
  as: z.enum(['text', 'hex', 'uint8', 'int8', 'uint16']).default('text'),
  unit: z.string().max(16).optional(),
  limits: recipeLimits.optional(),
  answerMs: ms.default(3000),
});

/** What a recipe says of a device's Bluetooth. */
export const bleDevice = z.strictObject({
  /** The advertised address is the MAC plus this (an ESP32's is 2). */
  addressOffset: z.int().min(-255).max(255).default(0),
  connectMs: ms.default(8000),
});
export const BLE_DEVICE_DEFAULTS = bleDevice.parse({});
