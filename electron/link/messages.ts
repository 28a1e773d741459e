import { z } from 'zod';
import { FAULT_CODES } from '#shared/domain/fault.ts';
import type { Session } from '#shared/rpc/index.ts';

/** A key or what wraps one; more than this is neither. */
const MAX_KEY_BYTES = 64 * 1024;
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length <= MAX_KEY_BYTES);
const id = z.int().min(1);

/** From main to the core. `page` and `bring` carry one MessagePort, the page's end of which is in a window. */
export const mainMessage = z.discriminatedUnion('t', [
  z.object({
    t: z.literal('start'),
    dataDir: z.string().min(1),
    slots: z.array(z.string()),
    /** Bluetooth adapter for all slots, as `parseAdapter` reads it. */
    ble: z.string().optional(),
    /** Port of the fixtures' relay board. */
    board: z.string().optional(),
    /** All units are simulated: the station is that of a sample line. */
    sampleLine: z.boolean(),
    appVersion: z.string(),
    /** Whether this desk has a keychain that deserves the name. */
    keychain: z.boolean(),
  }),
  /** `window`: pages of one window share their session, one after another. */
  z.object({ t: z.literal('page'), window: id }),
  /** The page of this window brings one file, over the port. */
  z.object({ t: z.literal('bring'), window: id }),
  /** The page of this window asks for a file that the station has made. */
  z.object({ t: z.literal('file'), id, window: id, fileId: z.string() }),
  z.object({ t: z.literal('keychain'), id, output: bytes.nullable() }),
  z.object({ t: z.literal('stop') }),
]);
export type MainMessage = z.infer<typeof mainMessage>;

/** From the core to main. */
export const coreMessage = z.discriminatedUnion('t', [
  z.object({ t: z.literal('ready'), station: z.string() }),
  /** So many units are being worked on now. */
  z.object({ t: z.literal('runs'), count: z.int().min(0) }),
  /** The station cannot open; another try would end the same way until somebody does something. */
  z.object({
    t: z.literal('failed'),
    code: z.enum(FAULT_CODES),
    message: z.string(),
    hint: z.string().nullable(),
  }),
  /** `null`: there is none of that id, or who sits at that window may not have it. */
  z.object({
    t: z.literal('file'),
    id,
    file: z.object({ path: z.string(), name: z.string(), type: z.string() }).nullable(),
  }),
  z.object({ t: z.literal('keychain'), id, op: z.enum(['wrap', 'unwrap']), input: bytes }),
]);
export type CoreMessage = z.infer<typeof coreMessage>;

/** Who sits at a window that nobody has signed in at. The host says it, never the page. */
export const OPERATOR: Session = { role: 'operator', user: 'operator' };
