import { basename } from 'node:path';
import {
  type ImportsState,
  REJECTED_LISTED,
  type TripleColumnMap,
  type TripleImport,
  type TriplePreview,
} from '#shared/contract/index.ts';
import type { CsvShape } from '#shared/codec/csv/index.ts';
import { maskSecret } from '#shared/codec/mask.ts';
import { Fault } from '#shared/domain/fault.ts';
import { DEVICE_SECRET, formatChipId } from '#shared/domain/triple.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { UploadStore } from '../../core/uploads/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import { INCOMPLETE_RESTORE } from '../after-restore.ts';
import { recognizedColumns, type TripleFileShape } from '../import/index.ts';
import type { ImportOptions, ImportReport, Pool } from './pool.ts';

const PROGRESS_INTERVAL_MS = 250;
const MAX_EXAMPLES = 5;
/** A longer name of base64 characters may be a secret and is masked. */
const SECRET_LENGTH = 20;

export interface TripleFileRequest {
  readonly fileId: string;
  readonly productId?: string | undefined;
  readonly map?: TripleColumnMap | undefined;
  readonly bind?: boolean | undefined;
}

/** Imports of uploaded files. Only the user who uploaded a file can use it. */
export interface TripleFiles {
  /** Missing or ambiguous columns are part of the result. Other faults: `not-found`, those of `Pool.importCsv`. */
  preview(order: TripleFileRequest, by: Actor, signal: AbortSignal): Promise<TriplePreview>;
  /** The file is deleted when rows were imported. Faults: `not-found`, those of `Pool.importCsv`. */
  import(
    order: TripleFileRequest & {
      readonly skipBad?: boolean | undefined;
      readonly neverUsed?: boolean | undefined;
    },
    by: Actor,
    signal: AbortSignal,
  ): Promise<TripleImport>;
  /** Faults: `not-found`. */
  discard(fileId: string, by: Actor): void;
  /** Aborts imports and waits until they have ended. */
  close(): Promise<void>;
}

export interface TripleFilesOptions {
  readonly pool: Pool;
  readonly uploads: UploadStore;
  readonly database: WritableDatabase;
  readonly platform: Platform;
  readonly publish: (state: ImportsState) => void;
}

type Running = ImportsState['running'][number];

export function createTripleFiles({
  pool,
  uploads,
  database,
  platform,
  publish,
}: TripleFilesOptions): TripleFiles {
  const { clock } = platform;
  const running = new Set<Running>();
  const closing = new AbortController();
  const readings = new Set<Promise<unknown>>();
  const publishRunning = (): void => publish({ running: [...running] });

  /** Reads a file through the pool and publishes the progress. */
  async function read(
    kind: Running['kind'],
    { fileId, productId, map, bind }: TripleFileRequest,
    by: Actor,
    options: ImportOptions,
    signal: AbortSignal,
  ): Promise<ImportReport> {
    const path = uploads.pathOf(fileId, by.user);
    let current: Running = { fileId, kind, rows: 0 };
    let publishedAtMs = clock.monotonicMs();
    running.add(current);
    publishRunning();
    const onProgress = (rows: number): void => {
      if (clock.monotonicMs() - publishedAtMs < PROGRESS_INTERVAL_MS) return;
      publishedAtMs = clock.monotonicMs();
      running.delete(current);
      running.add((current = { fileId, kind, rows }));
      publishRunning();
    };
    try {
      const importOptions = { ...options, defaultProductId: productId, map, bind, onProgress };
      const reading = pool.importCsv(path, importOptions, by, AbortSignal.any([signal, closing.signal]));
      readings.add(reading);
      return await reading.finally(() => readings.delete(reading));
    } finally {
      running.delete(current);
      publishRunning();
    }
  }

  return {
    async preview(order, by, signal) {
      const fileName = basename(uploads.pathOf(order.fileId, by.user));
      const products = new Map<number, string>();
      const names: TriplePreview['examples'] = [];
      let header: CsvShape | null = null;
      let shape: TripleFileShape | null = null;
      const options: ImportOptions = {
        dryRun: true,
        skipBad: true,
        onHeader: (found) => (header = found),
        onShape: (found) => (shape = found),
        onName({ productId, deviceName, boundMac, boundSerial }, line) {
          products.set(line, productId);
          // Rows that the ledger has already are no examples; they are known only at the end.
          if (names.length >= MAX_EXAMPLES * 20) return;
          const unit = boundMac === null ? boundSerial : formatChipId(boundMac);
          names.push({
            line,
            productId,
            deviceName: maskIfSecret(deviceName),
            unit: unit === null ? null : maskIfSecret(unit),
          });
        },
      };
      const restoredAt = database.meta.get(INCOMPLETE_RESTORE);
      const result = (report: ImportReport | null, problem: Fault | null): TriplePreview => {
        const bad = new Set(report?.rejected.map(({ line }) => line));
        for (const line of bad) products.delete(line);
        return {
          fileName,
          ...toShape(header, shape),
          problem: problem?.toView() ?? null,
          rows: report?.rows ?? 0,
          good: report?.added ?? 0,
          products: countOf(products.values()),
          notes: report?.notes.map((note) => note) ?? [],
          ...toRejected(report),
          examples: names.filter(({ line }) => !bad.has(line)).slice(0, MAX_EXAMPLES),
          restoredAtMs: restoredAt === null ? null : Number(restoredAt),
        };
      };
      try {
        return result(await read('preview', order, by, options, signal), null);
      } catch (error) {
        const columns = error instanceof Fault && error.code === 'csv-invalid' && header !== null;
        if (!columns || shape !== null) throw error;
        return result(null, error);
      }
    },
    async import({ skipBad, neverUsed, ...order }, by, signal) {
      const report = await read('import', order, by, { skipBad, neverUsed }, signal);
      if (report.added > 0) uploads.take([order.fileId], by.user)[Symbol.dispose]();
      const { rows, added, skipped } = report;
      return { rows, added, skipped, ...toRejected(report) };
    },
    discard(fileId, by) {
      uploads.take([fileId], by.user)[Symbol.dispose]();
    },
    async close() {
      closing.abort(new Fault('cancelled', 'the station was closed'));
      await Promise.allSettled(readings);
    },
  };
}

function toShape(
  found: CsvShape | null,
  shape: TripleFileShape | null,
): Pick<TriplePreview, 'delimiter' | 'header' | 'columns' | 'recognized'> {
  if (found === null) throw new Error('a file that was read has a header');
  const { delimiter } = found;
  const header = [...found.header];
  const recognized = recognizedColumns(header);
  if (shape === null) return { delimiter, header, columns: null, recognized };
  const { deviceName: dn, secret, product, mac, serial } = shape.columns;
  return { delimiter, header, columns: { dn, secret, product, mac, serial }, recognized };
}

function toRejected(report: ImportReport | null): Pick<TripleImport, 'rejected' | 'rejectedRows'> {
  const rejected = report?.rejected ?? [];
  return {
    rejected: rejected.length,
    rejectedRows: rejected.slice(0, REJECTED_LISTED).map((row) => ({ ...row })),
  };
}

function countOf(products: Iterable<string>): TriplePreview['products'] {
  const counts = new Map<string, number>();
  for (const productId of products) counts.set(productId, (counts.get(productId) ?? 0) + 1);
  return [...counts]
    .map(([productId, triples]) => ({ productId, triples }))
    .sort((a, b) => (a.productId < b.productId ? -1 : 1));
}

/** Masks a name that may be a secret, because columns may be swapped. */
function maskIfSecret(deviceName: string): string {
  return deviceName.length >= SECRET_LENGTH && DEVICE_SECRET.test(deviceName)
    ? maskSecret(deviceName)
    : deviceName;
}
