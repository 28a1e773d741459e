import { createYielder } from '#node-kit/async/index.ts';
import { asFileFault } from '#node-kit/files/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { ForeignKind } from '#shared/domain/foreign-run.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type {
  ForeignRunRow,
  ReadableDatabase,
  SeenRuns,
  WritableDatabase,
} from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { canonicalJson, digestOf, readNames, type RecordNames, toRunDocument } from '../documents/index.ts';
import { type Candidate, MAX_RECORD, toForeignRow } from './candidate.ts';
import type { RunSource } from './open-source.ts';
import { runProblem } from './run-problem.ts';

/** Runs in one transaction: some milliseconds, between which the slots work. */
const WRITTEN_AT_ONCE = 50;
const REMOVED_AT_ONCE = 200;
/** Rejected records that are listed; the others are counted. */
const MAX_REJECTED = 1000;

export interface RunImportOptions {
  /** Reports the result and changes nothing. */
  readonly dryRun?: boolean | undefined;
  /** Imports the good runs of a source with bad ones. */
  readonly skipBad?: boolean | undefined;
  /** Called for each record. `checking` comes first, then `writing`. */
  readonly onProgress?: ((stage: 'checking' | 'writing', rows: number) => void) | undefined;
  readonly onHeader?: ((header: readonly string[]) => void) | undefined;
  /** Called for each run that is new. */
  readonly onNew?: ((row: ForeignRunRow, line: number) => void) | undefined;
}

export interface RunImportReport {
  readonly kind: ForeignKind;
  readonly name: string;
  /** Null for a dry run, and when nothing was imported. */
  readonly sourceId: string | null;
  /** Records of the source. */
  readonly rows: number;
  /** Runs that were imported; in a dry run, runs that would be. */
  readonly added: number;
  /** Runs that are here already, with the same content. */
  readonly doubles: number;
  /** Runs that have not ended and are left out. */
  readonly unfinished: number;
  readonly rejectedRows: number;
  /** The first thousand of them. */
  readonly rejected: readonly { readonly line: number; readonly reason: string }[];
}

export interface RunImportParts {
  readonly database: WritableDatabase;
  readonly platform: Platform;
  readonly audit: AuditTrail;
}

/**
 * Imports runs of another station or program as records marked foreign, in constant memory. The source is read twice: it is checked as
 * a whole, then its runs are written in small transactions and seen together when the last one is written. All are imported, or none;
 * what an import that was cut off has left is removed by the next one. Triples, units and messages are never read or made.
 * Faults: those of the source, `disk-full`, the signal's reason.
 */
export async function importRuns(
  source: RunSource,
  options: RunImportOptions,
  { database, platform, audit }: RunImportParts,
  by: Actor,
  signal: AbortSignal,
): Promise<RunImportReport> {
  using seen = database.foreignRuns.openSeen();
  const checked = await check(source, options, database, seen, signal);
  const { kind, name } = source;
  const isRefused = checked.rejectedRows > 0 && options.skipBad !== true;
  const report = { kind, name, sourceId: null, ...checked, ...(isRefused ? { added: 0 } : {}) };
  if (options.dryRun === true || isRefused || report.added === 0) return report;
  const { clock, random } = platform;
  await removeIncomplete(database, signal);
  const sourceId = random.id();
  const startedAtMs = clock.nowMs();
  database.transaction(() => {
    database.foreignRuns.addSource({ sourceId, kind, name, runs: 0, startedAtMs, importedBy: by.user });
  });
  try {
    const added = await write(source, sourceId, options, database, seen, signal);
    if (added !== report.added) {
      throw new Fault('bad-input', `${name} was changed while it was read`, { hint: 'Import it again.' });
    }
    const { rows, doubles, unfinished, rejectedRows: rejected } = report;
    database.transaction(() => {
      database.foreignRuns.completeSource(sourceId, added, clock.nowMs());
      const about = { kind, file: name, rows, added, doubles, unfinished, rejected };
      audit.record(by, 'runs.import', sourceId, about);
    });
    return { ...report, sourceId };
  } catch (error) {
    // What cannot be removed now is not seen, and the next import removes it.
    await removeIncomplete(database, null).catch(() => undefined);
    throw error;
  }
}

type Checked = Pick<
  RunImportReport,
  'rows' | 'added' | 'doubles' | 'unfinished' | 'rejectedRows' | 'rejected'
>;

async function check(
  source: RunSource,
  { onProgress, onHeader, onNew }: RunImportOptions,
  database: WritableDatabase,
  seen: SeenRuns,
  signal: AbortSignal,
): Promise<Checked> {
  const yielder = createYielder(signal);
  const rejected: { line: number; reason: string }[] = [];
  const counts = { rows: 0, added: 0, doubles: 0, unfinished: 0, rejectedRows: 0 };
  const names = readNames(database);
  const reject = (line: number, reason: string): void => {
    counts.rejectedRows += 1;
    if (rejected.length < MAX_REJECTED) rejected.push({ line, reason });
  };
  for await (const candidate of readGuarded(source, onHeader)) {
    throwIfAborted(signal);
    counts.rows += 1;
    onProgress?.('checking', counts.rows);
    if ('unfinished' in candidate) counts.unfinished += 1;
    else if ('reason' in candidate) reject(candidate.line, candidate.reason);
    else {
      const problem = runProblem(candidate.run);
      const row = problem === null ? toForeignRow(candidate.run) : null;
      const known =
        row === null ? null : (digestHere(database, names, row.runId) ?? seen.digestOf(row.runId));
      if (row === null) reject(candidate.line, problem ?? '');
      else if (row.record.length > MAX_RECORD) reject(candidate.line, 'it is too long');
      else if (known === null) {
        seen.add(row.runId, row.digest);
        counts.added += 1;
        onNew?.(row, candidate.line);
      } else if (known === row.digest) counts.doubles += 1;
      else reject(candidate.line, `the run ${row.runId} is here already, with other content`);
    }
    await yielder.afterRows(10);
  }
  return { ...counts, rejected };
}

/** Writes the runs that the check has found to be new, and returns how many. A station that works has more of them meanwhile. */
async function write(
  source: RunSource,
  sourceId: string,
  { onProgress }: RunImportOptions,
  database: WritableDatabase,
  seen: SeenRuns,
  signal: AbortSignal,
): Promise<number> {
  const yielder = createYielder(signal);
  let [rows, added] = [0, 0];
  let pending = new Map<string, ForeignRunRow>();
  const flush = async (): Promise<void> => {
    const block = pending;
    pending = new Map();
    // Not from the disk reserve: that is for what units have done.
    database.transaction(() => {
      for (const row of block.values()) database.foreignRuns.add(sourceId, row);
    });
    added += block.size;
    onProgress?.('writing', rows);
    await yielder.afterRows(1000);
  };
  for await (const candidate of readGuarded(source)) {
    throwIfAborted(signal);
    rows += 1;
    if (!('run' in candidate) || runProblem(candidate.run) !== null) continue;
    const row = toForeignRow(candidate.run);
    if (seen.digestOf(row.runId) !== row.digest) continue;
    if (pending.has(row.runId) || database.foreignRuns.isStaged(row.runId)) continue;
    pending.set(row.runId, row);
    if (pending.size >= WRITTEN_AT_ONCE) await flush();
  }
  if (pending.size > 0) await flush();
  return added;
}

/** The digest of the run of this id that is here, imported or made by this station; null when there is none. */
function digestHere(database: ReadableDatabase, names: RecordNames, runId: string): string | null {
  const imported = database.foreignRuns.findDigest(runId);
  if (imported !== null) return imported;
  const run = database.runs.findById(runId);
  if (run === null) return null;
  const steps = database.runs.listSteps(runId);
  const own = toRunDocument({ run, steps, measurements: database.runs.listMeasurements(runId) }, names);
  return own === null ? '' : digestOf(canonicalJson(own));
}

/** Errors of the file system as faults. */
async function* readGuarded(
  source: RunSource,
  onHeader?: (header: readonly string[]) => void,
): AsyncGenerator<Candidate> {
  try {
    yield* source.read(onHeader);
  } catch (error) {
    throw asFileFault(error, source.name, 'read');
  }
}

/** Removes what an import that was cut off has written; no list has shown it. */
export async function removeIncomplete(
  database: WritableDatabase,
  signal: AbortSignal | null,
): Promise<void> {
  const yielder = createYielder(signal ?? new AbortController().signal);
  for (const sourceId of database.foreignRuns.listIncomplete()) {
    while (database.transaction(() => database.foreignRuns.removeSome(sourceId, REMOVED_AT_ONCE)) > 0)
      await yielder.afterRows(1000);
    database.transaction(() => {
      database.foreignRuns.removeSource(sourceId);
    });
  }
}
