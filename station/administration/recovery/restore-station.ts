import { ledgerNote } from '#shared/domain/ledger-note.ts';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { syncFileSync } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { Approval, ApproverCredentials } from '../../core/approval/index.ts';
import { createAuditTrail, digestedUpTo, recordRunsLeftBehind } from '../../core/audit-log/index.ts';
import { MACHINE_BINDING, INCOMPLETE_RESTORE } from '../../identity/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { runKey } from '../../execution/executor/index.ts';
import {
  checkBackup,
  copyForRestore,
  databaseToReplace,
  missingByMark,
  openRestoreCopy,
  removeRestoreCopy,
  restoreCopyOf,
  type HeldLock,
  type Progress,
  describeProgress,
  replaceDatabase,
  salvage,
  type Salvage,
  useLock,
  type WritableDatabase,
  databaseFile,
} from '../../core/database/index.ts';
import { approveRestore } from './approve-restore.ts';
import { backupStamp } from './auto-backup.ts';
import { mergeSalvaged, type MergedSalvage } from './merge-salvaged.ts';
import {
  adoptKeys,
  dropSealedSettings,
  type KeyFound,
  NOTHING_LOST,
  withoutForeignKeys,
} from './restore-keys.ts';

/** States that may have changed after the backup: a triple in one of them must not be assigned or burned. */
export const UNCERTAIN_STATES = ['available', 'claimed', 'burning', 'in-doubt'] as const;
/** States in which a triple is in its unit. It is quarantined only when no key opens its secret. */
export const STATES_IN_UNITS = ['burned', 'registered'] as const;

export interface RestoreOrder extends ApproverCredentials {
  /** A copy of this station's database. */
  readonly from: string;
  readonly reason: string;
  readonly by: Actor;
  /** Called when there is a key file beside the backup and this host's own key does not open it; the bytes are wiped. */
  readonly passphrase?: (() => Promise<Uint8Array>) | undefined;
  /** The lock of the data directory, when this process holds it already. */
  readonly lock?: HeldLock | undefined;
}

export interface RestoreReport extends MergedSalvage {
  /** Whether the approver has entered a PIN; see `proveApprover`. */
  readonly approverProven: boolean;
  readonly from: string;
  /** The time of the last record in the backup. */
  readonly upToMs: number | null;
  /** Directory of the replaced database, if there was one. */
  readonly setAside: string;
  /** False when there was no database, for example on another computer. */
  readonly replaced: boolean;
  /** What the backup and the replaced database lack, by the high-water mark; null when nothing is missing. */
  readonly missing: Progress | null;
  /** Triples that are not assigned any more, because their state after the backup is unknown. */
  readonly quarantined: number;
  /** The key that opens the secrets of the backup. */
  readonly key: KeyFound;
  /** Triples in units that are quarantined because no key opens their secrets. */
  readonly sealedLost: number;
  /** Settings that were removed because no key opens them. */
  readonly settingsLost: readonly string[];
  /** True: the backup has a signing key that no key opens; the station signs with a new one. */
  readonly signingKeyLost: boolean;
  /** Requests for leases that are not repeated: their response may have been used already. */
  readonly droppedLeases: number;
  /** Tables of the replaced database that could not be read to their end. */
  readonly unreadable: readonly string[];
}

/**
 * Replaces the database by a backup, with a reason and an approver. It merges what can be verified of the replaced database, and
 * quarantines every triple whose state is not certain. A database without its latest records is restored from itself; a person
 * thereby accepts the loss. The station must not be running. After an interruption at any moment the restore can be repeated.
 *
 * Faults: `bad-input`, `data-busy`, `file-missing`, `database-corrupt` and `database-future` for the backup,
 * `secret-unreadable` when the host's own key cannot be read, those of `proveApprover`, `disk-full`, `file-denied`; then
 * nothing was changed.
 */
export async function restoreStation(platform: Platform, order: RestoreOrder): Promise<RestoreReport> {
  const { dataDir } = platform.paths;
  const file = databaseFile(dataDir);
  const from = resolve(order.from);
  if (order.reason.trim() === '' || order.approver.trim() === '')
    throw new Fault('bad-input', 'a restore needs a reason and an approver', {
      hint: 'Say why, and who agreed.',
    });
  using _owner = useLock(dataDir, order.lock);
  const { upToMs } = await checkBackup(from);
  const prepared = restoreCopyOf(file);
  const own = from === resolve(file);
  await copyForRestore(from, prepared);
  try {
    const database = openRestoreCopy(prepared);
    let merged: MergeResult;
    let replaced: boolean;
    try {
      const missing = missingByMark(file, database.readProgress);
      if (own && missing === null)
        throw new Fault('bad-input', 'according to its mark, this database is complete', {
          hint: 'Name a backup. A database is restored from itself only to accept the loss of its end.',
        });
      const approval = await approveRestore(platform, order, database);
      const unfinished = database.runs.listUnfinished().map(({ runId }) => runKey(runId));
      const old = databaseToReplace(dataDir, file);
      replaced = existsSync(old);
      const salvaged = salvage(old, unfinished);
      // The keys are found before any file is moved.
      const takenIds = salvaged.secretKeys.map(({ keyId }) => keyId);
      const key = await adoptKeys(database, platform, from, order.passphrase, takenIds);
      const usable = await withoutForeignKeys(salvaged, platform);
      const approved = { ...order, ...approval };
      merged = database.transaction(() =>
        mergeAndQuarantine(database, platform, approved, { old: usable, upToMs, missing, key }),
      );
      database.checkpoint();
    } finally {
      database.close();
    }
    syncFileSync(prepared);
    const stamp = backupStamp(platform.clock.nowMs());
    const setAside = replaceDatabase(dataDir, file, prepared, join(dataDir, 'set-aside', stamp));
    platform.log.warn('station.restored', { from, setAside, quarantined: merged.quarantined });
    return { from, upToMs, setAside, replaced, ...merged };
  } finally {
    removeRestoreCopy(file);
  }
}

type MergeResult = Omit<RestoreReport, 'from' | 'upToMs' | 'setAside' | 'replaced'>;

/** What was found before the restore. */
interface Findings extends Pick<RestoreReport, 'upToMs' | 'missing' | 'key'> {
  readonly old: Salvage;
}

function mergeAndQuarantine(
  database: WritableDatabase,
  platform: Platform,
  order: RestoreOrder & Approval,
  { old, upToMs, missing, key }: Findings,
): MergeResult {
  const nowMs = platform.clock.nowMs();
  // The journal of the backup continues from here, without the later rows of the replaced database.
  const records = digestedUpTo(database);
  const carried = mergeSalvaged(database, old, nowMs);
  const note = ledgerNote('restored', { reason: order.reason });
  let quarantined = 0;
  for (const state of UNCERTAIN_STATES) {
    for (const row of database.triples.listInState(state)) {
      database.triples.applyEvent(row, 'conflict', { at: nowMs, runId: null, note });
      quarantined += 1;
    }
  }
  let sealedLost = 0;
  for (const state of key === 'none' ? STATES_IN_UNITS : []) {
    const why = ledgerNote('keyless', { reason: order.reason });
    for (const row of database.triples.listInState(state)) {
      database.triples.applyEvent(row, 'conflict', { at: nowMs, runId: null, note: why });
      sealedLost += 1;
    }
  }
  const { settingsLost, signingKeyLost } = key === 'none' ? dropSealedSettings(database) : NOTHING_LOST;
  const openRequests = database.leases.listUnanswered();
  for (const { requestId } of openRequests) database.leases.removeRequest(requestId);
  if (old.unreadable.includes('triple')) database.meta.set(INCOMPLETE_RESTORE, String(nowMs));
  // The restored database belongs to this machine and directory.
  database.meta.remove(MACHINE_BINDING);
  const trail = createAuditTrail(database, platform.clock);
  const leftBehind = recordRunsLeftBehind(database, trail, order.by, old.runIds);
  trail.record(order.by, 'station.restore', order.from, {
    reason: order.reason,
    approver: order.approver,
    approverProven: order.approverProven,
    upToMs,
    quarantined,
    key,
    sealedLost,
    settingsLost: settingsLost.join(' ') || null,
    droppedLeases: openRequests.length,
    auditEntries: carried.auditEntries,
    messages: carried.messages,
    triples: carried.triples,
    runsLeftBehind: carried.runsLeftBehind,
    unreadable: old.unreadable.join(' ') || null,
    missing: missing === null ? null : describeProgress(missing),
    runsLost: Math.max(0, (missing?.runs ?? 0) - leftBehind),
    records,
  });
  const droppedLeases = openRequests.length;
  return {
    ...carried,
    approverProven: order.approverProven,
    missing,
    quarantined,
    key,
    sealedLost,
    settingsLost,
    signingKeyLost,
    droppedLeases,
    unreadable: old.unreadable,
  };
}
