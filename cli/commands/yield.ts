import type { Command } from 'commander';
import { MAX_COUNTED_RUNS } from '#shared/contract/runs.ts';
import { type MeasuredSeries, rolledThroughput, type YieldFilter } from '#shared/domain/yield/index.ts';
import { counted } from '#shared/words/index.ts';
import { countWithForeign, keepHeapSmall, readYield } from '#station';
import { type CommonOptions, command, interruptSignal, wholeNumber } from '../command.ts';
import { createOutput, type Output } from '../output.ts';
import { pointInTime } from '../point-in-time.ts';
import { BATCH_HELP, findBatch } from '../lookup/batch.ts';
import { withDatabase } from '../with-station.ts';
import { type CountedYield, percent, formatYield } from './format-yield.ts';

interface YieldOptions extends CommonOptions {
  readonly from?: number;
  readonly to?: number;
  readonly slot?: number;
  readonly station?: string;
  readonly operator?: string;
  readonly recipe?: string;
  readonly countStationErrors: boolean;
  readonly foreign?: boolean;
}

export function yieldCommand(): Command {
  return command(
    'yield',
    'yield of a batch as WATS counts it: first to last pass, failure Pareto, Cpk, drift',
  )
    .argument('<batch...>', `${BATCH_HELP}; several that a product goes through in series for their RTY`)
    .option('--from <time>', 'units whose first run was started then or later', pointInTime('begin'))
    .option(
      '--to <time>',
      'units whose first run was started before; a day includes itself',
      pointInTime('end'),
    )
    .option('--slot <number>', 'units first run in this slot', wholeNumber(1, 1000))
    .option('--station <name>', 'units first run at this station')
    .option('--operator <name>', 'units first run by this user')
    .option('--recipe <version>', 'units first run with this version, or a hash that begins so')
    .option('--count-station-errors', 'ERROR and ABORTED are runs that did not pass (default)', true)
    .option('--no-count-station-errors', 'ignore runs that ended ERROR or ABORTED')
    .option(
      '--foreign',
      'with the runs of batches of the same name that were imported from other stations and programs',
    )
    .action(yieldOf);
}

interface Counted {
  readonly batch: string;
  readonly name: string;
  readonly found: CountedYield;
  /** Units of the whole batch, whatever the filter. */
  readonly unproven: number;
}

/** Says how many units passed without a proof that they hold their secret, because a yield does not show it. */
function formatUnproven(units: number): string {
  const who = counted(units, 'unit of the batch has', 'units of the batch have');
  return `${who} passed unproven: nobody has seen that ${units === 1 ? 'it holds its' : 'they hold their'} secret`;
}

async function yieldOf(wanted: readonly string[], options: YieldOptions): Promise<void> {
  const out = createOutput(options);
  const signal = interruptSignal();
  const filter = filterOf(options);
  keepHeapSmall();
  const all = await withDatabase(options, async (database) => {
    const found = wanted.map((text) => findBatch(database.batches, text));
    const yields: Counted[] = [];
    for (const { batchId: batch, name } of found)
      yields.push({
        batch,
        name,
        found: await (options.foreign === true ? countWithForeign : readYield)(database, batch, {
          filter,
          signal,
        }),
        unproven: database.runs.countUnproven(batch, MAX_COUNTED_RUNS),
      });
    return yields;
  });
  for (const { batch, name, found, unproven } of all) {
    printEvents(out, batch, filter, found);
    const lines = [...formatYield(found), ...(unproven === 0 ? [] : [formatUnproven(unproven)])];
    out.print(all.length === 1 ? lines : [name, '', ...lines, '']);
  }
  if (all.length === 1) return;
  const rty = rolledThroughput(all.map(({ found }) => found.figures.fpy));
  out.event('yield.rolled', { batches: all.map(({ batch }) => batch), rty });
  out.print(`through all of them at first: ${percent(rty)} (RTY)`);
}

function filterOf({
  from,
  to,
  slot,
  station,
  operator,
  recipe,
  countStationErrors,
}: YieldOptions): YieldFilter {
  return {
    ...(from === undefined ? {} : { fromMs: from }),
    ...(to === undefined ? {} : { toMs: to }),
    ...(slot === undefined ? {} : { slot }),
    ...(station === undefined ? {} : { station }),
    ...(operator === undefined ? {} : { operator }),
    ...(recipe === undefined ? {} : { recipe }),
    ...(countStationErrors ? {} : { stationErrors: false }),
  };
}

function printEvents(out: Output, batch: string, filter: YieldFilter, counted: CountedYield): void {
  const { report, figures, phases, pareto, measurements, measurementsLeftOut } = counted;
  const { batchId, ...rest } = report;
  out.event('yield', { batch: batchId, ...rest, ...figures, filter, measurementsLeftOut });
  for (const phase of phases) out.event('yield.phase', { batch, ...phase });
  for (const item of pareto) out.event('yield.pareto', { batch, ...item });
  for (const series of measurements) out.event('yield.capability', { batch, ...flat(series) });
}

/** One level deep, so that a line is a row of a table; only the histogram is nested. */
function flat({ capability, drift, recent, ...names }: MeasuredSeries): object {
  const { centre, sigma: shortSigma, rules, slope, reaches } = drift;
  return {
    ...names,
    ...capability,
    driftCentre: centre,
    driftSigma: shortSigma,
    driftRules: rules,
    driftPerUnit: slope,
    reachesLimit: reaches?.limit ?? null,
    reachesInUnits: reaches?.units ?? null,
    latest: recent.at(-1) ?? null,
  };
}
