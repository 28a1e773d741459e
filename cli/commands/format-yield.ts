import type { BatchCounts } from '#shared/contract/index.ts';
import type { MeasuredSeries, YieldResult } from '#shared/domain/yield/index.ts';
import { counted, stepPath } from '#shared/words/index.ts';
import { table } from '../output.ts';

export type CountedYield = YieldResult & { readonly report: BatchCounts };

/** The yield of a batch as tables. */
export function formatYield(counted: CountedYield): readonly string[] {
  const parts = [
    figures(counted),
    remarks(counted),
    phases(counted),
    failures(counted),
    capability(counted.measurements),
    warnings(counted.measurements),
  ];
  return parts
    .filter((part) => part.length > 0)
    .flatMap((part, index) => (index === 0 ? part : ['', ...part]));
}

function figures({ figures: f }: CountedYield): readonly string[] {
  return table(
    ['', 'units', 'yield', ''],
    [
      ['tested', String(f.units), '', ''],
      ['passed at first', String(f.firstPass), percent(f.fpy), 'FPY'],
      ['passed by the second run', String(f.secondPass), percent(f.spy), 'SPY'],
      ['passed by the third run', String(f.thirdPass), percent(f.tpy), 'TPY'],
      ['passed at the last run', String(f.lastPass), percent(f.lpy), 'LPY'],
      ['through every phase at first', '', percent(f.rty), 'RTY'],
      ['of all runs passed', `${f.passedRuns} of ${f.runs}`, percent(f.try), 'TRY'],
    ],
  );
}

function remarks({ figures: f, report, measurementsLeftOut }: CountedYield): readonly string[] {
  const { medianMs } = report;
  return [
    `${counted(f.runs, 'run')}${medianMs === null ? '' : `, ${(medianMs / 1000).toFixed(1)} s each when it passes (median)`}`,
    f.unnamedRuns === 0
      ? ''
      : `${counted(f.unnamedRuns, 'of them names', 'of them name')} neither chip nor serial number: runs of no unit`,
    f.unitsBegunOutside === 0
      ? ''
      : `${counted(f.unitsBegunOutside, 'more unit was', 'more units were')} first run outside of what was asked for, and not counted`,
    measurementsLeftOut === 0
      ? ''
      : `${counted(measurementsLeftOut, 'more measurement', 'more measurements')} than can be listed`,
  ].filter((line) => line !== '');
}

function phases({ phases: all }: CountedYield): readonly string[] {
  if (all.length < 2) return [];
  const rows = all.map(({ phase, units, firstPass, fpy }) => [
    phase,
    String(units),
    String(firstPass),
    percent(fpy),
  ]);
  return table(['phase', 'units', 'passed at first', 'yield'], rows);
}

function failures({ pareto }: CountedYield): readonly string[] {
  if (pareto.length === 0) return [];
  const rows = pareto.map(({ runs, code, phase, step, measurement, share, cumulative, example }) => [
    String(runs),
    code,
    stepPath({ phase, step }),
    measurement ?? '',
    percent(share),
    percent(cumulative),
    example,
  ]);
  return table(['runs', 'failure', 'where', 'measurement', 'share', 'Σ', 'for example'], rows);
}

function capability(measurements: readonly MeasuredSeries[]): readonly string[] {
  if (measurements.length === 0) return [];
  const rows = measurements.map((series) => {
    const { n, mean, sigma, low, high, cp, cpk } = series.capability;
    return [
      label(series),
      series.relative
        ? 'each unit has its own'
        : `${low === null ? '' : short(low)} … ${high === null ? '' : short(high)} ${series.unit ?? ''}`.trim(),
      String(n),
      short(mean),
      sigma === null ? '—' : short(sigma),
      cp === null ? '—' : cp.toFixed(2),
      cpk === null ? '—' : cpk.toFixed(2),
      series.drift.rules.join(' '),
    ];
  });
  return table(['measurement', 'limits', 'n', 'mean', 'σ', 'Cp', 'Cpk', 'drift'], rows);
}

/** Drift warnings: units may fail soon. */
function warnings(measurements: readonly MeasuredSeries[]): readonly string[] {
  return measurements.flatMap((series) => {
    const { reaches } = series.drift;
    if (reaches === null) return [];
    const limit = `${short(reaches.limit)}${series.unit === null ? '' : ` ${series.unit}`}`;
    return [`${label(series)} drifts: reaches ${limit} in about ${counted(reaches.units, 'unit')}`];
  });
}

function label({ phase, step, name, at }: MeasuredSeries): string {
  return `${phase}/${step === name ? name : `${step}.${name}`}${at === null ? '' : ` at ${at}`}`;
}

/** A share in percent with two decimals; a dash for `null`. */
export function percent(share: number | null): string {
  return share === null ? '—' : `${(share * 100).toFixed(2)} %`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
