import type { BatchCounts } from '#shared/contract/index.ts';
import type { ParetoItem, YieldFilter } from '#shared/domain/yield/index.ts';
import { type FigureFilter, isCounted, timeRange, toFigureFilter } from './figure-filter.ts';
import type { FigureSource } from './figure-source.ts';
import type { BatchFigures } from './read-figures.ts';
import { tenthsOf } from './store-facts.ts';

/** The report of a batch, by the same filter as the figures. */
export function toBatchReport(
  source: FigureSource,
  batchId: string,
  { figures, pareto }: BatchFigures,
  yieldFilter: YieldFilter = {},
): BatchCounts {
  const { units, runs, firstPass, lastPass, fpy, lpy } = figures;
  const { database, batch, delta } = source;
  const filter = toFigureFilter(database, batch, yieldFilter, delta.dictionaries.origins.rows);
  return {
    batchId,
    units,
    runs,
    firstPass,
    finalPass: lastPass,
    firstPassYield: fpy,
    finalYield: lpy,
    medianMs: medianOf(source, filter),
    lastRunAtMs: lastRunAtMs(source, filter),
    failures: failuresOf(pareto),
  };
}

/** The causes of failures by step, without measurements. */
export function failuresOf(pareto: readonly ParetoItem[]): BatchCounts['failures'] {
  const failures = new Map<string, BatchCounts['failures'][number]>();
  for (const { code, phase, step, runs, example } of pareto) {
    const key = JSON.stringify([code, phase, step]);
    const existing = failures.get(key);
    if (existing === undefined) failures.set(key, { code, phase, step, runs, example });
    else existing.runs += runs;
  }
  return [...failures.values()].sort((a, b) => b.runs - a.runs);
}

function lastRunAtMs({ database, stored, delta }: FigureSource, filter: FigureFilter): number | null {
  const ends = delta.runs.filter(({ fact }) => isCounted(filter, fact)).map(({ fact }) => fact.finishedAtMs);
  const before =
    stored === null
      ? null
      : filter.isWhole && !filter.tested
        ? stored.lastEndedAtMs
        : database.figures.getLastEndedMs(timeRange(database, filter, stored, filter), filter.tested);
  if (before !== null) ends.push(before);
  return ends.length === 0 ? null : ends.reduce((latest, ms) => Math.max(latest, ms));
}

/** Median duration of the passed runs, ms. */
function medianOf(source: FigureSource, filter: FigureFilter): number | null {
  const { database, stored, delta } = source;
  const added = delta.runs
    .filter(({ fact }) => fact.outcome === 0 && filter.matches(fact))
    .map(({ fact }) => fact.finishedAtMs - fact.startedAtMs);
  const durationsIn = (fromTenths: number, toTenths: number): number[] =>
    stored === null
      ? []
      : database.figures.listDurationsIn(timeRange(database, filter, stored, filter), fromTenths, toTenths);
  if (filter.isWhole) return medianOfWhole(source, added, durationsIn);
  return middle([...durationsIn(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER), ...added], 0);
}

/** From the counts of durations, and the runs of the tenths in the middle. */
function medianOfWhole(
  { database, batch, stored }: FigureSource,
  added: readonly number[],
  durationsIn: (fromTenths: number, toTenths: number) => number[],
): number | null {
  const counts = new Map<number, number>();
  for (const { duration, runs } of stored === null ? [] : database.figures.listDurations(batch))
    counts.set(duration, runs);
  for (const ms of added) counts.set(tenthsOf(ms), (counts.get(tenthsOf(ms)) ?? 0) + 1);
  const ordered = [...counts].sort(([a], [b]) => a - b);
  const total = ordered.reduce((sum, [, runs]) => sum + runs, 0);
  if (total === 0) return null;
  const [low, high] = [tenthAt(ordered, (total - 1) >> 1), tenthAt(ordered, total >> 1)];
  const isBetween = (ms: number): boolean => tenthsOf(ms) >= low.tenths && tenthsOf(ms) <= high.tenths;
  return middle([...durationsIn(low.tenths, high.tenths), ...added.filter(isBetween)], low.before, total);
}

/** The mean of the two values in the middle of `total`, of which `before` are smaller than the given ones. */
function middle(values: readonly number[], before: number, total = values.length): number | null {
  if (total === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const at = (index: number): number => sorted[index - before] ?? 0;
  return (at((total - 1) >> 1) + at(total >> 1)) / 2;
}

function tenthAt(
  ordered: readonly (readonly [tenths: number, runs: number])[],
  index: number,
): { readonly tenths: number; readonly before: number } {
  let before = 0;
  for (const [tenths, runs] of ordered) {
    if (index < before + runs) return { tenths, before };
    before += runs;
  }
  return { tenths: 0, before };
}
