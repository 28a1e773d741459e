import { createYielder } from '#node-kit/async/index.ts';
import { asFileFault } from '#node-kit/files/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { ForeignKind } from '#shared/domain/foreign-run.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { AttachmentFiles } from '../../core/attachments/index.ts';
import type {
  ForeignAttachmentRow,
  ForeignRunRow,
  ReadableDatabase,
  SeenRuns,
  WritableDatabase,
} from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { canonicalJson, digestOf, readNames, type RecordNames, toRunDocument } from '../documents/index.ts';
import { type Candidate, MAX_RECORD, toForeignRow } from './candidate.ts';
import { copyFiles } from './copy-files.ts';
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
  /** Files that were copied with the runs, and those that the other station did not have as they were recorded; 0 in a dry run. */
  readonly files: number;
  readonly filesMissing: number;
}

export interface RunImportParts {
  readonly database: WritableDatabase;
  readonly platform: Platform;
  readonly audit: AuditTrail;
  readonly attachments: Pick<AttachmentFiles, 'remove' | 'settle' | 'store'>;
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
  { database, platform, audit, attachments }: RunImportParts,
  by: Actor,
  signal: AbortSignal,
): Promise<RunImportReport> {
  using seen = database.foreignRuns.openSeen();
  const checked = await check(source, options, database, seen, signal);
  const { kind, name } = source;
  const isRefused = checked.rejectedRows > 0 && options.skipBad !== true;
  const report = {
    kind,
    name,
    sourceId: null,
    ...checked,
    files: 0,
    filesMissing: 0,
    ...(isRefused ? { added: 0 } : {}),
  };
  if (options.dryRun === true || isRefused || report.added === 0) return report;
  const { clock, random } = platform;
  await removeIncomplete(database, attachments, signal);
  const sourceId = random.id();
  const startedAtMs = clock.nowMs();
  database.transaction(() => {
    database.foreignRuns.addSource({ sourceId, kind, name, runs: 0, startedAtMs, importedBy: by.user });
  });
  try {
    const { added, files, filesMissing } = await write(
      { source, sourceId, options, database, seen, attachments },
      signal,
    );
    if (added !== report.added) {
      throw new Fault('bad-input', `${name} was changed while it was read`, { hint: 'Import it again.' });
    }
    const { rows, doubles, unfinished, rejectedRows: rejected } = report;
    database.transaction(() => {
      database.foreignRuns.completeSource(sourceId, added, clock.nowMs());
      const about = { kind, file: name, rows, added, doubles, unfinished, rejected, files, filesMissing };
      audit.record(by, 'runs.import', sourceId, about);
    });
    return { ...report, sourceId, files, filesMissing };
  } catch (error) {
    // What cannot be removed now is not seen, and the next import removes it.
    await removeIncomplete(database, attachments, null).catch(() => undefined);
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
  {
    source,
    sourceId,
    options: { onProgress },
    database,
    seen,
    attachments,
  }: Pick<RunImportParts, 'attachments' | 'database'> & {
    readonly source: RunSource;
    readonly sourceId: string;
    readonly options: RunImportOptions;
    readonly seen: SeenRuns;
  },
  signal: AbortSignal,
): Promise<{ readonly added: number; readonly files: number; readonly filesMissing: number }> {
  const yielder = createYielder(signal);
  const counts = { added: 0, files: 0, filesMissing: 0 };
  let rows = 0;
  let pending = new Map<string, { row: ForeignRunRow; files: readonly ForeignAttachmentRow[] }>();
  const flush = async (): Promise<void> => {
    const block = pending;
    pending = new Map();
    try {
      // Not from the disk reserve: that is for what units have done.
      database.transaction(() => {
        for (const { row, files } of block.values()) {
          database.foreignRuns.add(sourceId, row);
          for (const file of files) database.foreignRuns.addFile(row.runId, file);
        }
      });
    } finally {
      // A copied file stays when it has a row now.
      for (const [runId, { files }] of block) if (files.length > 0) attachments.settle(runId);
    }
    counts.added += block.size;
    onProgress?.('writing', rows);
    await yielder.afterRows(1000);
  };
  try {
    for await (const candidate of readGuarded(source)) {
      throwIfAborted(signal);
      rows += 1;
      if (!('run' in candidate) || runProblem(candidate.run) !== null) continue;
      const row = toForeignRow(candidate.run);
      if (seen.digestOf(row.runId) !== row.digest) continue;
      if (pending.has(row.runId) || database.foreignRuns.isStaged(row.runId)) continue;
      pending.set(row.runId, { row, files: [] });
      const files = await copyFiles(row.runId, candidate.files ?? [], attachments);
      pending.set(row.runId, { row, files });
      counts.files += files.filter(({ isHere }) => isHere === 1).length;
      counts.filesMissing += files.filter(({ isHere }) => isHere === 0).length;
      if (pending.size >= WRITTEN_AT_ONCE) await flush();
    }
    if (pending.size > 0) await flush();
  } finally {
    for (const runId of pending.keys()) attachments.settle(runId);
  }
  return counts;
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
  attachments: Pick<AttachmentFiles, 'remove'>,
  signal: AbortSignal | null,
): Promise<void> {
  const yielder = createYielder(signal ?? new AbortController().signal);
  for (const sourceId of database.foreignRuns.listIncomplete()) {
    const contents = database.foreignRuns.listContents(sourceId);
    while (database.transaction(() => database.foreignRuns.removeSome(sourceId, REMOVED_AT_ONCE)) > 0)
      await yielder.afterRows(1000);
    database.transaction(() => {
      database.foreignRuns.removeSource(sourceId);
    });
    // A file that another run has as well stays.
    for (const sha256 of contents) await attachments.remove(sha256);
  }
}
