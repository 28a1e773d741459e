import { z } from 'zod';
import { call } from '../rpc/contract.ts';
import { details, empty, timeMs } from './common.ts';

/** An entry of the audit trail: who did what to which object, and when. */
export const trailEntry = z.object({
  seq: z.int(),
  atMs: timeMs,
  actor: z.string(),
  role: z.string(),
  /** `subject.verb`, such as `settings.slot`. */
  action: z.string(),
  subject: z.string(),
  /** Reason, approver, before and after. Never a secret. */
  details,
});
export type TrailEntry = z.infer<typeof trailEntry>;

/** Which entries are shown. What is left out is not restricted. */
export const trailFilter = z.strictObject({
  actor: z.string().max(64).optional(),
  /** The first part of the action, such as `settings`. */
  kind: z.string().max(40).optional(),
  fromMs: timeMs.optional(),
  /** Up to, not including. */
  toMs: timeMs.optional(),
});
export type TrailFilter = z.infer<typeof trailFilter>;

const ENGINEER = ['engineer'] as const;

export const trailCalls = {
  /** Newest first. `before`: the entries before this number; the reply names the one of the next page. */
  'trail.list': call(
    ENGINEER,
    trailFilter.extend({
      before: z.int().min(1).nullable().default(null),
      limit: z.int().min(1).max(200).default(50),
    }),
    z.object({ entries: z.array(trailEntry), before: z.int().nullable() }),
    { automatic: true, atOnce: false },
  ),
  /** The people and the kinds that have an entry. */
  'trail.filters': call(
    ENGINEER,
    empty,
    z.object({ actors: z.array(z.string()), kinds: z.array(z.string()) }),
    { automatic: true, atOnce: false },
  ),
  /** Writes the entries to a file, the oldest first. Faults: `disk-full`, `file-denied`. */
  'trail.export': call(
    ENGINEER,
    trailFilter,
    z.object({ fileId: z.string(), name: z.string(), count: z.int() }),
    { automatic: false, atOnce: false },
  ),
};
