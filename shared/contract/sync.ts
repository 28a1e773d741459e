import { z } from 'zod';
import { approval, reasonText } from './approval.ts';
import { call, topic } from '../rpc/contract.ts';
import { empty, EVERYONE, faultView, timeMs, unitIdView } from './common.ts';

/** The outbox (待上传): messages that the registry has not acknowledged. */
export const syncState = z.object({
  /** `unconfigured`: no registry is bound. `offline`: the last attempt did not reach it. */
  connection: z.enum(['unconfigured', 'unknown', 'online', 'offline']),
  pending: z.int(),
  /** Refused by the registry, and no person has decided about them. */
  parked: z.int(),
  /** Refused, and set aside by a person for good. */
  setAside: z.int(),
  sent: z.int(),
  /** An attempt to send is under way. */
  sending: z.boolean(),
  /** Number of pending messages that wait for an earlier, parked message with the same order key. */
  waiting: z.int().optional(),
  /** Age of the oldest pending message. */
  oldestMs: z.int().nullable(),
  nextAttemptAtMs: timeMs.nullable(),
  lastFault: faultView.nullable(),
});
export type SyncState = z.infer<typeof syncState>;

/** A message that was not acknowledged, without its content. */
export const outboxMessage = z.object({
  key: z.string(),
  /** The event kind: `run.finished`, `unit.returned`, `identity.retired`. */
  kind: z.string(),
  /** The order key, a MAC or chip id: messages with the same key are sent in order. */
  orderKey: z.string(),
  /** The same for display, if it is a unit of this station. */
  unitId: unitIdView,
  createdAtMs: timeMs,
  /** Why it was parked, in the registry's words. */
  reason: z.string().nullable(),
  /** When it was parked; `null` also if that is not known. */
  refusedAtMs: timeMs.nullable(),
  /** Why a person set it aside, and who approved it. */
  setAside: z.string().nullable(),
});
export type OutboxMessage = z.infer<typeof outboxMessage>;

/** The messages that are listed: waiting, refused, and refused and set aside by a person. */
export const OUTBOX_LISTS = ['pending', 'parked', 'set-aside'] as const;
export type OutboxList = (typeof OUTBOX_LISTS)[number];

/** The most messages of a page of a list; the topic has the total numbers. */
export const OUTBOX_PAGE = 50;

/** The most messages whose fate is asked at once. */
const FATES = 200;

const justified = { reason: reasonText, ...approval };

export const syncCalls = {
  /** A page of a list, oldest first: the messages after the cursor `after`, from the first with `null`. */
  'sync.messages': call(
    ['support', 'engineer'],
    z.strictObject({ list: z.enum(OUTBOX_LISTS), after: z.int().nullable() }),
    z.object({
      messages: z.array(outboxMessage),
      /** The cursor of the next page; null at the end of the list. */
      next: z.int().nullable(),
    }),
    { automatic: true, atOnce: false },
  ),
  /** In which list messages are now. A message that was delivered is in none. */
  'sync.fates': call(
    ['support', 'engineer'],
    z.strictObject({ keys: z.array(z.string().max(200)).max(FATES) }),
    z.object({
      fates: z.array(
        z.object({ key: z.string(), list: z.enum(OUTBOX_LISTS).nullable(), refusedAtMs: timeMs.nullable() }),
      ),
    }),
    { automatic: true, atOnce: false },
  ),
  /** Sends the pending messages now, without waiting for the next retry, until none is left or the registry is unreachable. */
  'sync.drain': call(['support', 'engineer'], empty, syncState, { automatic: false, atOnce: false }),
  /** Puts a parked message back in the queue. Refused for one that a person has set aside. */
  'sync.retry': call(['support', 'engineer'], z.strictObject({ key: z.string() }), syncState, {
    automatic: false,
    atOnce: false,
  }),
  /** Undoes that a person has set a message aside, and puts it back in the queue. */
  'sync.retrySetAside': call(['support', 'engineer'], z.strictObject({ key: z.string() }), syncState, {
    automatic: false,
    atOnce: false,
  }),
  /** Puts all parked messages back in the queue, except those that a person has set aside. */
  'sync.retryAll': call(['support', 'engineer'], empty, syncState, { automatic: false, atOnce: false }),
  /** Leaves a parked message parked for good; later messages of its unit are sent. Faults: those of `Sync.setAside`. */
  'sync.setAside': call(
    ['support', 'engineer'],
    z.strictObject({ key: z.string(), ...justified }),
    syncState,
    { automatic: false, atOnce: false },
  ),
  /** How many messages `sync.resend` would send again. */
  'sync.countSent': call(
    ['support', 'engineer'],
    z.strictObject({ sinceMs: timeMs }),
    z.object({ messages: z.int() }),
    { automatic: false, atOnce: false },
  ),
  /** Sends again the messages acknowledged since a time, for a registry that was restored from a backup. */
  'sync.resend': call(['support', 'engineer'], z.strictObject({ sinceMs: timeMs, ...justified }), syncState, {
    automatic: false,
    atOnce: false,
  }),
  /**
   * Writes all pending and parked messages to a file at the station, as JSON Lines, complete or not at all. Pages download it
   * by its id. Faults: those of `MessageExports.write`.
   */
  'sync.export': call(
    ['support', 'engineer'],
    empty,
    z.object({ fileId: z.string(), name: z.string(), messages: z.int(), bytes: z.int() }),
    { automatic: false, atOnce: false },
  ),
};

export const syncTopics = {
  sync: topic(EVERYONE, { snapshot: syncState, delta: syncState, apply: (_, next) => next }),
};
