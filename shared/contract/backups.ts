import { z } from 'zod';
import { approval } from './approval.ts';
import { call, ROLES, topic } from '../rpc/contract.ts';
import { empty, faultView, timeMs } from './common.ts';

/** A copy of the database in the data directory. */
export const backupView = z.object({
  /** Its file name, by which it is named in calls. */
  name: z.string(),
  sizeBytes: z.number(),
  madeAtMs: timeMs,
  /** A file with its key, encrypted with a passphrase, lies beside it. */
  hasKeyFile: z.boolean(),
});
export type BackupView = z.infer<typeof backupView>;

/** What a restore did; see docs/adr/0013-restore.md. */
export const restoreReport = z.object({
  /** The time of the last record of the backup. */
  upToMs: timeMs.nullable(),
  /** Triples that are not used again, because what became of them is not known. */
  quarantined: z.int(),
  /** Triples in units whose secrets no key opens. */
  sealedLost: z.int(),
  /** Runs that are in the replaced database only. */
  runsLeftBehind: z.int(),
  /** Carried over from the replaced database. */
  auditEntries: z.int(),
  messages: z.int(),
  /** Settings that have to be made again. */
  settingsLost: z.array(z.string()),
  /** True: no key opens its signing key, so that it signs with a new one. */
  signingKeyLost: z.boolean(),
  /** The directory of the replaced database. */
  setAside: z.string(),
});

export const backupsState = z.object({
  /** Newest first. */
  backups: z.array(backupView),
  /** When the station makes backups by itself. */
  schedule: z.object({
    everyHours: z.int(),
    everyRuns: z.int(),
    kept: z.int(),
    /** A second copy of each backup goes there, such as to a USB stick; null: none. */
    folder: z.string().nullable(),
  }),
  lastAtMs: timeMs.nullable(),
  /** Of the newest copy in the second folder. */
  copyAtMs: timeMs.nullable(),
  /** Why the newest automatic backup, or its second copy, could not be made. */
  fault: faultView.nullable(),
  /** The program can close the station and open it again, as a restore needs. */
  canRestore: z.boolean(),
  /** The restore that came before this opening of the station; `fault`: nothing was changed. */
  restored: z
    .object({
      atMs: timeMs,
      by: z.string(),
      report: restoreReport.nullable(),
      fault: faultView.nullable(),
    })
    .nullable(),
});
export type BackupsState = z.infer<typeof backupsState>;

/** What a restore of a backup will do, said before. */
export const restorePreview = z.object({
  name: z.string(),
  /** The time of the last record in it. */
  upToMs: timeMs.nullable(),
  /** Runs that the station has and the backup has not, at least. */
  runsSince: z.int(),
  /** Triples that will be quarantined. */
  quarantined: z.int(),
  /** Triples in units; they are quarantined as well when `key` is `none`. */
  inUnits: z.int(),
  /** The key that opens its secrets: this computer's, that of the key file beside it, or none. */
  key: z.enum(['own', 'beside', 'none']),
  /** Who may sign in afterwards. */
  users: z.array(z.object({ name: z.string(), role: z.enum(ROLES) })),
  /** Who may sign in now and not afterwards. */
  usersGone: z.array(z.string()),
});
export type RestorePreview = z.infer<typeof restorePreview>;

const ENGINEER = ['engineer'] as const;
const name = z.string().regex(/^station-\w+\.db$/);
/** The shortest passphrase of a key file, in bytes of UTF-8. */
export const MIN_PASSPHRASE = 12;
const passphrase = z.string().min(MIN_PASSPHRASE).max(1000);

const EVERY_HOURS = { min: 1, max: 7 * 24 };
const KEPT = { min: 2, max: 365 };
/** What the schedule of automatic backups may be. */
export const SCHEDULE_LIMITS = { everyHours: EVERY_HOURS, kept: KEPT };

/** Work on backups that is under way; see `backupWork`. */
export const backupWorkState = z.object({
  running: z.array(
    z.object({
      kind: z.enum(['make', 'add', 'preview', 'restore']),
      /** The backup; null for one that is made or added. */
      name: z.string().nullable(),
      by: z.string(),
      /** The part that is done, from 0 to 1. */
      done: z.number().min(0).max(1),
    }),
  ),
});
export type BackupWorkState = z.infer<typeof backupWorkState>;

export const backupTopics = {
  /** The progress of work on backups, a few times a second. A page cancels its own work by cancelling its call. */
  backupWork: topic(ENGINEER, {
    snapshot: backupWorkState,
    delta: backupWorkState,
    apply: (_, next) => next,
  }),
};

export const backupCalls = {
  'backups.list': call(ENGINEER, empty, backupsState, { automatic: true, atOnce: false }),
  /**
   * Copies the database while it is in use, and reads the copy to its end. Faults: `disk-full`, `file-denied`,
   * `database-corrupt`, `cancelled`.
   */
  'backups.make': call(ENGINEER, empty, z.object({ name: z.string(), state: backupsState }), {
    automatic: false,
    atOnce: false,
  }),
  /**
   * Changes when backups are made automatically, how many are kept, and where a second copy of each goes. Faults:
   * `bad-input`, `file-missing`, `file-denied`, `timeout` for a folder that cannot be used.
   */
  'backups.schedule': call(
    ENGINEER,
    z.strictObject({
      everyHours: z.int().min(EVERY_HOURS.min).max(EVERY_HOURS.max),
      kept: z.int().min(KEPT.min).max(KEPT.max),
      folder: z.string().trim().min(1).max(1000).nullable(),
    }),
    backupsState,
    { automatic: false, atOnce: false },
  ),
  /**
   * A backup as a file to download. With a passphrase its key comes along, encrypted, so that the backup can be restored
   * on another computer. Faults: `not-found`, `bad-input` for a short passphrase, `secret-unreadable`, `disk-full`.
   */
  'backups.download': call(
    ENGINEER,
    z.strictObject({ name, passphrase: passphrase.nullable() }),
    z.object({ files: z.array(z.object({ fileId: z.string(), name: z.string() })) }),
    { automatic: false, atOnce: false },
  ),
  /**
   * Adds uploaded files to the backups: a backup, its key file, or both. Faults: `bad-input`, `backup-invalid` and
   * `database-future` for a file that is no backup that can be restored, `cancelled`.
   */
  'backups.add': call(
    ENGINEER,
    z.strictObject({ fileIds: z.array(z.string()).min(1).max(2) }),
    z.object({ name: z.string(), state: backupsState }),
    { automatic: false, atOnce: false },
  ),
  /** Reads the backup to its end. Faults: `not-found`, `backup-invalid`, `database-future`, `cancelled`. */
  'backups.preview': call(ENGINEER, z.strictObject({ name }), restorePreview, {
    automatic: false,
    atOnce: false,
  }),
  /**
   * Closes the station, puts the backup in the place of the database, and opens the station again. The reply comes
   * before; `backups.list` says afterwards what was done. Faults: those of `backups.preview`, of an approval and of
   * `station.reopen`; then nothing was changed.
   */
  'backups.restore': call(
    ENGINEER,
    z.strictObject({
      name,
      reason: z.string().trim().min(2).max(500),
      ...approval,
      /** Of the key file beside the backup. */
      passphrase: z.string().max(1000).nullable().default(null),
    }),
    empty,
    { automatic: false, atOnce: false },
  ),
};
