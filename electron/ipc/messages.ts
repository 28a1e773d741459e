import { z } from 'zod';
import { FAULT_CODES } from '#shared/domain/fault.ts';
import type { Actor, Role } from '#shared/rpc/index.ts';

/** The size limit of a key, wrapped or not. */
const MAX_KEY_BYTES = 64 * 1024;
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length <= MAX_KEY_BYTES);
const id = z.int().min(1);

/** From main to the core. `page` and `upload` carry one MessagePort; its other end is in a window. */
export const mainMessage = z.discriminatedUnion('t', [
  z.object({
    t: z.literal('start'),
    dataDir: z.string().min(1),
    slots: z.array(z.string()),
    /** Bluetooth adapter for all slots, as `parseAdapter` reads it. */
    ble: z.string().optional(),
    /** Port of the fixtures' relay board. */
    board: z.string().optional(),
    /** The station is that of a sample line: all of its units are simulated. */
    sampleLine: z.boolean(),
    appVersion: z.string(),
    /** Whether this computer has a secure keychain. */
    keychain: z.boolean(),
  }),
  /** `window`: the pages of one window, before and after a reload, share their session. */
  z.object({ t: z.literal('page'), window: id }),
  /** The page of this window uploads one file over the port. */
  z.object({ t: z.literal('upload'), window: id }),
  /** The page of this window requests a file that the station has made. */
  z.object({ t: z.literal('file'), id, window: id, fileId: z.string() }),
  z.object({ t: z.literal('keychain'), id, output: bytes.nullable() }),
  /** Whether the installer was opened. */
  z.object({ t: z.literal('installer'), id, isOpened: z.boolean() }),
  z.object({ t: z.literal('stop') }),
]);
export type MainMessage = z.infer<typeof mainMessage>;

/** What a person should know while no window of the program is in front. */
export const stationNotice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pool-low'), productId: z.string(), available: z.int() }),
  z.object({ kind: z.literal('disk-low') }),
  /** A long job has ended. */
  z.object({
    kind: z.literal('job-ended'),
    job: z.enum(['import', 'upload']),
    title: z.string(),
    succeeded: z.boolean(),
  }),
]);
export type StationNotice = z.infer<typeof stationNotice>;

/** From the core to main. */
export const coreMessage = z.discriminatedUnion('t', [
  z.object({ t: z.literal('ready'), station: z.string() }),
  /** The number of runs under way. */
  z.object({ t: z.literal('runs'), count: z.int().min(0) }),
  /** The station cannot open, and another attempt would fail until a person has acted. */
  z.object({
    t: z.literal('failed'),
    code: z.enum(FAULT_CODES),
    message: z.string(),
    hint: z.string().nullable(),
  }),
  /** `null`: there is no file of that id, or the user at that window may not have it. */
  z.object({
    t: z.literal('file'),
    id,
    file: z.object({ path: z.string(), name: z.string(), type: z.string() }).nullable(),
  }),
  z.object({ t: z.literal('notice'), notice: stationNotice }),
  /** The language that the station's pages begin with; `null`: that of the operating system. */
  z.object({ t: z.literal('language'), language: z.enum(['zh-CN', 'en']).nullable() }),
  /** Requests that main opens the verified installer at this path, and then ends the program. */
  z.object({ t: z.literal('installer'), id, path: z.string().min(1) }),
  z.object({ t: z.literal('keychain'), id, op: z.enum(['wrap', 'unwrap']), input: bytes }),
]);
export type CoreMessage = z.infer<typeof coreMessage>;

/** The session of a window before anyone has signed in. The host sets it, never the page. */
export const OPERATOR: Actor<Role> = { role: 'operator', user: 'operator' };
