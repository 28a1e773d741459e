import type { RunColumn } from '#shared/contract/index.ts';
import type { CsvCell } from '#shared/codec/csv/index.ts';
import { passedUnproven } from '#shared/domain/read-back.ts';
import { unitIdOrNull } from '#shared/domain/unit-id.ts';
import type { ReadableDatabase, RunRow } from '../../core/database/index.ts';
import type { ColumnNames } from './report-form.ts';

/** The cells of a list of runs, by column; header and keys have the names that a person gave to columns. */
export interface RunCells {
  readonly columns: readonly CellKey[];
  readonly header: readonly string[];
  /** Names of the cells in a file of objects. */
  readonly keys: readonly string[];
  cellsOf(run: RunRow): CsvCell[];
}

/** A column of the list, or whether the unit passed unproven: it belongs to the outcome, and no choice of columns leaves it out. */
type CellKey = RunColumn | 'unproven';

const HEADERS: Readonly<Record<CellKey, string>> = {
  startedAt: 'started',
  serialNumber: 'serial number',
  unitId: 'unit id',
  outcome: 'outcome',
  unproven: 'unproven',
  failure: 'failure',
  failureStep: 'step',
  failureMessage: 'message',
  deviceName: 'DeviceName',
  batch: 'batch',
  recipe: 'recipe',
  slot: 'slot',
  operator: 'operator',
  station: 'station',
  finishedAt: 'finished',
  durationMs: 'ms',
  runId: 'run',
};

export function createRunCells(
  { batches }: Pick<ReadableDatabase, 'batches'>,
  columns: readonly RunColumn[],
  own: ColumnNames = {},
): RunCells {
  const names = new Map<string, string>();
  const named = (key: string, read: () => string): string => {
    const name = names.get(key) ?? read();
    names.set(key, name);
    return name;
  };
  const iso = (ms: number | null): string => (ms === null ? '' : new Date(ms).toISOString());

  const keys = columns.flatMap((column): CellKey[] =>
    column === 'outcome' ? [column, 'unproven'] : [column],
  );

  function cellOf(run: RunRow, column: CellKey): CsvCell {
    const { failure, finishedAtMs, startedAtMs } = run;
    switch (column) {
      case 'startedAt':
        return iso(startedAtMs);
      case 'finishedAt':
        return iso(finishedAtMs);
      case 'durationMs':
        return finishedAtMs === null ? null : finishedAtMs - startedAtMs;
      case 'unitId':
        return unitIdOrNull(run)?.text;
      case 'outcome':
        return run.outcome ?? 'running';
      case 'unproven':
        return passedUnproven(run) ? 'yes' : null;
      case 'failure':
        return failure?.code;
      case 'failureStep':
        return failure === null
          ? null
          : [failure.phase, failure.step].filter((part) => part !== '').join('.');
      case 'failureMessage':
        return failure?.message;
      case 'batch':
        return named(run.batchId, () => batches.findById(run.batchId)?.name ?? run.batchId);
      case 'recipe':
        return named(run.recipeHash, () => {
          const { name, version } = batches.getRecipeName(run.recipeHash);
          return `${name} ${version}`;
        });
      case 'serialNumber':
      case 'deviceName':
      case 'slot':
      case 'operator':
      case 'station':
      case 'runId':
        return run[column];
    }
  }

  const nameOf = (key: CellKey): string | undefined => (key === 'unproven' ? undefined : own[key]);
  return {
    columns: keys,
    header: keys.map((key) => nameOf(key) ?? HEADERS[key]),
    keys: keys.map((key) => nameOf(key) ?? key),
    cellsOf: (run) => keys.map((column) => cellOf(run, column)),
  };
}
