import { dirname } from 'node:path';
import { z } from 'zod';
import { sha256Hex } from '#node-kit/crypto/index.ts';
import { parseJsonOrNull } from '#shared/codec/parse-json.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import { type Approve, type Justification, requireReason } from '../core/approval/index.ts';
import type { AuditTrail } from '../core/audit-log/index.ts';
import type { DirectoryFacts, Platform } from '../core/platform/index.ts';
import {
  type ReadableDatabase,
  readStartMark,
  type WritableDatabase,
  writeStartMark,
} from '../core/database/index.ts';
import { SIGNING_KEY } from './signing/signing-keys.ts';

/** Setting with the computer and the directory of this ledger, as JSON; older stations stored the hash of the computer. */
export const MACHINE_BINDING = 'station.home';
/** Setting with the ids of the last start and of the one before: `NEW OLD`. */
const LAST_STARTS = 'station.start';

/** A person's statement that the ledger will not be used any more on its former computer or in its former directory. */
export interface StationMove extends Justification {
  readonly by: Actor;
}

const fact = z.string().nullable();
const bindingShape = z.object({
  /** Hash of the computer's id. */
  computer: fact,
  boot: fact,
  /** Path of the data directory, for messages. */
  path: z.string(),
  directory: z.object({ device: fact, inode: fact, bornNs: fact }),
});
type Binding = z.infer<typeof bindingShape>;

export interface MachineBindingOptions {
  readonly database: WritableDatabase;
  readonly platform: Platform;
  readonly audit: AuditTrail;
  readonly approve: Approve;
}

/**
 * Binds the ledger to its computer and its data directory, because a copied data directory would give the same triples to
 * other units. Each start compares the stored facts with the present ones and stores the present ones. A start id in a file
 * beside the database detects a database that was replaced by a copy.
 *
 * Faults: `data-busy` on another computer or in a copy of the directory, without a move; `bad-input` when the move has no
 * reason, those of `proveApprover`; `database-corrupt` when the database is not the one that this directory was last opened
 * with.
 */
export async function bindToMachine(
  { database, platform, audit, approve }: MachineBindingOptions,
  move: StationMove | undefined,
): Promise<void> {
  const { dataDir } = platform.paths;
  const present = presentBinding(platform, dirname(database.file));
  const stored = database.meta.get(MACHINE_BINDING);
  const mismatch = stored === null ? null : findMismatch(stored, present);
  if (stored !== null && mismatch === null) requireSameDatabase(database, dataDir);
  if (mismatch !== null && move === undefined) throw boundElsewhere(dataDir, mismatch);
  const approved =
    mismatch === null || move === undefined
      ? null
      : {
          mismatch,
          by: move.by,
          reason: requireReason(move.reason, 'a station is moved with a reason and an approver'),
          approval: await approve(move, move.by, new AbortController().signal),
        };
  const startId = Buffer.from(platform.random.bytes(16)).toString('hex');
  database.transaction(() => {
    database.meta.set(MACHINE_BINDING, JSON.stringify(present));
    database.meta.set(LAST_STARTS, `${startId} ${readStartMark(database.file) ?? ''}`.trim());
    // The former place may still have the private key: what this station signs from now on must not be taken for its.
    if (approved !== null) database.meta.remove(SIGNING_KEY);
    if (approved !== null)
      audit.record(approved.by, 'station.move', digest(JSON.stringify(present)), {
        reason: approved.reason,
        ...approved.approval,
        from: digest(stored ?? ''),
        because: approved.mismatch.because,
      });
  });
  // After the transaction: when the process ends in between, the file has the id of the start before, which is accepted.
  writeStartMark(database.file, startId);
}

/** Compares the binding as a start would, and changes nothing. Faults: those of `bindToMachine` without a move. */
export function checkMachineBinding(database: ReadableDatabase, platform: Platform): void {
  const { dataDir } = platform.paths;
  const stored = database.meta.get(MACHINE_BINDING);
  if (stored === null) return;
  const mismatch = findMismatch(stored, presentBinding(platform, dirname(database.file)));
  if (mismatch !== null) throw boundElsewhere(dataDir, mismatch);
  requireSameDatabase(database, dataDir);
}

function presentBinding(platform: Platform, dir: string): Binding {
  const machineId = platform.machineId?.() ?? null;
  const unknown: DirectoryFacts = { device: null, inode: null, bornNs: null };
  return {
    computer: machineId === null ? null : digest(machineId),
    boot: platform.bootId?.() ?? null,
    path: dir,
    directory: platform.directoryFacts?.(dir) ?? unknown,
  };
}

interface Mismatch {
  readonly because: 'computer' | 'directory';
  /** Where the original is, for the message. */
  readonly original: string;
}

/** Only facts that are known on both sides and differ are a mismatch. */
function findMismatch(stored: string, present: Binding): Mismatch | null {
  const former = parseBinding(stored);
  if (differ(former.computer, present.computer))
    return { because: 'computer', original: 'on another computer' };
  const { directory, boot, path } = former;
  // Device numbers are assigned at each boot.
  const isOtherDevice =
    boot !== null && boot === present.boot && differ(directory.device, present.directory.device);
  const isOther =
    isOtherDevice ||
    differ(directory.inode, present.directory.inode) ||
    differ(directory.bornNs, present.directory.bornNs);
  if (!isOther) return null;
  return {
    because: 'directory',
    original: path === present.path ? 'the directory that was here before' : `in ${path}`,
  };
}

function differ(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && one !== other;
}

function parseBinding(stored: string): Binding {
  const unknown = { boot: null, path: '', directory: { device: null, inode: null, bornNs: null } };
  if (!stored.startsWith('{')) return { computer: stored, ...unknown };
  const parsed = bindingShape.safeParse(parseJsonOrNull(stored));
  if (parsed.success) return parsed.data;
  throw new Fault('database-corrupt', 'the binding of this station to its computer cannot be read', {
    hint: 'Restore the last backup: "restore --from FILE --reason TEXT --approver NAME".',
  });
}

/** Faults: `database-corrupt` when this directory was last opened with another database, or with another copy of it. */
function requireSameDatabase(database: ReadableDatabase, dataDir: string): void {
  const lastStart = readStartMark(database.file);
  const storedStarts = database.meta.get(LAST_STARTS)?.split(' ') ?? [];
  if (lastStart === null || storedStarts.length === 0 || storedStarts.includes(lastStart)) return;
  throw new Fault(
    'database-corrupt',
    `${database.file} is not the database that ${dataDir} was last opened with, but a copy that was put in its place`,
    {
      hint: 'A copy would give triples again that were burned since. Move it away and give it to "restore --from FILE --reason TEXT --approver NAME", which makes it safe.',
      details: { why: 'not of this directory' },
    },
  );
}

function boundElsewhere(dataDir: string, { because, original }: Mismatch): Fault {
  return new Fault('data-busy', `${dataDir} is a copy: the original is ${original} and may be in use`, {
    hint: 'If the other is out of use for good and this is its newest state: "station moved --reason TEXT --approver NAME". If this is an older state: "restore --from" its station.db into a new data directory. If both are to work: set up a new station here and lease triples for it.',
    details: { because },
  });
}

function digest(text: string): string {
  return sha256Hex(`gongwei station\n${text}`).slice(0, 32);
}
