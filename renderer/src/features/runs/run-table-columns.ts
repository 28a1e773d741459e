import { type FoundRun, RUN_COLUMNS, type RunColumn } from '#shared/contract/index.ts';
import type { Translator } from '#services/i18n/index.ts';
import { shownId } from '#services/i18n/unit-id.ts';
import type { TableColumn } from '#ui/index.ts';
import type { FilterNames } from './filter-chips.ts';

/** The columns of a list of runs until the user chooses others. */
export const DEFAULT_COLUMNS: readonly RunColumn[] = [
  'outcome',
  'startedAt',
  'serialNumber',
  'failure',
  'failureStep',
  'batch',
  'slot',
  'durationMs',
];

/** Columns that this version has, each once, in their order. */
export const knownColumns = (names: readonly unknown[]): RunColumn[] =>
  [...new Set(names)].filter((name): name is RunColumn => RUN_COLUMNS.includes(name as RunColumn));

const MONO: readonly RunColumn[] = ['serialNumber', 'unitId', 'deviceName', 'runId'];
const AT_THE_END: readonly RunColumn[] = ['slot', 'durationMs'];
/** Columns whose text goes on in the next line. */
const WRAPPED: readonly RunColumn[] = ['failure', 'failureStep', 'failureMessage'];

/** The chosen columns of a table of runs. Its rows have the order of the station and are not sorted here. */
export function tableColumns(
  chosen: readonly RunColumn[],
  placeName: FilterNames['place'],
  i18n: Translator,
): TableColumn<FoundRun>[] {
  return chosen.map((key) => ({
    key,
    title: i18n.t(`runs.column.${key}`),
    text: (run) => textOf(key, run, placeName, i18n) ?? '—',
    mono: MONO.includes(key),
    wrap: WRAPPED.includes(key),
    align: AT_THE_END.includes(key) ? 'end' : 'start',
  }));
}

function textOf(
  column: RunColumn,
  run: FoundRun,
  placeName: FilterNames['place'],
  i18n: Translator,
): string | null {
  const { failure, finishedAtMs, startedAtMs, recipe } = run;
  switch (column) {
    case 'startedAt':
      return timeOf(startedAtMs, i18n);
    case 'finishedAt':
      return finishedAtMs === null ? null : timeOf(finishedAtMs, i18n);
    case 'durationMs':
      return finishedAtMs === null ? null : i18n.duration(finishedAtMs - startedAtMs);
    case 'outcome':
      return run.outcome === null ? i18n.t('slot.running') : i18n.t(`outcome.${run.outcome}`);
    case 'failure':
      return failure === null ? null : i18n.faultName(failure.code, failure.details);
    case 'failureStep':
      return failure === null ? null : placeName(failure);
    case 'failureMessage':
      return failure === null
        ? null
        : (i18n.failureDetails(failure.code, failure.details) ?? failure.message);
    case 'unitId':
      return shownId(run)?.text ?? null;
    case 'batch':
      return run.batchName;
    case 'recipe':
      return `${recipe.name} ${recipe.version}`;
    case 'slot':
      return String(run.slot);
    case 'serialNumber':
    case 'deviceName':
    case 'operator':
    case 'station':
    case 'runId':
      return run[column];
  }
}

/** Without the year when it is this year. */
const timeOf = (atMs: number, i18n: Translator): string =>
  new Date(atMs).getFullYear() === new Date().getFullYear() ? i18n.dateTime(atMs) : i18n.timestamp(atMs);
