import { z } from 'zod';
import { productId } from '../domain/triple.ts';
import { identityProof, runOutcome } from './events.ts';
import { deviceState } from './products.ts';

export const deviceConnection = z.enum(['never-seen', 'online', 'offline']);
export type DeviceConnection = z.infer<typeof deviceConnection>;

/**
 * The registry's record of a device, without its secret. Times are the registry's clock. `logins` only increases: to detect a
 * login after some moment it is compared, instead of the clocks of two computers.
 */
export const deviceView = z.object({
  productId: z.string(),
  deviceName: z.string(),
  state: deviceState,
  leasedTo: z.string().nullable(),
  chipId: z.string().nullable(),
  serialNumber: z.string().nullable(),
  connection: deviceConnection,
  firstSeenMs: z.int().nullable(),
  lastSeenMs: z.int().nullable(),
  logins: z.int(),
  firmwareVersion: z.string().nullable(),
  properties: z.record(z.string(), z.unknown()),
  runs: z.int(),
  lastOutcome: runOutcome.nullable(),
  /** Its owner; null: it is not bound. Left out by a registry that knows no owners. */
  owner: z.string().nullable().optional(),
});
export type DeviceView = z.infer<typeof deviceView>;

export const MAX_DEVICES_PER_PAGE = 500;

/** `GET /v1/devices`: `cursor` is the `nextCursor` of the previous page. */
export const devicesQuery = z.object({
  productId: productId.optional(),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(MAX_DEVICES_PER_PAGE).default(100),
});
export type DevicesQuery = z.infer<typeof devicesQuery>;

export const devicesReply = z.object({ devices: z.array(deviceView), nextCursor: z.string().nullable() });
export type DevicesReply = z.infer<typeof devicesReply>;

export const runView = z.object({
  runId: z.string(),
  station: z.string(),
  batchId: z.string(),
  batchName: z.string(),
  serialNumber: z.string().nullable(),
  outcome: runOutcome,
  startedAtMs: z.int(),
  finishedAtMs: z.int(),
  failureCode: z.string().nullable(),
  productId: z.string().nullable(),
  deviceName: z.string().nullable(),
  proof: identityProof.nullable(),
});
export type RunView = z.infer<typeof runView>;

/**
 * `GET /v1/units/:chipId`: the registry's record of a unit. `device` is its current identity, `retired` are its earlier ones,
 * `runs` its latest 100 runs, newest first.
 */
export const unitReply = z.object({
  chipId: z.string(),
  device: deviceView.nullable(),
  retired: z.array(deviceView),
  runs: z.array(runView),
});
export type UnitReply = z.infer<typeof unitReply>;
