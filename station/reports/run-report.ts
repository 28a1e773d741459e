import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type CsvCell, encodeCsv } from '#shared/codec/csv/index.ts';
import { formatChipId } from '#shared/domain/triple.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { RunRow, Store } from '../store/index.ts';

const HEADER = [
  'run', 'batch', 'serial number', 'MAC', 'ProductId', 'DeviceName', 'outcome', 'failure', 'phase', 'step', 'message',
  'read-back', 'online', 'started', 'finished', 'ms', 'slot', 'station', 'operator', 'recipe hash', 'app version',
]; // prettier-ignore

/**
 * The runs of a batch as CSV that Excel opens (BOM, formulas neutralised), oldest first, streamed and written whole
 * or not at all. Returns the number of runs. Faults: `file-missing`, `file-denied`, `disk-full`.
 */
export async function writeRunReport(
  store: Store,
  batchId: string,
  file: string,
  signal: AbortSignal,
): Promise<number> {
  const temporary = `${file}.${process.pid}.part`;
  let runs = 0;
  function* rows(): Generator<CsvCell[]> {
    yield HEADER;
    for (const run of store.runs.inOrder(batchId)) {
      runs += 1;
      yield toRow(run, store.batches.byId(run.batchId)?.name ?? run.batchId);
    }
  }
  try {
    await pipeline(
      Readable.from(encodeCsv(rows(), { bom: true })),
      createWriteStream(temporary, { flags: 'w', flush: true }),
      { signal },
    );
    await rename(temporary, file);
    return runs;
  } catch (cause) {
    await rm(temporary, { force: true });
    throw asFileFault(cause, file);
  }
}

function toRow(run: RunRow, batch: string): CsvCell[] {
  const iso = (ms: number | null): string => (ms === null ? '' : new Date(ms).toISOString());
  return [
    run.runId,
    batch,
    run.serialNumber,
    run.chipId === null ? null : formatChipId(run.chipId),
    run.productId,
    run.deviceName,
    run.outcome ?? 'running',
    run.failure?.code,
    run.failure?.phase,
    run.failure?.step,
    run.failure?.message,
    run.proof?.readBack,
    run.proof?.online,
    iso(run.startedAt),
    iso(run.finishedAt),
    run.finishedAt === null ? null : run.finishedAt - run.startedAt,
    run.slot,
    run.station,
    run.operator,
    run.recipeHash,
    run.appVersion,
  ];
}

function asFileFault(error: unknown, file: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOENT')
    return new Fault('file-missing', `the folder of ${file} does not exist`, {
      hint: 'Make it, or name another.',
    });
  if (code === 'ENOSPC')
    return new Fault('disk-full', `no space to write ${file}`, { hint: 'Free space and export again.' });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'EISDIR') {
    return new Fault('file-denied', `${file} cannot be written`, {
      hint: 'Choose a folder this user may write to.',
    });
  }
  return error;
}
