import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { syncFileSync } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Approval, ApproverClaim } from '../people/index.ts';
import {
  type Actor,
  createAuditTrail,
  digestedUpTo,
  recordRunsLeftBehind,
} from '../../core/audit-log/index.ts';
import { MACHINE_BINDING, INCOMPLETE_RESTORE } from '../../identity/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { runKey } from '../../execution/executor/index.ts';
import {
  checkBackup,
  copyForRestore,
  databaseToReplace,
  lockDataDir,
  missingByMark,
  openRestoreCopy,
  type Progress,
  describeProgress,
  replaceDatabase,
  salvage,
  type Salvage,
  type WritableDatabase,
  databaseFile,
} from '../../core/database/index.ts';
import { approveRestore } from './approve-restore.ts';
import { backupStamp } from './backup-stamp.ts';
import { mergeSalvaged, type MergedSalvage } from './merge-salvaged.ts';
import { adoptKeys, dropSealedSettings, type KeyFound, withoutForeignKeys } from './restore-keys.ts';

/** States whose truth may have changed after the backup, so that they are no ground to hand out or burn a triple. */
const NOT_TO_BE_TRUSTED = ['available', 'claimed', 'burning', 'in-doubt'] as const;
/** States in which a triple is in its unit: only without the key of its secret it is no good any more. */
const IN_UNITS = ['burned', 'registered'] as const;

export interface RestoreOrder extends ApproverClaim {
  /** A copy of this station's database. */
  readonly from: string;
  readonly reason: string;
  readonly by: Actor;
  /** Asked when a key lies beside the backup and this host's own does not open it; the bytes are wiped. */
  readonly passphrase?: (() => Promise<Uint8Array>) | undefined;
}

export interface RestoreReport extends MergedSalvage {
  /** Whether the approver has given a PIN; see `proveApprover`. */
  readonly approverProven: boolean;
  readonly from: string;
  /** What the backup knows up to; what came after is not in it. */
  readonly upToMs: number | null;
  /** Directory with the database that was replaced, if there was one. */
  readonly setAside: string;
  /** False where there was no database: on another computer, or when it was gone. */
  readonly replaced: boolean;
  /** By the mark beside the old database: what neither knows any more; null when nothing is missing. */
  readonly missing: Progress | null;
  /** Triples that no unit gets any more, because nobody knows what became of them after the backup. */
  readonly quarantined: number;
  /** What opens the secrets of the backup here. */
  readonly key: KeyFound;
  /** Triples in units that are quarantined because no key opens their secrets. */
  readonly sealedLost: number;
  /** Settings that no key opens any more, and that were forgotten. */
  readonly settingsLost: readonly string[];
  /** Questions for leases that are not asked again: their answer may have been used already. */
  readonly droppedLeases: number;
  /** Tables of the old database that could not be read to their end. */
  readonly unreadable: readonly string[];
}

/**
 * Puts a backup in the place of the database: an explicit act, with a reason and an approver, that loses nothing it
 * can keep and hands out nothing it cannot vouch for. A database that lost its end is restored from itself: that is how
 * somebody accepts the loss. The station must not be running. Cut off at any moment, it can be
 * done again.
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
  using _owner = lockDataDir(dataDir);
  const { upToMs } = checkBackup(from);
  const prepared = `${file}.restored`;
  const own = from === resolve(file);
  await copyForRestore(from, prepared);
  try {
    const database = openRestoreCopy(prepared);
    let done: Done;
    let replaced: boolean;
    try {
      const missing = missingByMark(file, database.readProgress);
      if (own && missing === null)
        throw new Fault('bad-input', 'nothing is missing in this database, as far as its mark tells', {
          hint: 'Name a backup. A database is restored from itself only to accept the loss of its end.',
        });
      const approval = await approveRestore(platform, order, database);
      const unfinished = database.runs.listUnfinished().map(({ runId }) => runKey(runId));
      const old = databaseToReplace(dataDir, file);
      replaced = existsSync(old);
      const found = salvage(old, unfinished);
      // What opens the backup is known before anything is moved.
      const takenIds = found.secretKeys.map(({ keyId }) => keyId);
      const key = await adoptKeys(database, platform, from, order.passphrase, takenIds);
      const kept = await withoutForeignKeys(found, platform);
      const approved = { ...order, ...approval };
      done = database.transaction(() =>
        makeSafe(database, platform, approved, { old: kept, upToMs, missing, key }),
      );
      database.checkpoint();
    } finally {
      database.close();
    }
    syncFileSync(prepared);
    const stamp = backupStamp(platform.clock.nowMs());
    const setAside = replaceDatabase(dataDir, file, prepared, join(dataDir, 'set-aside', stamp));
    platform.log.warn('station.restored', { from, setAside, quarantined: done.quarantined });
    return { from, upToMs, setAside, replaced, ...done };
  } finally {
    for (const part of ['', '-wal', '-shm']) rmSync(prepared + part, { force: true });
  }
}

type Done = Omit<RestoreReport, 'from' | 'upToMs' | 'setAside' | 'replaced'>;

/** What there is to go by. */
interface Found extends Pick<RestoreReport, 'upToMs' | 'missing' | 'key'> {
  readonly old: Salvage;
}

function makeSafe(
  database: WritableDatabase,
  platform: Platform,
  order: RestoreOrder & Approval,
  { old, upToMs, missing, key }: Found,
): Done {
  const at = platform.clock.nowMs();
  // Where the journal of the backup goes on: what the replaced database had kept after it is not here.
  const records = digestedUpTo(database);
  const carried = mergeSalvaged(database, old, at);
  const note = `restored from a backup: what became of it afterwards is not known (${order.reason})`;
  let quarantined = 0;
  for (const state of NOT_TO_BE_TRUSTED) {
    for (const row of database.triples.listInState(state)) {
      database.triples.applyEvent(row, 'conflict', { at, runId: null, note });
      quarantined += 1;
    }
  }
  let sealedLost = 0;
  for (const state of key === 'none' ? IN_UNITS : []) {
    const why = `restored without the key of its secret (${order.reason})`;
    for (const row of database.triples.listInState(state)) {
      database.triples.applyEvent(row, 'conflict', { at, runId: null, note: why });
      sealedLost += 1;
    }
  }
  const settingsLost = key === 'none' ? dropSealedSettings(database) : [];
  const asked = database.leases.listUnanswered();
  for (const { requestId } of asked) database.leases.removeRequest(requestId);
  if (old.unreadable.includes('triple')) database.meta.set(INCOMPLETE_RESTORE, String(at));
  // It is at home where it is restored.
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
    droppedLeases: asked.length,
    auditEntries: carried.auditEntries,
    messages: carried.messages,
    triples: carried.triples,
    runsLeftBehind: carried.runsLeftBehind,
    unreadable: old.unreadable.join(' ') || null,
    missing: missing === null ? null : describeProgress(missing),
    runsLost: Math.max(0, (missing?.runs ?? 0) - leftBehind),
    records,
  });
  const droppedLeases = asked.length;
  return {
    ...carried,
    approverProven: order.approverProven,
    missing,
    quarantined,
    key,
    sealedLost,
    settingsLost,
    droppedLeases,
    unreadable: old.unreadable,
  };
}
