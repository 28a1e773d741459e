import { OUTCOMES } from '#shared/domain/outcome.ts';
import { INK, type Sheet } from './kit/sheet.ts';
import { drawTable } from './kit/table.ts';
import type { BatchReportData } from './report-data.ts';
import type { ReportWords } from './report-words.ts';

/** The yields as WATS defines them, the outcomes of the runs, and the first pass of each phase. */
export function* drawYield(sheet: Sheet, data: BatchReportData, words: ReportWords): Generator<void> {
  const { t, formats } = words;
  const { figures, phases, outcomes } = data;
  sheet.heading(t('yield-title'), 130);
  if (figures.runs === 0) return sheet.paragraph(t('no-runs'), { size: 9.5 });
  const of = (count: number, all: number): string => `${formats.count(count)} / ${formats.count(all)}`;
  const rows = [
    ['FPY', figures.fpy, of(figures.firstPass, figures.units)],
    ['SPY', figures.spy, of(figures.secondPass, figures.units)],
    ['TPY', figures.tpy, of(figures.thirdPass, figures.units)],
    ['LPY', figures.lpy, of(figures.lastPass, figures.units)],
    ['RTY', figures.rty, ''],
    ['TRY', figures.try, of(figures.passedRuns, figures.runs)],
  ] as const;
  yield* drawTable(
    sheet,
    [
      { title: t('yield-figure'), share: 3 },
      { title: t('yield-value'), share: 1.3, align: 'right' },
      { title: t('yield-counted'), share: 2, align: 'right' },
      { title: t('yield-means'), share: 6 },
    ],
    rows.map(([name, share, counted]) => ({
      cells: [t(name), { text: formats.percent(share), bold: true }, counted, t(`${name}-means`)],
    })),
  );
  if (figures.unnamedRuns > 0)
    sheet.paragraph(t('yield-unnamed', figures.unnamedRuns), { size: 8, color: INK.muted });

  sheet.heading(t('outcomes'), 100);
  yield* drawTable(
    sheet,
    [
      { title: t('outcome'), share: 4 },
      { title: t('runs'), share: 2, align: 'right' },
      { title: t('share'), share: 2, align: 'right' },
      { title: '', share: 4 },
    ],
    OUTCOMES.map((outcome) => ({
      cells: [
        t(outcome),
        formats.count(outcomes[outcome]),
        formats.percent(outcomes[outcome] / figures.runs),
        '',
      ],
    })),
  );
  if (phases.length === 0) return;
  sheet.heading(t('phases-title'), 60);
  yield* drawTable(
    sheet,
    [
      { title: t('phase'), share: 6 },
      { title: t('units'), share: 2, align: 'right' },
      { title: t('passed-at-first'), share: 2, align: 'right' },
      { title: 'FPY', share: 2, align: 'right' },
    ],
    phases.map(({ phase, units, firstPass, fpy }) => ({
      cells: [words.phase(phase), formats.count(units), formats.count(firstPass), formats.percent(fpy)],
    })),
  );
}
