import { linear } from './kit/scale.ts';
import { INK, type Sheet } from './kit/sheet.ts';
import type { BatchReportData } from './report-data.ts';
import type { ReportWords } from './report-words.ts';

const HEIGHT = 190;
const UNITS_HEIGHT = 46;
const AXIS = 34;
const SMALL = 7.5;
const MAX_TIMES = 6;
const MAX_BAR = 30;

/** First-pass yield by interval as a line, with the number of units of each interval as bars below it. */
export function* drawTrend(
  sheet: Sheet,
  { curve }: BatchReportData,
  { t, formats }: ReportWords,
): Generator<void> {
  const { points, everyMs } = curve;
  if (points.length === 0) return;
  sheet.heading(t('trend-title'), HEIGHT + 60);
  const minutes = everyMs / 60_000;
  const every = minutes < 60 ? t('trend-minutes', minutes) : t('trend-hours', Math.round(minutes / 6) / 10);
  sheet.paragraph(t('trend-about', every), { size: 8, color: INK.muted });
  sheet.y += 20;

  const [left, right] = [sheet.left + AXIS, sheet.right - 6];
  const top = sheet.y;
  const base = top + HEIGHT - UNITS_HEIGHT - 10;
  const low = lowest(points.map(({ fpy }) => fpy));
  const yOf = linear([low, 1], [base, top]);
  const stepX = (right - left) / points.length;
  const xOf = (index: number): number => left + (index + 0.5) * stepX;

  sheet.text(t('trend-axis-yield'), sheet.left, top - 18, { size: SMALL, color: INK.muted });
  for (const share of [low, (low + 1) / 2, 1]) {
    sheet.line(left, yOf(share), right, yOf(share), { width: 0.5, color: INK.faint });
    sheet.text(formats.percent(share), sheet.left, yOf(share) - 5, {
      size: SMALL,
      width: AXIS - 5,
      align: 'right',
    });
  }
  let line: [number, number][] = [];
  const lines = [line];
  for (const [index, { fpy }] of points.entries()) {
    // No line over intervals without units, which have no yield.
    if (fpy === null) lines.push((line = []));
    else line.push([xOf(index), yOf(fpy)]);
  }
  for (const one of lines) sheet.polyline(one, { width: 1.4, color: INK.accent });
  if (points.length <= 48)
    for (const [x, y] of lines.flat()) sheet.rect(x - 1.6, y - 1.6, 3.2, 3.2, INK.accent);
  yield;

  const most = Math.max(...points.map(({ units }) => units));
  const floor = top + HEIGHT;
  const heightOf = linear([0, most], [0, UNITS_HEIGHT - 12]);
  sheet.text(t('trend-axis-units', most), left, base + 3, { size: SMALL, color: INK.muted });
  for (const [index, { units }] of points.entries()) {
    const height = heightOf(units);
    const width = Math.min(MAX_BAR, stepX * 0.8);
    if (units > 0) sheet.rect(xOf(index) - width / 2, floor - height, width, height, INK.bar);
  }
  sheet.line(left, floor, right, floor, { width: 0.75, color: INK.text });
  const steps = Math.max(1, Math.ceil(points.length / MAX_TIMES));
  for (let index = 0; index < points.length; index += steps) {
    const x = left + index * stepX;
    sheet.line(x, floor, x, floor + 3, { color: INK.text });
    sheet.text(formats.minute(points[index]?.atMs ?? 0).slice(5), x, floor + 4, {
      size: SMALL,
      color: INK.muted,
    });
  }
  sheet.y = floor + 18;
  yield;
}

/** The lowest share of the axis, so that the differences of a good batch are seen: 90 %, 50 % or 0. */
function lowest(shares: readonly (number | null)[]): number {
  const least = Math.min(...shares.map((share) => share ?? 1));
  return least >= 0.9 ? 0.9 : least >= 0.5 ? 0.5 : 0;
}
