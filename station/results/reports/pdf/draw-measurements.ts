import { drawHistogram, HISTOGRAM_HEIGHT } from './draw-histogram.ts';
import { INK, type Sheet } from './kit/sheet.ts';
import { drawTable, TABLE_BEGIN } from './kit/table.ts';
import type { BatchReportData } from './report-data.ts';
import type { ReportWords } from './report-words.ts';
import { seriesName } from './series-name.ts';

const GAP = 18;

/** The figures of all measurements as a table, and their distributions, two side by side. */
export function* drawMeasurements(sheet: Sheet, data: BatchReportData, words: ReportWords): Generator<void> {
  const { t, formats } = words;
  const { measurements, measurementsLeftOut } = data;
  sheet.heading(t('measured-title'), TABLE_BEGIN + 50);
  if (measurements.length === 0) return sheet.paragraph(t('measured-none'), { size: 9.5 });
  sheet.paragraph(t('measured-about'), { size: 8, color: INK.muted });
  sheet.y += 4;
  const limit = (value: number | null, relative: boolean): string =>
    relative ? '*' : value === null ? '—' : formats.exact(value);
  yield* drawTable(
    sheet,
    [
      { title: t('measurement'), share: 3.4 },
      { title: t('n'), share: 1.1, align: 'right' },
      { title: t('min'), share: 1.25, align: 'right' },
      { title: t('mean'), share: 1.25, align: 'right' },
      { title: t('max'), share: 1.25, align: 'right' },
      { title: t('sigma'), share: 1.25, align: 'right' },
      { title: t('lower-limit'), share: 1.25, align: 'right' },
      { title: t('upper-limit'), share: 1.25, align: 'right' },
      { title: t('Cp'), share: 0.9, align: 'right' },
      { title: t('Cpk'), share: 0.9, align: 'right' },
    ],
    measurements.map((series) => {
      const { n, min, mean, max, sigma, low, high, cp, cpk } = series.capability;
      return {
        cells: [
          `${seriesName(series)} · ${words.step(series)}`,
          formats.count(n),
          formats.value(min),
          formats.value(mean),
          formats.value(max),
          sigma === null ? '—' : formats.spread(sigma),
          limit(low, series.relative),
          limit(high, series.relative),
          formats.figure(cp),
          { text: formats.figure(cpk), bold: true as const },
        ],
      };
    }),
  );
  if (measurements.some(({ relative }) => relative))
    sheet.paragraph(`* ${t('own-limits')}`, { size: 8, color: INK.muted });
  if (measurementsLeftOut > 0)
    sheet.paragraph(t('measured-left-out', measurementsLeftOut), { size: 8, color: INK.muted });

  sheet.heading(t('histograms-title'), HISTOGRAM_HEIGHT + 20);
  sheet.paragraph(t('histograms-about'), { size: 8, color: INK.muted });
  sheet.y += 6;
  const width = (sheet.width - GAP) / 2;
  for (const [index, series] of measurements.entries()) {
    const isLeft = index % 2 === 0;
    if (isLeft) sheet.ensure(HISTOGRAM_HEIGHT);
    const x = isLeft ? sheet.left : sheet.left + width + GAP;
    drawHistogram(sheet, series, words, { x, y: sheet.y, width });
    if (!isLeft || index === measurements.length - 1) sheet.y += HISTOGRAM_HEIGHT;
    yield;
  }
}
