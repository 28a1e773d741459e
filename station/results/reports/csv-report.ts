import { passedUnproven } from '#shared/domain/read-back.ts';
import type { Yielder } from '#node-kit/async/index.ts';
import type { CsvForm } from '#shared/contract/index.ts';
import { type CsvCell, encodeCsvRow } from '#shared/codec/csv/index.ts';
import { macOrNull, unitIdOrNull } from '#shared/domain/unit-id.ts';
import type { RunRow, ReadableDatabase } from '../../core/database/index.ts';
import { readMeasurementColumns } from './measurement-columns.ts';
import { type Extent, readRuns } from './read-runs.ts';

const HEADER = [
  'run', 'batch', 'serial number', 'MAC', 'ProductId', 'DeviceName', 'outcome', 'failure', 'phase', 'step', 'message',
  'read-back', 'online', 'started', 'finished', 'ms', 'slot', 'station', 'operator', 'recipe hash', 'app version',
  'firmware SHA-256', 'unproven', 'failed measurements',
]; // prettier-ignore

/**
 * One row per run and one column per measurement, the form of spreadsheets, JMP and pandas. A BOM and `spreadsheetText` make
 * Excel show texts as they are. Only the last attempt of a step is included; JSON Lines has all.
 */
export async function* csvReport(
  database: ReadableDatabase,
  extent: Extent,
  yielder: Yielder,
  onRun: () => void,
  form: CsvForm,
): AsyncGenerator<string> {
  const batch = database.batches.findById(extent.batchId)?.name ?? extent.batchId;
  const columns = await readMeasurementColumns(database, extent, HEADER, yielder);
  yield `\uFEFF${encodeCsvRow([...HEADER, ...columns.header], form)}`;
  for await (const whole of readRuns(database, extent, yielder)) {
    yield encodeCsvRow(
      [...toCells(whole.run, batch), columns.failed(whole).join('; '), ...columns.cells(whole)],
      form,
    );
    onRun();
  }
}

function toCells(run: RunRow, batch: string): CsvCell[] {
  const iso = (ms: number | null): string => (ms === null ? '' : new Date(ms).toISOString());
  return [
    run.runId,
    batch,
    run.serialNumber,
    macOrNull(unitIdOrNull(run)),
    run.productId,
    run.deviceName,
    run.outcome ?? 'running',
    run.failure?.code,
    run.failure?.phase,
    run.failure?.step,
    run.failure?.message,
    run.proof?.readBack,
    run.proof?.online,
    iso(run.startedAtMs),
    iso(run.finishedAtMs),
    run.finishedAtMs === null ? null : run.finishedAtMs - run.startedAtMs,
    run.slot,
    run.station,
    run.operator,
    run.recipeHash,
    run.appVersion,
    run.firmwareSha256,
    passedUnproven(run) ? 'yes' : null,
  ];
}
