import { z } from 'zod';
import { firmwareVersion, sha256Hex } from '../domain/firmware.ts';
import { OTA_FAILURES, OTA_STAGES, OTA_STATES } from '../domain/ota.ts';
import { deviceConnection } from './devices.ts';

/** Names the update in repeated requests: one key of a station is one update. */
const updateKey = z.string().min(1).max(100);

/**
 * `POST /v1/devices/:productId/:deviceName/ota`: asks for the update of a device. The firmware is one of the product that is
 * complete and online. `withinMs` is the time that the update has, from now. May be repeated with the same key.
 */
export const otaRequest = z.strictObject({
  key: updateKey,
  firmware: z.union([z.strictObject({ sha256: sha256Hex }), z.strictObject({ version: firmwareVersion })]),
  withinMs: z.int().min(1_000).max(86_400_000),
});
export type OtaRequest = z.infer<typeof otaRequest>;

/** `POST /v1/devices/:productId/:deviceName/ota/cancel`: ends an update that the device has not begun. May be repeated. */
export const otaCancelRequest = z.strictObject({ key: updateKey });

/** An update of one device. Times are the registry's clock. */
export const otaUpdate = z.object({
  taskId: z.string(),
  key: z.string(),
  station: z.string(),
  firmwareId: z.string(),
  version: z.string(),
  sizeBytes: z.int(),
  state: z.enum(OTA_STATES),
  /** Null unless it failed. */
  failure: z.enum(OTA_FAILURES).nullable(),
  /** The version that the device had before; null when it has reported none. */
  fromVersion: z.string().nullable(),
  /** How often it was sent to the device. */
  attempts: z.int(),
  /** What the device said last in the latest attempt; null before it said anything. */
  stage: z.enum(OTA_STAGES).nullable(),
  percent: z.number().nullable(),
  /** What the device gave as the reason of its failure. */
  resultCode: z.int().nullable(),
  resultText: z.string(),
  /** From the reported percentages of the latest attempt; null when there are too few. */
  bytesPerSecond: z.number().nullable(),
  createdMs: z.int(),
  changedMs: z.int(),
  deadlineMs: z.int(),
});
export type OtaUpdate = z.infer<typeof otaUpdate>;

/** `GET /v1/devices/:productId/:deviceName/ota`: the latest twenty updates of a device, newest first. */
export const otaReply = z.object({
  connection: deviceConnection,
  firmwareVersion: z.string().nullable(),
  updates: z.array(otaUpdate),
});
export type OtaReply = z.infer<typeof otaReply>;
