import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { z } from 'zod';
import { Fault } from '#shared/domain/fault.ts';
import type { Approve, ApproverClaim } from '../administration/people/index.ts';
import type { Actor, AuditTrail } from '../core/audit-log/index.ts';
import type { DirectoryFacts, Platform } from '../core/platform/index.ts';
import {
  type ReadableDatabase,
  readStartMark,
  type WritableDatabase,
  writeStartMark,
} from '../core/database/index.ts';

/** Where this ledger is at home. A station of before directories kept the hash of its computer only. */
export const MACHINE_BINDING = 'station.home';
/** The last start and the one before, `NEW OLD`. */
const START = 'station.start';

/** A person's word that the ledger will never be worked with again where it was at home. */
export interface StationMove extends ApproverClaim {
  readonly reason: string;
  readonly by: Actor;
}

const fact = z.string().nullable();
const homeShape = z.object({
  /** Hash of the computer's id. */
  computer: fact,
  boot: fact,
  /** For people: where it was when it was last opened. */
  path: z.string(),
  directory: z.object({ device: fact, inode: fact, bornNs: fact }),
});
type Home = z.infer<typeof homeShape>;

export interface MachineBindingParts {
  readonly database: WritableDatabase;
  readonly platform: Platform;
  readonly audit: AuditTrail;
  readonly approve: Approve;
}

/**
 * A data directory that was copied would hand out the same triples twice. So the ledger knows the computer and the
 * directory in which it is at home, as far as those can be told from others, and with which database this directory was
 * last opened. Every start writes down anew what it saw.
 *
 * Faults: `data-busy` on another computer or in a copy of the directory, unless somebody vouches for the move;
 * `bad-input` when it is not said why, those of `proveApprover`; `database-corrupt` when the database is not the one of this directory.
 */
export async function bindToMachine(
  { database, platform, audit, approve }: MachineBindingParts,
  moved: StationMove | undefined,
): Promise<void> {
  const { dataDir } = platform.paths;
  const here = lookAround(platform, dirname(database.file));
  const kept = database.meta.get(MACHINE_BINDING);
  const strangeness = kept === null ? null : whyNotHome(kept, here);
  if (kept !== null && strangeness === null) refuseExchanged(database, dataDir);
  if (strangeness !== null && moved === undefined) throw away(dataDir, strangeness);
  const reason = moved?.reason.trim() ?? '';
  if (strangeness !== null && reason === '')
    throw new Fault('bad-input', 'a station is moved with a reason and an approver', {
      hint: 'They go into the audit trail.',
    });
  const approval =
    strangeness === null || moved === undefined
      ? null
      : await approve(moved, moved.by, new AbortController().signal);
  const startId = Buffer.from(platform.random.bytes(16)).toString('hex');
  database.transaction(() => {
    database.meta.set(MACHINE_BINDING, JSON.stringify(here));
    database.meta.set(START, `${startId} ${readStartMark(database.file) ?? ''}`.trim());
    if (strangeness !== null && moved !== undefined && approval !== null)
      audit.record(moved.by, 'station.move', digest(JSON.stringify(here)), {
        reason,
        ...approval,
        from: digest(kept ?? ''),
        because: strangeness.because,
      });
  });
  // After the database: what is cut off in between is known to it as the one before.
  writeStartMark(database.file, startId);
}

/**
 * Looks whether the ledger is at home here, as a start would, and changes nothing. Faults: those of `bindToMachine` when nobody
 * vouches.
 */
export function checkMachineBinding(database: ReadableDatabase, platform: Platform): void {
  const { dataDir } = platform.paths;
  const kept = database.meta.get(MACHINE_BINDING);
  if (kept === null) return;
  const strangeness = whyNotHome(kept, lookAround(platform, dirname(database.file)));
  if (strangeness !== null) throw away(dataDir, strangeness);
  refuseExchanged(database, dataDir);
}

function lookAround(platform: Platform, dir: string): Home {
  const machine = platform.machineId?.() ?? null;
  const nothing: DirectoryFacts = { device: null, inode: null, bornNs: null };
  return {
    computer: machine === null ? null : digest(machine),
    boot: platform.bootId?.() ?? null,
    path: dir,
    directory: platform.directoryFacts?.(dir) ?? nothing,
  };
}

interface Strangeness {
  readonly because: 'computer' | 'directory';
  readonly where: string;
}

/** Only a fact that both sides have, and that differs, stops a line. */
function whyNotHome(kept: string, here: Home): Strangeness | null {
  const read = readHome(kept);
  if (differ(read.computer, here.computer)) return { because: 'computer', where: 'on another computer' };
  const { directory, boot, path } = read;
  // Device numbers are given out anew at each boot.
  const device = boot !== null && boot === here.boot && differ(directory.device, here.directory.device);
  const other =
    device ||
    differ(directory.inode, here.directory.inode) ||
    differ(directory.bornNs, here.directory.bornNs);
  if (!other) return null;
  return {
    because: 'directory',
    where: path === here.path ? 'in a directory that was here before' : `in ${path}`,
  };
}

function differ(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && one !== other;
}

function readHome(kept: string): Home {
  const unknown = { boot: null, path: '', directory: { device: null, inode: null, bornNs: null } };
  if (!kept.startsWith('{')) return { computer: kept, ...unknown };
  const parsed = homeShape.safeParse(parseJson(kept));
  if (parsed.success) return parsed.data;
  throw new Fault('database-corrupt', 'where this station is at home cannot be read in its database', {
    hint: 'Restore the last backup: "restore --from FILE --reason TEXT --approver NAME".',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** Faults: `database-corrupt` when this directory was last opened with another database, or another copy of it. */
function refuseExchanged(database: ReadableDatabase, dataDir: string): void {
  const beside = readStartMark(database.file);
  const known = database.meta.get(START)?.split(' ') ?? [];
  if (beside === null || known.length === 0 || known.includes(beside)) return;
  throw new Fault(
    'database-corrupt',
    `${database.file} is not the database that ${dataDir} was last opened with, but a copy that was put in its place`,
    {
      hint: 'A copy hands out again what was burned since. Move it away and give it to "restore --from FILE --reason TEXT --approver NAME", which makes it safe.',
      details: { why: 'not of this directory' },
    },
  );
}

function away(dataDir: string, { because, where }: Strangeness): Fault {
  const what = because === 'computer' ? `${dataDir} is` : `${dataDir} is a copy; the station in it is`;
  return new Fault('data-busy', `${what} at home ${where}, which may work with it`, {
    hint: 'If the other is out of use for good and this is its newest state: "station moved --reason TEXT --approver NAME". If this is an older state: "restore --from" its station.db into a new data directory. If both are to work: set up a new station here and lease triples for it.',
    details: { because },
  });
}

function digest(text: string): string {
  return createHash('sha256').update(`gongwei station\n${text}`).digest('hex').slice(0, 32);
}
