import { basename } from 'node:path';
import {
  type ForeignColumnMap,
  type ForeignImport,
  type ForeignPreview,
  type ImportsState,
  REJECTED_RUNS_LISTED,
} from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { ForeignKind } from '#shared/domain/foreign-run.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { Clock } from '../../core/platform/index.ts';
import type { UploadStore } from '../../core/uploads/index.ts';
import type { ForeignRuns } from './foreign-runs.ts';
import type { RunImportOptions, RunImportReport } from './import-runs.ts';
import { openRunSource } from './open-source.ts';

const PROGRESS_INTERVAL_MS = 250;
const MAX_EXAMPLES = 5;

export interface UploadedRunFile {
  readonly fileId: string;
  readonly map?: ForeignColumnMap | undefined;
  readonly values?: readonly string[] | undefined;
  readonly timeFormat?: string | undefined;
  readonly zone?: string | undefined;
  readonly decimal?: '.' | ',' | undefined;
  readonly kind?: ForeignKind | undefined;
  readonly station?: string | undefined;
  readonly batch?: string | undefined;
}

export interface UploadedRunsOptions {
  readonly foreignRuns: ForeignRuns;
  readonly uploads: UploadStore;
  readonly clock: Clock;
  readonly publish: (state: ImportsState) => void;
}

type Running = ImportsState['running'][number];

/** Imports of uploaded files of runs. Only the user who uploaded a file can use it. */
export class UploadedRuns {
  readonly #options: UploadedRunsOptions;
  readonly #running = new Set<Running>();

  constructor(options: UploadedRunsOptions) {
    this.#options = options;
  }

  /** Missing columns are part of the result. Other faults: `not-found`, those of `ForeignRuns.import`. */
  async preview(file: UploadedRunFile, by: Actor, signal: AbortSignal): Promise<ForeignPreview> {
    const examples: ForeignPreview['examples'] = [];
    const found: { header: readonly string[] | null } = { header: null };
    const options: RunImportOptions = {
      dryRun: true,
      skipBad: true,
      onHeader: (header) => (found.header = header),
      onNew({ serialNumber, outcome, startedAtMs, station }) {
        if (examples.length < MAX_EXAMPLES) examples.push({ serialNumber, outcome, startedAtMs, station });
      },
    };
    const read = this.#reading('preview', file, by, options, signal);
    const result = (
      report: Partial<RunImportReport> & Pick<RunImportReport, 'kind' | 'name'>,
      problem: Fault | null,
    ): ForeignPreview => ({
      fileName: report.name,
      kind: report.kind,
      header: found.header === null ? null : [...found.header],
      problem: problem?.toView() ?? null,
      good: report.added ?? 0,
      ...countsOf(report),
      examples,
    });
    try {
      return result(await read, null);
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'csv-invalid' || found.header === null) throw error;
      return result(
        { kind: 'csv', name: basename(this.#options.uploads.pathOf(file.fileId, by.user)) },
        error,
      );
    }
  }

  /** The file is deleted when runs were imported. Faults: `not-found`, those of `ForeignRuns.import`. */
  async import(
    { skipBad, ...file }: UploadedRunFile & { readonly skipBad?: boolean | undefined },
    by: Actor,
    signal: AbortSignal,
  ): Promise<ForeignImport> {
    const report = await this.#reading('import', file, by, { skipBad }, signal);
    if (report.added > 0) this.discard(file.fileId, by);
    const { name, sourceId, added } = report;
    return { kind: report.kind, name, sourceId, added, ...countsOf(report) };
  }

  /** Faults: `not-found`. */
  discard(fileId: string, by: Actor): void {
    this.#options.uploads.take([fileId], by.user)[Symbol.dispose]();
  }

  /** Reads a file and publishes the progress. */
  async #reading(
    kind: Running['kind'],
    { fileId, kind: format, ...file }: UploadedRunFile,
    by: Actor,
    options: RunImportOptions,
    signal: AbortSignal,
  ): Promise<RunImportReport> {
    const { uploads, foreignRuns, clock } = this.#options;
    const { map = {}, values = [], timeFormat = 'iso', zone = 'UTC', decimal = '.' } = file;
    const { station = '', batch = '' } = file;
    const csv = { map, values, time: { format: timeFormat, zone }, decimal, station, batch };
    const source = await openRunSource(uploads.pathOf(fileId, by.user), { kind: format, csv });
    let current: Running = { fileId, kind, rows: 0 };
    let publishedAtMs = clock.monotonicMs();
    const show = (next: Running | null): void => {
      this.#running.delete(current);
      if (next !== null) this.#running.add((current = next));
      this.#options.publish({ running: [...this.#running] });
    };
    show(current);
    const onProgress = (_stage: string, rows: number): void => {
      if (clock.monotonicMs() - publishedAtMs < PROGRESS_INTERVAL_MS) return;
      publishedAtMs = clock.monotonicMs();
      show({ fileId, kind, rows });
    };
    try {
      return await foreignRuns.import(source, { ...options, onProgress }, by, signal);
    } finally {
      show(null);
    }
  }
}

function countsOf({
  rows = 0,
  doubles = 0,
  unfinished = 0,
  rejectedRows = 0,
  rejected = [],
}: Partial<RunImportReport>) {
  return {
    rows,
    doubles,
    unfinished,
    rejected: rejectedRows,
    rejectedRows: rejected.slice(0, REJECTED_RUNS_LISTED),
  };
}
