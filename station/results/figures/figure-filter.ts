import { OUTCOMES } from '#shared/domain/outcome.ts';
import { isStationOutcome, type YieldFilter } from '#shared/domain/yield/index.ts';
import type {
  BatchFact,
  FigureRange,
  OriginRow,
  ReadableDatabase,
  RunFact,
  TimeRange,
} from '../../core/database/index.ts';
import { type FirstRun, HOUR_MS } from './fact-delta.ts';

/** A filter by run, as figures are read with it. Whole hours come from cells, the rest of the time from facts of runs. */
export interface FigureFilter {
  /** True when it leaves no run of the batch out. */
  readonly isWhole: boolean;
  /** Runs that the station ended (ERROR, ABORTED) are ignored. */
  readonly tested: boolean;
  readonly range: FigureRange;
  readonly fromMs: number;
  /** Not included. */
  readonly toMs: number;
  readonly fromHour: number;
  /** Not included; not after `fromHour` when there is no whole hour. */
  readonly toHour: number;
  /** Parts of hours. */
  readonly edges: readonly { readonly fromMs: number; readonly toMs: number }[];
  matches(run: Pick<FirstRun, 'origin' | 'slot' | 'startedAtMs'>): boolean;
}

/** Before and after every time of a run, in whole hours. */
const END_MS = 8_640_000_000_000_000;

export function toFigureFilter(
  database: ReadableDatabase,
  batch: number,
  filter: YieldFilter,
  origins: ReadonlyMap<number, OriginRow>,
): FigureFilter {
  const { fromMs = -END_MS, toMs = END_MS, slot = null } = filter;
  const wanted = originsOf(database, filter, origins);
  const set = wanted === null ? null : new Set(wanted);
  const [fromHour, toHour] = [Math.ceil(fromMs / HOUR_MS), Math.floor(toMs / HOUR_MS)];
  return {
    isWhole: filter.fromMs === undefined && filter.toMs === undefined && slot === null && wanted === null,
    tested: filter.stationErrors === false,
    range: { batch, slot, origins: wanted },
    fromMs,
    toMs,
    fromHour,
    toHour,
    edges:
      fromHour > toHour
        ? [{ fromMs, toMs }]
        : [
            { fromMs, toMs: fromHour * HOUR_MS },
            { fromMs: toHour * HOUR_MS, toMs },
          ].filter((edge) => edge.fromMs < edge.toMs),
    matches: (run) =>
      (slot === null || run.slot === slot) &&
      (set === null || set.has(run.origin)) &&
      run.startedAtMs >= fromMs &&
      run.startedAtMs < toMs,
  };
}

/** True for a run that is counted. */
export function isCounted(filter: FigureFilter, run: RunFact): boolean {
  return filter.matches(run) && !(filter.tested && isEndedByStation(run));
}

/** True for a run that ended ERROR or ABORTED. */
export function isEndedByStation({ outcome }: Pick<RunFact, 'outcome'>): boolean {
  const name = OUTCOMES[outcome];
  return name !== undefined && isStationOutcome(name);
}

/** The runs of a batch in a part of the time. The cells of its hours say in which rows they are, whatever the clock did. */
export function timeRange(
  { figures }: ReadableDatabase,
  { range }: FigureFilter,
  { lastRow: endRow }: BatchFact,
  { fromMs, toMs }: Pick<FigureFilter, 'fromMs' | 'toMs'>,
): TimeRange {
  const rows = figures.findRows(range.batch, Math.floor(fromMs / HOUR_MS), Math.floor(toMs / HOUR_MS));
  return { ...range, ...(rows ?? { firstRow: 1, lastRow: 0 }), endRow, fromMs, toMs };
}

const HASH_DIGITS = 8;

/** The numbers of the matching origins; `null` when all match. */
function originsOf(
  { batches }: ReadableDatabase,
  { station, operator, recipe }: YieldFilter,
  origins: ReadonlyMap<number, OriginRow>,
): number[] | null {
  if (station === undefined && operator === undefined && recipe === undefined) return null;
  const isRecipe = (hash: string): boolean =>
    recipe === undefined ||
    batches.getRecipeName(hash).version === recipe ||
    (recipe.length >= HASH_DIGITS && hash.startsWith(recipe.toLowerCase()));
  return [...origins.values()].flatMap((row) =>
    (station === undefined || row.station === station) &&
    (operator === undefined || row.operator === operator) &&
    isRecipe(row.recipeHash)
      ? [row.origin]
      : [],
  );
}
