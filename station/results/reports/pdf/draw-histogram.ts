import type { MeasuredSeries } from '#shared/domain/yield/index.ts';
import { linear, ticksBetween } from './kit/scale.ts';
import { INK, type Sheet } from './kit/sheet.ts';
import type { ReportWords } from './report-words.ts';
import { seriesName } from './series-name.ts';

/** With the space below it. */
export const HISTOGRAM_HEIGHT = 168;
const PLOT = 88;
const AXIS = 26;
const SMALL = 7;

/** One distribution with its limits, mean and Cpk. The cursor stays. */
export function drawHistogram(
  sheet: Sheet,
  series: MeasuredSeries,
  words: ReportWords,
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
): void {
  const { t, formats } = words;
  const { capability, histogram } = series;
  const { n, mean, sigma, low, high, cpk } = capability;
  sheet.text(sheet.fit(seriesName(series), width, 9), x, y, { size: 9, bold: true });
  sheet.text(sheet.fit(words.place(series), width, SMALL), x, y + 13, { size: SMALL, color: INK.muted });
  const facts = [
    `n ${formats.count(n)}`,
    `${t('mean')} ${formats.value(mean)}`,
    `σ ${sigma === null ? '—' : formats.spread(sigma)}`,
    `Cpk ${formats.figure(cpk)}`,
  ].join('   ');
  sheet.text(sheet.fit(facts, width, SMALL), x, y + 24, { size: SMALL });

  const [left, right] = [x + AXIS, x + width - 4];
  const top = y + 48;
  const base = top + PLOT;
  const { start, width: bar, counts } = histogram;
  const end = start + bar * counts.length;
  const [from, to] = rangeOf(start, end, low, high);
  const xOf = linear([from, to], [left, right]);
  const most = Math.max(1, ...counts);
  const yOf = linear([0, most], [base, top + 4]);
  for (const [index, count] of counts.entries()) {
    if (count === 0) continue;
    const { at, width: shown } = barOf(xOf(start + index * bar), xOf(start + (index + 1) * bar));
    sheet.rect(at, yOf(count), shown, base - yOf(count), INK.bar);
  }
  sheet.line(left, base, right, base, { color: INK.text });
  sheet.line(left, top, left, base, { color: INK.text });
  for (const count of [0, most])
    sheet.text(formats.count(count), x, yOf(count) - 5, { size: SMALL, width: AXIS - 3, align: 'right' });
  for (const tick of ticksBetween(from, to, 5)) {
    const at = xOf(tick);
    sheet.line(at, base, at, base + 2.5, { color: INK.text });
    const label = formats.value(tick);
    const half = sheet.widthOf(label, SMALL) / 2;
    sheet.text(label, Math.min(Math.max(at - half, x), x + width - 2 * half), base + 3, {
      size: SMALL,
      color: INK.muted,
    });
  }
  sheet.line(xOf(mean), top, xOf(mean), base, { width: 0.9, color: INK.text, dash: 1 });
  drawLimits(sheet, { low, high }, words, { xOf, x, width, top, base });
  if (series.relative) sheet.text(t('own-limits'), left, top - 11, { size: SMALL, color: INK.muted });
}

/** Narrower than this, a bar is hidden by the line of the mean. */
const LEAST_BAR = 3;

/** Where a bar is drawn: a narrow one is widened about its middle, as that of values that are all equal. */
export function barOf(from: number, to: number): { readonly at: number; readonly width: number } {
  const width = to - from - 0.3;
  if (width >= LEAST_BAR) return { at: from, width };
  return { at: (from + to - LEAST_BAR) / 2, width: LEAST_BAR };
}

interface Plot {
  readonly xOf: (value: number) => number;
  readonly x: number;
  readonly width: number;
  readonly top: number;
  readonly base: number;
}

/** Limits as dashed lines with their values above them; two close values stand side by side. */
function drawLimits(
  sheet: Sheet,
  { low, high }: { readonly low: number | null; readonly high: number | null },
  { formats }: ReportWords,
  { xOf, x, width, top, base }: Plot,
): void {
  const placed = (
    [
      ['low', low],
      ['high', high],
    ] as const
  ).flatMap(([side, value]) => {
    if (value === null) return [];
    const label = sheet.fit(formats.exact(value), width / 2 - 4, SMALL);
    const own = sheet.widthOf(label, SMALL);
    const at = xOf(value);
    // The lower one ends at its line and the upper one begins there when they would meet.
    const free = low !== null && high !== null && Math.abs(xOf(high) - xOf(low)) < 60;
    const wanted = !free ? at - own / 2 : side === 'low' ? at - own - 1 : at + 1;
    return [{ at, label, x: Math.min(Math.max(wanted, x), x + width - own) }];
  });
  for (const { at, label, x: labelX } of placed) {
    sheet.line(at, top - 2, at, base, { width: 1.2, color: INK.accent, dash: 3 });
    sheet.text(label, labelX, top - 12, { size: SMALL, bold: true, color: INK.accent });
  }
}

/** The values and the limits, with a margin, so that a limit far away does not press the bars together without end. */
function rangeOf(
  start: number,
  end: number,
  low: number | null,
  high: number | null,
): readonly [number, number] {
  const from = Math.min(start, low ?? start, high ?? start);
  const to = Math.max(end, high ?? end, low ?? end);
  const margin = (to - from) * 0.03;
  return [from - margin, to + margin];
}
