import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeDir, TEMPORARY_ENDING } from '#node-kit/files/index.ts';
import { Sequencer } from '#node-kit/async/index.ts';
import type { CsvForm, ExportsState, ReportFormat } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { createBackgroundReader } from '../../core/background-reads/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { RemovalGuard, RetentionLimits } from '../../core/retention/index.ts';
import { exportName } from './export-name.ts';
import { sweepExports } from './sweep-exports.ts';
import { writeRunReport, type WrittenReport } from './write-run-report.ts';

const PROGRESS_INTERVAL_MS = 250;
const TYPES: Readonly<Record<ReportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/jsonl; charset=utf-8',
};

/** A file counts as in use for this time after a download has started. */
const IN_USE_MS = 3_600_000;

/** A file that was exported and can be downloaded. */
export interface ExportedFile {
  readonly path: string;
  readonly name: string;
  /** Its media type. */
  readonly type: string;
}

export interface ReportsOptions {
  readonly platform: Platform;
  /** The station's own connection, for short queries only. */
  readonly database: WritableDatabase;
  readonly station: () => string;
  readonly publish: (state: ExportsState) => void;
  /** Decides whether the clock is trusted for deleting old files. */
  readonly removalGuard: Pick<RemovalGuard, 'mayRemove'>;
  /** Default `EXPORT_LIMITS`. */
  readonly limits?: RetentionLimits | undefined;
}

export interface Reports {
  /** Writes to `exports/` of the data directory. Faults: `batch-missing`, those of `makeDir` and of `writeRunReport`. */
  export(
    batchId: string,
    format: ReportFormat,
    csv: CsvForm | undefined,
    signal: AbortSignal,
  ): Promise<WrittenReport & { readonly fileId: string; readonly name: string }>;
  /** An export since the start of the station, by its id. */
  file(fileId: string): ExportedFile | null;
  /** Aborts exports and waits until they have ended. */
  close(): Promise<void>;
}

type Running = ExportsState['running'][number];

export function createReports(options: ReportsOptions): Reports {
  const { platform, database: own, station, publish, limits, removalGuard } = options;
  const closing = new AbortController();
  const { clock, random, paths, log } = platform;
  const dir = join(paths.dataDir, 'exports');
  const files = new Map<string, ExportedFile>();
  const running = new Map<string, Running>();
  const names = new Set<string>();
  const reader = createBackgroundReader(paths.dataDir);
  /** By name: the last start of a download. */
  const downloadedAtMs = new Map<string, number>();
  const sweeps = new Sequencer();
  removeUnfinished(dir);
  sweep();

  /** Sweeps in the background, one sweep after the other. */
  function sweep(): void {
    const inUse = (name: string): boolean =>
      names.has(name) || clock.monotonicMs() - (downloadedAtMs.get(name) ?? -Infinity) < IN_USE_MS;
    const mayRemove = (): Promise<boolean> => removalGuard.mayRemove('exports', closing.signal);
    void sweeps.run(() => sweepExports({ dir, log, nowMs: clock.nowMs(), inUse, limits, mayRemove }));
  }

  function nameOf(batchId: string): string {
    const batch = own.batches.findById(batchId);
    if (batch !== null) return batch.name;
    throw new Fault('batch-missing', `there is no batch ${batchId}`, {
      hint: 'List them with "batch list".',
    });
  }

  function publishProgress(fileId: string, progress: Running | null): void {
    if (progress === null) running.delete(fileId);
    else running.set(fileId, progress);
    publish({ running: [...running.values()] });
  }

  return {
    async export(batchId, format, csv, signal) {
      const fileId = Buffer.from(random.bytes(16)).toString('hex');
      const name = freeName(dir, names, exportName(station(), nameOf(batchId), clock.nowMs()), format);
      const path = join(dir, name);
      const progress = { fileId, batchId, format };
      let publishedAtMs = clock.monotonicMs();
      names.add(name);
      publishProgress(fileId, { ...progress, runs: 0, totalRuns: own.reportRuns.getExtent(batchId).runs });
      const onProgress = (runs: number, totalRuns: number): void => {
        if (clock.monotonicMs() - publishedAtMs < PROGRESS_INTERVAL_MS) return;
        publishedAtMs = clock.monotonicMs();
        publishProgress(fileId, { ...progress, runs, totalRuns });
      };
      try {
        makeDir(dir);
        const written = await reader.read(
          (database, readSignal) =>
            writeRunReport(database, batchId, path, { format, csv, signal: readSignal, onProgress }),
          signal,
        );
        files.set(fileId, { path, name, type: TYPES[format] });
        downloadedAtMs.set(name, clock.monotonicMs());
        sweep();
        log.info('report.exported', { batchId, name, ...written });
        return { fileId, name, ...written };
      } finally {
        names.delete(name);
        publishProgress(fileId, null);
      }
    },
    file(fileId) {
      const file = files.get(fileId) ?? null;
      if (file !== null) downloadedAtMs.set(file.name, clock.monotonicMs());
      return file;
    },
    async close() {
      closing.abort();
      await reader.close();
      await sweeps.whenIdle();
    },
  };
}

/** Deletes incomplete files of an interrupted station. */
function removeUnfinished(dir: string): void {
  if (!existsSync(dir)) return;
  for (const name of readdirSync(dir))
    if (name.endsWith(TEMPORARY_ENDING)) rmSync(join(dir, name), { force: true });
}

function freeName(dir: string, taken: ReadonlySet<string>, base: string, ending: string): string {
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? `${base}.${ending}` : `${base}-${n}.${ending}`;
    if (!taken.has(name) && !existsSync(join(dir, name))) return name;
  }
}
