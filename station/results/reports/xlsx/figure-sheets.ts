import { Fault } from '#shared/domain/fault.ts';
import { type BatchFigures, openFigures, readFigures } from '../../figures/index.ts';
import type { ReportSource } from '../report-form.ts';
import type { Cell } from './cell-xml.ts';
import type { Chart } from './chart-xml.ts';
import type { Sheet } from './workbook.ts';

/** Bars that a chart shows at most, so that their names can be read. */
const MAX_BARS = 20;

/** The figures of a batch as they are now. Faults: `batch-missing`, the signal's reason. */
export async function readBatchFigures(
  { database, signal }: ReportSource,
  batchId: string,
): Promise<BatchFigures> {
  const source = await openFigures(database, batchId, signal);
  if (source === null) throw new Fault('batch-missing', `there is no batch ${batchId}`);
  return readFigures(source);
}

/** The yield of a batch, its trend, and the causes of its failures, each with a chart where it has one. */
export function figureSheets(figures: BatchFigures): Sheet[] {
  return [yieldSheet(figures), trendSheet(figures), paretoSheet(figures)];
}

function yieldSheet({ figures, phases }: BatchFigures): Sheet {
  const percent = (value: number | null): Cell => (value === null ? null : { value, look: 'percent' });
  const rows: Cell[][] = [
    ['units', figures.units],
    ['units that passed at first', figures.firstPass],
    ['units that passed at last', figures.lastPass],
    ['units whose first run is not of this batch', figures.unitsBegunOutside],
    ['runs', figures.runs],
    ['runs that passed', figures.passedRuns],
    ['runs without a name of their unit', figures.unnamedRuns],
    ['FPY first pass yield', percent(figures.fpy)],
    ['SPY second pass yield', percent(figures.spy)],
    ['TPY third pass yield', percent(figures.tpy)],
    ['LPY last pass yield', percent(figures.lpy)],
    ['RTY rolled throughput yield', percent(figures.rty)],
    ['TRY test report yield', percent(figures.try)],
    ...phases.map(({ phase, fpy }) => [`FPY of phase ${phase}`, percent(fpy)]),
  ];
  return {
    name: 'yield',
    columns: [
      { header: 'figure', width: 44 },
      { header: 'value', width: 14 },
    ],
    rows,
  };
}

function trendSheet({ curve }: BatchFigures): Sheet {
  const { points } = curve.result();
  const rows = points.map(({ atMs, units, firstPass, fpy }): Cell[] => [
    new Date(atMs).toISOString().slice(0, 16).replace('T', ' '),
    units,
    firstPass,
    fpy === null ? null : { value: fpy, look: 'percent' },
  ]);
  const columns = ['from (UTC)', 'units', 'passed at first', 'FPY'].map((header) => ({ header, width: 18 }));
  return {
    name: 'trend',
    columns,
    rows,
    charts: () => chartOf('line', 'First pass yield', { rows: rows.length, value: 3, at: 5, format: '0%' }),
  };
}

function paretoSheet({ pareto }: BatchFigures): Sheet {
  const rows = pareto.map(({ code, phase, step, measurement, runs, share, cumulative, example }): Cell[] => [
    [step, measurement ?? code].filter((part) => part !== '').join('.'),
    runs,
    { value: share, look: 'percent' },
    { value: cumulative, look: 'percent' },
    code,
    phase,
    step,
    measurement,
    example,
  ]);
  const columns = [
    { header: 'cause', width: 32 },
    ...['runs', 'share', 'cumulative', 'failure', 'phase', 'step', 'measurement'].map((header) => ({
      header,
    })),
    { header: 'example', width: 40 },
  ];
  return {
    name: 'Pareto',
    columns,
    rows,
    charts: () =>
      chartOf('bars', 'Runs by cause', {
        rows: Math.min(rows.length, MAX_BARS),
        value: 1,
        at: columns.length + 1,
        format: '0',
      }),
  };
}

function chartOf(
  kind: Chart['kind'],
  title: string,
  { rows, value, at, format }: { rows: number; value: number; at: number; format: string },
): Chart[] {
  if (rows === 0) return [];
  return [
    { kind, title, labelColumn: 0, valueColumn: value, lastRow: rows, at: { column: at, row: 1 }, format },
  ];
}
