import { z } from 'zod';
import { normalizeUuid } from './ble-uuid.ts';
import { isRegex, limits } from './limits.ts';
import { fillBytes, fillPattern, SAMPLE_UNIT } from './unit-text.ts';

/** What the Bluetooth steps of a recipe take besides what every step does. */
const uuid = z
  .string('is a UUID in quotes, as "180F"')
  .refine((text) => normalizeUuid(text) !== null, 'is neither a 16-bit nor a 128-bit UUID')
  .transform((text) => normalizeUuid(text) ?? text);
const ms = z.int().min(1).max(600_000);

/** A regular expression with the unit's words in it. */
export const unitPattern = z
  .string()
  .refine((source) => isRegex(fillPattern(source, SAMPLE_UNIT)), 'is not a regular expression');

const bytes = z
  .string('is hex in quotes, as "01 64 FF"')
  .refine((text) => fillBytes(text, SAMPLE_UNIT) !== null, 'is not made of bytes in hex');

export const bleAdvertises = {
  withinMs: ms.default(5000),
  /** The name it advertises, which `name` is not: that is the step's own. */
  localName: unitPattern.optional(),
  services: z.array(uuid).default([]),
  /** dBm; the middle one of `samples` that were heard. */
  rssi: limits.optional(),
  samples: z.int().min(1).max(100).default(5),
};

export const bleServices = {
  services: z.array(z.strictObject({ service: uuid, characteristics: z.array(uuid).default([]) })).min(1),
};

export const bleRequest = {
  service: uuid,
  write: uuid,
  send: bytes,
  /** False: written without asking for a confirmation. */
  confirm: z.boolean().default(true),
  notify: uuid,
  /** On the notified bytes in hex, without blanks; upper and lower case are alike. */
  expect: unitPattern.optional(),
  answerMs: ms.default(3000),
};

export const bleRead = {
  service: uuid,
  characteristic: uuid,
  as: z.enum(['text', 'hex', 'uint8', 'int8', 'uint16']).default('text'),
  unit: z.string().max(16).optional(),
  /** `equals` and `pattern` may have the unit's words in them. */
  limits: limits.or(z.strictObject({ pattern: unitPattern })).optional(),
  answerMs: ms.default(3000),
};

/** What a recipe says of a device's Bluetooth. */
export const bleDevice = z.strictObject({
  /** The advertised address is the MAC plus this (an ESP32's is 2). */
  addressOffset: z.int().min(-255).max(255).default(0),
  connectMs: ms.default(8000),
});
export const BLE_DEVICE_DEFAULTS = bleDevice.parse({});
