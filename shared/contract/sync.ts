import { z } from 'zod';
import { approval } from './approval.ts';
import { call, topic } from '../rpc/contract.ts';
import { empty, EVERYONE, faultView, timeMs, unitIdView } from './common.ts';

/** The outbox (同步队列): what the registry does not know yet. */
export const syncState = z.object({
  /** `unconfigured`: no registry is bound. `offline`: the last attempt did not reach it. */
  connection: z.enum(['unconfigured', 'unknown', 'online', 'offline']),
  pending: z.int(),
  parked: z.int(),
  sent: z.int(),
  /** Of the pending: those that wait because an earlier message of their lane is parked. */
  waiting: z.int().optional(),
  /** Age of the oldest pending message. */
  oldestMs: z.int().nullable(),
  nextAttemptAtMs: timeMs.nullable(),
  lastFault: faultView.nullable(),
});
export type SyncState = z.infer<typeof syncState>;

/** A message that waits, or that the registry did not take. Its content stays at the station. */
export const outboxMessage = z.object({
  key: z.string(),
  /** What it tells: `run.finished`, `unit.returned`, `identity.retired`. */
  kind: z.string(),
  /** Whom it is about: messages of one lane are sent in order. A MAC or chip id. */
  orderKey: z.string(),
  /** The same as people know it, where it is a unit of this station. */
  unitId: unitIdView,
  createdAtMs: timeMs,
  /** Why it was parked, in the registry's words. */
  reason: z.string().nullable(),
});
export type OutboxMessage = z.infer<typeof outboxMessage>;

/** So many of each are listed; how many there are says the topic. */
export const OUTBOX_LISTED = 200;

export const syncCalls = {
  /** The oldest of those that wait and of those that were parked. */
  'sync.messages': call(
    ['support', 'engineer'],
    empty,
    z.object({ pending: z.array(outboxMessage), parked: z.array(outboxMessage) }),
  ),
  /** Sends what is pending now, whatever the retry schedule says; ends when nothing pending is left or the registry is out of reach. */
  'sync.drain': call(['support', 'engineer'], empty, syncState),
  /** Puts a parked message back in the queue. */
  'sync.retry': call(['support', 'engineer'], z.strictObject({ key: z.string() }), syncState),
  /** Tells again what was acknowledged since a moment: for a registry that was restored and has forgotten it. */
  'sync.resend': call(
    ['support', 'engineer'],
    z.strictObject({
      sinceMs: timeMs,
      reason: z.string().trim().min(3).max(500),
      ...approval,
    }),
    syncState,
  ),
};

export const syncTopics = {
  sync: topic(EVERYONE, { snapshot: syncState, delta: syncState, apply: (_, next) => next }),
};
