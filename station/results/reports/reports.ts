import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeDir, TEMPORARY_ENDING } from '#node-kit/files/index.ts';
import { Sequencer } from '#node-kit/async/index.ts';
import {
  type CsvForm,
  type ExportsState,
  type PdfForm,
  REPORT_FORMS,
  type ReportFormat,
} from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Log, Platform } from '../../core/platform/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { RemovalGuard, RetentionLimits } from '../../core/retention/index.ts';
import type { RecipeTitles } from '../runs/index.ts';
import { exportName, freeExportName } from './export-name.ts';
import { sweepExports } from './sweep-exports.ts';
import { findUnitRuns } from './find-unit-runs.ts';
import { MANIFEST_ENDING, manifestFileOf } from './manifest.ts';
import type { ReportRequest, RequestedRuns } from './report-request.ts';
import { createReportWriter, type ReportWriter } from './report-writer.ts';
import type { ReportOptions, WrittenReport } from './write-report.ts';

const PROGRESS_INTERVAL_MS = 250;
/** Of the records that are read: less says nothing about the time that is left. */
const MIN_SHARE = 0.02;
const MANIFEST_TYPE = 'application/json; charset=utf-8';

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
  /** Version of the program, for manifests. */
  readonly appVersion?: string | undefined;
  /** Default `EXPORT_LIMITS`. */
  readonly limits?: RetentionLimits | undefined;
}

type Exported = Omit<WrittenReport, 'rows'> & {
  readonly fileId: string;
  readonly name: string;
  readonly manifestId: string;
};
type Running = ExportsState['running'][number];

/** Exports of batches to files, in the background of the station. */
export class Reports {
  readonly #options: ReportsOptions;
  readonly #dir: string;
  readonly #writer: ReportWriter;
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
    this.#writer = createReportWriter(dataDir);
    removeUnfinished(this.#dir, options.platform.log);
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
    // They are counted by the thread that writes.
    const about = { batchId, format, totalRuns: null };
    const recipeHash = this.#options.database.batches.findById(batchId)?.recipeHash;
    const titles = recipeHash === undefined ? {} : this.#options.recipeTitles([recipeHash]);
    const forms = format === 'pdf' ? { pdf: { ...pdf, titles } } : { csv };
    return this.#write({ kind: 'batch', batchId }, about, batchName, forms, signal);
  }

  /** Writes the runs of one unit, as `export`. Faults: those of `findUnitRuns`, of `makeDir` and of `writeReport`. */
  async exportUnit(
    unit: string,
    format: ReportFormat,
    csv: CsvForm | undefined,
    signal: AbortSignal,
  ): Promise<Exported> {
    const subject = findUnitRuns(this.#options.database, unit);
    const about = { batchId: null, format, totalRuns: subject.runIds.length };
    return this.#write(subject, about, subject.name, { csv }, signal);
  }

  /** Writes the runs that match a filter, as `export`. Faults: those of `makeDir` and of `writeReport`. */
  exportRuns(
    content: RequestedRuns,
    format: ReportFormat,
    csv: CsvForm | undefined,
    signal: AbortSignal,
  ): Promise<Exported> {
    const about = { batchId: null, format, totalRuns: null };
    const nowMs = this.#options.platform.clock.nowMs();
    return this.#write({ kind: 'runs', ...content, nowMs }, about, 'runs', { csv }, signal);
  }

  async #write(
    request: ReportRequest,
    about: Pick<Running, 'batchId' | 'format' | 'totalRuns'>,
    title: string,
    forms: Pick<ReportOptions, 'csv' | 'pdf'>,
    signal: AbortSignal,
  ): Promise<Exported> {
    const { platform, station, appVersion } = this.#options;
    const { clock, random, log } = platform;
    const { batchId, format } = about;
    const newId = (): string => Buffer.from(random.bytes(16)).toString('hex');
    const [fileId, manifestId] = [newId(), newId()];
    const base = exportName(station(), title, clock.nowMs());
    const name = freeExportName(this.#dir, this.#names, base, REPORT_FORMS[format].ending);
    const path = join(this.#dir, name);
    this.#names.add(name);
    const onProgress = this.#progressOf(fileId, about);
    try {
      makeDir(this.#dir);
      const { runs, bytes, sha256 } = await this.#writer.write(request, path, {
        format,
        ...forms,
        appVersion,
        signal,
        onProgress,
      });
      this.#files.set(fileId, { path, name, type: REPORT_FORMS[format].mediaType });
      const manifest = { path: manifestFileOf(path), name: manifestFileOf(name), type: MANIFEST_TYPE };
      this.#files.set(manifestId, manifest);
      this.#downloadedAtMs.set(name, clock.monotonicMs());
      this.#sweep();
      log.info('report.exported', { batchId, name, runs, bytes });
      return { fileId, manifestId, name, runs, bytes, sha256 };
    } finally {
      this.#names.delete(name);
      this.#publishProgress(fileId, null);
    }
  }

  /** Publishes the beginning of an export, and returns the function that publishes its progress a few times a second. */
  #progressOf(
    fileId: string,
    about: Pick<Running, 'batchId' | 'format' | 'totalRuns'>,
  ): (runs: number, totalRuns: number | null, share: number) => void {
    const { clock } = this.#options.platform;
    const beganAtMs = clock.monotonicMs();
    let publishedAtMs = beganAtMs;
    this.#publishProgress(fileId, { fileId, ...about, runs: 0, share: 0, leftMs: null });
    return (runs, totalRuns, share) => {
      const nowMs = clock.monotonicMs();
      if (nowMs - publishedAtMs < PROGRESS_INTERVAL_MS) return;
      publishedAtMs = nowMs;
      const leftMs = share < MIN_SHARE ? null : ((nowMs - beganAtMs) * (1 - share)) / share;
      this.#publishProgress(fileId, { fileId, ...about, totalRuns, runs, share, leftMs });
    };
  }

  /** An export since the start of the station, by its id. */
  file(fileId: string): ExportedFile | null {
    const file = this.#files.get(fileId) ?? null;
    if (file !== null)
      this.#downloadedAtMs.set(reportNameOf(file.name), this.#options.platform.clock.monotonicMs());
    return file;
  }

  /** Aborts exports and waits until they have ended. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#writer.close();
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

/** The name of a report, also by that of its manifest. */
function reportNameOf(name: string): string {
  return name.endsWith(MANIFEST_ENDING) ? name.slice(0, -MANIFEST_ENDING.length) : name;
}

/** Deletes what an interrupted station left: incomplete files, and manifests whose file did not get its name. */
function removeUnfinished(dir: string, log: Log): void {
  if (!existsSync(dir)) return;
  for (const name of readdirSync(dir)) {
    const isLeft =
      name.endsWith(TEMPORARY_ENDING) ||
      (name.endsWith(MANIFEST_ENDING) && !existsSync(join(dir, name.slice(0, -MANIFEST_ENDING.length))));
    if (!isLeft) continue;
    rmSync(join(dir, name), { force: true });
    log.warn('export.unfinished', { name });
  }
}
