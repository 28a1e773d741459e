import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DRAFT_ENDING } from '#node-kit/files/index.ts';
import { Sequencer } from '#node-kit/async/index.ts';
import type { CsvForm, ExportsState, ReportFormat } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { createReadPool } from '../../core/background/index.ts';
import type { ClockTrust } from '../../administration/clock-trust/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { RetentionLimits } from '../../execution/recording/index.ts';
import { exportName } from './export-name.ts';
import { sweepExports } from './sweep-exports.ts';
import { writeRunReport, type WrittenReport } from './write-run-report.ts';

const TELL_EVERY_MS = 250;
const TYPES: Readonly<Record<ReportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/jsonl; charset=utf-8',
};

/** Who was given a file so lately may be reading it still; whoever has it open goes on reading even when it is gone. */
const IN_USE_MS = 3_600_000;

/** A file that this station has written for somebody to take along. */
export interface ExportedFile {
  readonly path: string;
  readonly name: string;
  /** Its media type. */
  readonly type: string;
}

export interface ReportsParts {
  readonly platform: Platform;
  /** The line's own; read from for a moment only. */
  readonly database: WritableDatabase;
  readonly station: () => string;
  readonly publish: (state: ExportsState) => void;
  /** Whether the clock is to be believed when something is removed by it. */
  readonly clockTrust: Pick<ClockTrust, 'mayRemove'>;
  /** How much is kept; `EXPORT_LIMITS` when left out. */
  readonly limits?: RetentionLimits | undefined;
}

export interface Reports {
  /** Writes to `exports/` of the data directory. Faults: `batch-missing` and those of `writeRunReport`. */
  export(
    batchId: string,
    format: ReportFormat,
    signal: AbortSignal,
    csv?: CsvForm,
  ): Promise<WrittenReport & { readonly fileId: string; readonly name: string }>;
  /** An export of this life of the station, by its id. */
  file(fileId: string): ExportedFile | null;
  /** Stops what is being written and waits until nothing of it is left. */
  close(): Promise<void>;
}

type Running = ExportsState['running'][number];

export function createReports(parts: ReportsParts): Reports {
  const { platform, database: own, station, publish, limits, clockTrust } = parts;
  const closing = new AbortController();
  const { clock, random, paths, log } = platform;
  const dir = join(paths.dataDir, 'exports');
  const files = new Map<string, ExportedFile>();
  const running = new Map<string, Running>();
  const names = new Set<string>();
  const readers = createReadPool(paths.dataDir);
  /** By name: when somebody was given it last. */
  const givenAtMs = new Map<string, number>();
  const sweeps = new Sequencer();
  removeUnfinished(dir);
  sweep();

  /** In the background, one after the other: nobody waits for it. */
  function sweep(): void {
    const inUse = (name: string): boolean =>
      names.has(name) || clock.monotonicMs() - (givenAtMs.get(name) ?? -Infinity) < IN_USE_MS;
    const mayGo = (): Promise<boolean> => clockTrust.mayRemove('exports', closing.signal);
    void sweeps.run(() => sweepExports({ dir, log, nowMs: clock.nowMs(), inUse, limits, mayGo }));
  }

  function nameOf(batchId: string): string {
    const batch = own.batches.findById(batchId);
    if (batch !== null) return batch.name;
    throw new Fault('batch-missing', `there is no batch ${batchId}`, {
      hint: 'List them with "batch list".',
    });
  }

  function tell(fileId: string, progress: Running | null): void {
    if (progress === null) running.delete(fileId);
    else running.set(fileId, progress);
    publish({ running: [...running.values()] });
  }

  return {
    async export(batchId, format, signal, csv) {
      const fileId = Buffer.from(random.bytes(16)).toString('hex');
      const name = freeName(dir, names, exportName(station(), nameOf(batchId), clock.nowMs()), format);
      const path = join(dir, name);
      const progress = { fileId, batchId, format };
      let toldAtMs = clock.monotonicMs();
      names.add(name);
      tell(fileId, { ...progress, runs: 0, totalRuns: own.reportRuns.getExtent(batchId).runs });
      const onProgress = (runs: number, totalRuns: number): void => {
        if (clock.monotonicMs() - toldAtMs < TELL_EVERY_MS) return;
        toldAtMs = clock.monotonicMs();
        tell(fileId, { ...progress, runs, totalRuns });
      };
      try {
        makeDir(dir);
        const written = await readers.read(
          (database, until) =>
            writeRunReport(database, batchId, path, { format, csv, signal: until, onProgress }),
          signal,
        );
        files.set(fileId, { path, name, type: TYPES[format] });
        givenAtMs.set(name, clock.monotonicMs());
        sweep();
        log.info('report.exported', { batchId, name, ...written });
        return { fileId, name, ...written };
      } finally {
        names.delete(name);
        tell(fileId, null);
      }
    },
    file(fileId) {
      const found = files.get(fileId) ?? null;
      if (found !== null) givenAtMs.set(found.name, clock.monotonicMs());
      return found;
    },
    async close() {
      closing.abort();
      await readers.close();
      await sweeps.whenIdle();
    },
  };
}

/** What a station that was killed left half written. */
function removeUnfinished(dir: string): void {
  if (!existsSync(dir)) return;
  for (const name of readdirSync(dir))
    if (name.endsWith(DRAFT_ENDING)) rmSync(join(dir, name), { force: true });
}

function freeName(dir: string, taken: ReadonlySet<string>, base: string, ending: string): string {
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? `${base}.${ending}` : `${base}-${n}.${ending}`;
    if (!taken.has(name) && !existsSync(join(dir, name))) return name;
  }
}

function makeDir(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true });
  } catch (cause) {
    throw new Fault('file-denied', `${dir} cannot be made`, {
      hint: 'Give this user write permission on the data directory.',
      cause,
    });
  }
}
