import { z } from 'zod';
import { call, topic } from '../rpc/contract.ts';
import { empty, EVERYONE, faultView, timeMs } from './common.ts';

/** The outbox (同步队列): what the registry does not know yet. */
export const syncState = z.object({
  /** `unconfigured`: no registry is bound. `offline`: the last attempt did not reach it. */
  link: z.enum(['unconfigured', 'unknown', 'online', 'offline']),
  pending: z.int(),
  parked: z.int(),
  sent: z.int(),
  /** Age of the oldest pending message. */
  oldestMs: z.int().nullable(),
  nextAttemptAtMs: timeMs.nullable(),
  lastFault: faultView.nullable(),
});
export type SyncState = z.infer<typeof syncState>;

export const syncCalls = {
  /** Sends what is pending now, whatever the retry schedule says; ends when nothing pending is left or the registry is out of reach. */
  'sync.drain': call(['support', 'engineer'], empty, syncState),
  /** Puts a parked message back in the queue. */
  'sync.retry': call(['support', 'engineer'], z.strictObject({ key: z.string() }), syncState),
};

export const syncTopics = {
  sync: topic(EVERYONE, { snapshot: syncState, delta: syncState, apply: (_, next) => next }),
};
