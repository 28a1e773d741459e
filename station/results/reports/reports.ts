import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeDir, TEMPORARY_ENDING } from '#node-kit/files/index.ts';
import { Sequencer } from '#node-kit/async/index.ts';
import {
  type CsvForm,
  type ExportsState,
  REPORT_FORMS,
  type PdfForm,
  type ReportFormat,
  type RunFilter,
} from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { createBackgroundReader, type BackgroundReader } from '../../core/background-reads/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { RemovalGuard, RetentionLimits } from '../../core/retention/index.ts';
import { fixRunFilter } from '../figures/index.ts';
import type { RecipeTitles } from '../runs/index.ts';
import { exportName, freeExportName } from './export-name.ts';
import { sweepExports } from './sweep-exports.ts';
import type { RunListContent } from './report-form.ts';
import { writeReport, type WrittenReport } from './write-report.ts';

const PROGRESS_INTERVAL_MS = 250;

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
  readonly recipeTitles: RecipeTitles;
  readonly publish: (state: ExportsState) => void;
  /** Decides whether the clock is trusted for deleting old files. */
  readonly removalGuard: Pick<RemovalGuard, 'mayRemove'>;
  /** Default `EXPORT_LIMITS`. */
  readonly limits?: RetentionLimits | undefined;
}

type Exported = WrittenReport & { readonly fileId: string; readonly name: string };
type Running = ExportsState['running'][number];

/** Exports of batches to files, in the background of the station. */
export class Reports {
  readonly #options: ReportsOptions;
  readonly #dir: string;
  readonly #reader: BackgroundReader;
  readonly #closing = new AbortController();
  readonly #sweeps = new Sequencer();
  readonly #files = new Map<string, ExportedFile>();
  readonly #running = new Map<string, Running>();
  readonly #names = new Set<string>();
  /** By name: the last start of a download. */
  readonly #downloadedAtMs = new Map<string, number>();

  constructor(options: ReportsOptions) {
    const { dataDir } = options.platform.paths;
    this.#options = options;
    this.#dir = join(dataDir, 'exports');
    this.#reader = createBackgroundReader(dataDir);
    removeUnfinished(this.#dir);
    this.#sweep();
  }

  /** Writes to `exports/` of the data directory. Faults: `batch-missing`, those of `makeDir` and of `writeReport`. */
  export(
    batchId: string,
    format: ReportFormat,
    { csv, pdf }: { readonly csv?: CsvForm | undefined; readonly pdf?: PdfForm | undefined } = {},
    signal: AbortSignal,
  ): Promise<Exported> {
    const batchName = this.#batchName(batchId);
    const { runs: totalRuns } = this.#options.database.reportRuns.getExtent(batchId);
    return this.#write({ batchId, batchName, format, totalRuns }, signal, (path, readSignal, onProgress) =>
      this.#reader.read(
        (database, ownSignal) =>
          writeReport(database, { kind: 'batch', batchId }, path, {
            format,
            csv,
            pdf: { ...pdf, recipeTitles: this.#options.recipeTitles },
            signal: ownSignal,
            onProgress,
          }),
        readSignal,
      ),
    );
  }

  /** Writes the runs that match a filter, as `export`. Faults: those of `makeDir` and of `writeReport`. */
  exportRuns(
    { filter, ...content }: Omit<RunListContent, 'filter'> & { readonly filter: RunFilter },
    format: ReportFormat,
    csv: CsvForm | undefined,
    signal: AbortSignal,
  ): Promise<Exported> {
    const about = { batchId: null, batchName: 'runs', format, totalRuns: null };
    return this.#write(about, signal, (path, readSignal, onProgress) =>
      this.#reader.read((database, ownSignal) => {
        const nowMs = this.#options.platform.clock.nowMs();
        const fixed = fixRunFilter(database, filter, nowMs);
        return writeReport(database, { kind: 'runs', ...content, filter: fixed }, path, {
          format,
          csv,
          signal: ownSignal,
          onProgress,
        });
      }, readSignal),
    );
  }

  async #write(
    {
      batchName,
      totalRuns,
      ...about
    }: Pick<Running, 'batchId' | 'format' | 'totalRuns'> & { batchName: string },
    signal: AbortSignal,
    write: (
      path: string,
      signal: AbortSignal,
      onProgress: (runs: number, totalRuns: number | null) => void,
    ) => Promise<WrittenReport>,
  ): Promise<Exported> {
    const { platform, station } = this.#options;
    const { clock, random, log } = platform;
    const { batchId, format } = about;
    const fileId = Buffer.from(random.bytes(16)).toString('hex');
    const base = exportName(station(), batchName, clock.nowMs());
    const name = freeExportName(this.#dir, this.#names, base, REPORT_FORMS[format].ending);
    const path = join(this.#dir, name);
    const progress = { fileId, ...about };
    let publishedAtMs = clock.monotonicMs();
    this.#names.add(name);
    this.#publishProgress(fileId, { ...progress, runs: 0, totalRuns });
    const onProgress = (runs: number, total: number | null): void => {
      if (clock.monotonicMs() - publishedAtMs < PROGRESS_INTERVAL_MS) return;
      publishedAtMs = clock.monotonicMs();
      this.#publishProgress(fileId, { ...progress, runs, totalRuns: total });
    };
    try {
      makeDir(this.#dir);
      const written = await write(path, signal, onProgress);
      this.#files.set(fileId, { path, name, type: REPORT_FORMS[format].mediaType });
      this.#downloadedAtMs.set(name, clock.monotonicMs());
      this.#sweep();
      log.info('report.exported', { batchId, name, ...written });
      return { fileId, name, ...written };
    } finally {
      this.#names.delete(name);
      this.#publishProgress(fileId, null);
    }
  }

  /** An export since the start of the station, by its id. */
  file(fileId: string): ExportedFile | null {
    const file = this.#files.get(fileId) ?? null;
    if (file !== null) this.#downloadedAtMs.set(file.name, this.#options.platform.clock.monotonicMs());
    return file;
  }

  /** Aborts exports and waits until they have ended. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#reader.close();
    await this.#sweeps.whenIdle();
  }

  /** Sweeps in the background, one sweep after the other. */
  #sweep(): void {
    const { platform, limits, removalGuard } = this.#options;
    const { clock, log } = platform;
    const dir = this.#dir;
    const inUse = (name: string): boolean =>
      this.#names.has(name) ||
      clock.monotonicMs() - (this.#downloadedAtMs.get(name) ?? -Infinity) < IN_USE_MS;
    const mayRemove = (): Promise<boolean> => removalGuard.mayRemove('exports', this.#closing.signal);
    void this.#sweeps.run(() => sweepExports({ dir, log, nowMs: clock.nowMs(), inUse, limits, mayRemove }));
  }

  #batchName(batchId: string): string {
    const batch = this.#options.database.batches.findById(batchId);
    if (batch !== null) return batch.name;
    throw new Fault('batch-missing', `there is no batch ${batchId}`, {
      hint: 'List them with "batch list".',
    });
  }

  #publishProgress(fileId: string, progress: Running | null): void {
    if (progress === null) this.#running.delete(fileId);
    else this.#running.set(fileId, progress);
    this.#options.publish({ running: [...this.#running.values()] });
  }
}

/** Deletes incomplete files of an interrupted station. */
function removeUnfinished(dir: string): void {
  if (!existsSync(dir)) return;
  for (const name of readdirSync(dir))
    if (name.endsWith(TEMPORARY_ENDING)) rmSync(join(dir, name), { force: true });
}
