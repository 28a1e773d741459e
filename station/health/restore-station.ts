import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Fault } from '#shared/domain/fault.ts';
import {
  type Approval,
  type ApproverClaim,
  createLockOut,
  oneAtATime,
  proveApprover,
} from '../access/index.ts';
import { type Actor, createAuditTrail } from '../audit/index.ts';
import { HOME, openVault, RESTORED_UNSURE } from '../identity/index.ts';
import type { Platform } from '../platform/index.ts';
import { runKey } from '../runner/index.ts';
import {
  checkBackup,
  copyForRestore,
  databaseToReplace,
  lockDataDir,
  openPrepared,
  openStoreForReading,
  replaceDatabase,
  salvage,
  type Salvage,
  type Store,
  storeFile,
  syncFile,
} from '../store/index.ts';
import { backupStamp } from './backup-stamp.ts';
import { carryOver, type CarriedOver } from './carry-over.ts';

/** States whose truth may have changed after the backup, so that they are no ground to hand out or burn a triple. */
const NOT_TO_BE_TRUSTED = ['available', 'claimed', 'burning', 'in-doubt'] as const;

export interface RestoreOrder extends ApproverClaim {
  /** A copy of this station's database. */
  readonly from: string;
  readonly reason: string;
  readonly by: Actor;
}

export interface RestoreReport extends CarriedOver {
  /** Whether the approver has given a PIN; see `proveApprover`. */
  readonly approverProven: boolean;
  readonly from: string;
  /** What the backup knows up to; what came after is not in it. */
  readonly upToMs: number | null;
  /** Directory with the database that was replaced. */
  readonly setAside: string;
  /** Triples that no unit gets any more, because nobody knows what became of them after the backup. */
  readonly quarantined: number;
  /** Questions for leases that are not asked again: their answer may have been used already. */
  readonly droppedLeases: number;
  /** Tables of the old database that could not be read to their end. */
  readonly unreadable: readonly string[];
}

type Made = 'approverProven' | 'quarantined' | 'droppedLeases' | 'unreadable';

/**
 * Puts a backup in the place of the database: an explicit act, with a reason and an approver, that loses nothing it
 * can keep and hands out nothing it cannot vouch for. The station must not be running. Cut off at any moment, it can be
 * done again.
 *
 * Faults: `bad-input`, `data-busy`, `file-missing`, `database-corrupt` and `database-future` for the backup,
 * `secret-unreadable` when the host's key is not the backup's, those of
 * `proveApprover`, `disk-full`, `file-denied`; then nothing was changed.
 */
export async function restoreStation(platform: Platform, order: RestoreOrder): Promise<RestoreReport> {
  const { dataDir } = platform.paths;
  const file = storeFile(dataDir);
  const from = resolve(order.from);
  if (order.reason.trim() === '' || order.approver.trim() === '')
    throw new Fault('bad-input', 'a restore needs a reason and an approver', {
      hint: 'Say why, and who agreed.',
    });
  if (from === resolve(file))
    throw new Fault('bad-input', 'a database cannot be restored from itself', { hint: 'Name a backup.' });
  using _owner = lockDataDir(dataDir);
  const { upToMs } = checkBackup(from);
  const prepared = `${file}.restored`;
  copyForRestore(from, prepared);
  try {
    const store = openPrepared(prepared);
    let done: CarriedOver & Pick<RestoreReport, Made>;
    try {
      // The key that opens the backup is known before anything is moved.
      await openVault(store, platform);
      const approval = await approvedBy(platform, order, store);
      const unfinished = store.runs.unfinished().map(({ runId }) => runKey(runId));
      const old = salvage(databaseToReplace(dataDir, file), unfinished);
      done = store.transaction(() => makeSafe(store, platform, { ...order, ...approval }, old, upToMs));
      store.fold();
    } finally {
      store.close();
    }
    syncFile(prepared);
    const stamp = backupStamp(platform.clock.nowMs());
    const setAside = replaceDatabase(dataDir, file, prepared, join(dataDir, 'set-aside', stamp));
    platform.log.warn('station.restored', { from, setAside, quarantined: done.quarantined });
    return { from, upToMs, setAside, ...done };
  } finally {
    for (const part of ['', '-wal', '-shm']) rmSync(prepared + part, { force: true });
  }
}

/**
 * By whoever is known now; by whoever was known then when the database cannot be read. A wrong PIN is in no trail: the
 * one trail may be damaged, and the other is not in its place yet.
 */
async function approvedBy(platform: Platform, order: RestoreOrder, then: Store): Promise<Approval> {
  const now = peopleNow(platform.paths.dataDir);
  try {
    const { people } = now ?? then;
    const lockOut = createLockOut(platform.clock, new Map());
    const parts = {
      people,
      lockOut,
      inTurn: oneAtATime(),
      onWrong: () => undefined,
      onRight: () => undefined,
    };
    return await proveApprover(parts, order, order.by.user, new AbortController().signal);
  } finally {
    now?.close();
  }
}

function peopleNow(dataDir: string): Store | null {
  try {
    const store = openStoreForReading(dataDir);
    if (store.check() === null) return store;
    store.close();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
  return null;
}

function makeSafe(
  store: Store,
  platform: Platform,
  order: RestoreOrder & Approval,
  old: Salvage,
  upToMs: number | null,
): CarriedOver & Pick<RestoreReport, Made> {
  const at = platform.clock.nowMs();
  const carried = carryOver(store, old, at);
  const note = `restored from a backup: what became of it afterwards is not known (${order.reason})`;
  let quarantined = 0;
  for (const state of NOT_TO_BE_TRUSTED) {
    for (const row of store.triples.inState(state)) {
      store.triples.move(row, 'conflict', { at, runId: null, note });
      quarantined += 1;
    }
  }
  const asked = store.leases.unanswered();
  for (const { requestId } of asked) store.leases.drop(requestId);
  if (old.unreadable.includes('triple')) store.meta.set(RESTORED_UNSURE, String(at));
  // It is at home where it is restored.
  store.meta.remove(HOME);
  createAuditTrail(store, platform.clock).note(order.by, 'station.restore', order.from, {
    reason: order.reason,
    approver: order.approver,
    approverProven: order.approverProven,
    upToMs,
    quarantined,
    droppedLeases: asked.length,
    auditEntries: carried.auditEntries,
    messages: carried.messages,
    triples: carried.triples,
    runsLeftBehind: carried.runsLeftBehind,
    unreadable: old.unreadable.join(' ') || null,
  });
  const { approverProven } = order;
  return { ...carried, approverProven, quarantined, droppedLeases: asked.length, unreadable: old.unreadable };
}
