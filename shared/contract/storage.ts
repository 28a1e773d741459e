import { z } from 'zod';
import { approval } from './approval.ts';
import { call } from '../rpc/contract.ts';
import { empty, timeMs } from './common.ts';

/** The kinds of files in a data directory. `replaced`: databases that a restore has set aside. */
const STORED_KINDS = [
  'database',
  'attachments',
  'recordings',
  'logs',
  'backups',
  'replaced',
  'exports',
  'other',
] as const;

/** What the data directory holds, and what the next tidying removes. */
export const storageUsage = z.object({
  freeBytes: z.number().nullable(),
  kinds: z.array(z.object({ kind: z.enum(STORED_KINDS), files: z.int(), bytes: z.number() })),
  oldestRecordingAtMs: timeMs.nullable(),
  /** Recordings beyond their limits. */
  expired: z.object({ files: z.int(), bytes: z.number() }),
  /** The attachments of runs: their age in days, after which their files are removed (`null`: never), and the files beyond it. */
  attachments: z.object({
    maxAgeDays: z.int().nullable(),
    expired: z.object({ files: z.int(), bytes: z.number() }),
  }),
  clock: z.object({
    nowMs: timeMs,
    /** Why nothing is removed by its age; `null` when the clock is trusted. */
    doubt: z
      .object({
        /** What the clock was compared with: the registry's, or the newest record. */
        by: z.enum(['registry', 'records']),
        /** Positive when the clock is ahead. */
        aheadMs: z.number(),
      })
      .nullable(),
  }),
});
export type StorageUsage = z.infer<typeof storageUsage>;

export const storageCalls = {
  'storage.usage': call(['engineer'], empty, storageUsage, { automatic: true, atOnce: false }),
  /**
   * Removes the recordings and the files of attachments beyond their limits now, not at the next tidying. Nothing is removed while the clock is not
   * trusted. Faults: `slot-busy` while units are tested.
   */
  'storage.tidy': call(
    ['engineer'],
    empty,
    z.object({ removed: z.int(), bytes: z.number(), usage: storageUsage }),
    { automatic: false, atOnce: false },
  ),
  /** Sets the age after which the files of attachments are removed; `null`: never. The records stay. Faults: `bad-input`. */
  'storage.keepAttachments': call(
    ['engineer'],
    z.strictObject({ maxAgeDays: z.int().min(1).max(36_500).nullable() }),
    storageUsage,
    { automatic: false, atOnce: false },
  ),
  /** Two people confirm that the clock is right. Faults: `bad-input`, those of an approval. */
  'storage.confirmClock': call(
    ['engineer'],
    z.strictObject({ reason: z.string().trim().min(2).max(500), ...approval }),
    storageUsage,
    { automatic: false, atOnce: false },
  ),
};
