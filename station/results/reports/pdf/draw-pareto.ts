import type { ParetoItem } from '#shared/domain/yield/index.ts';
import { linear } from './kit/scale.ts';
import { INK, type Sheet } from './kit/sheet.ts';
import { drawTable, TABLE_BEGIN, type TableRow } from './kit/table.ts';
import type { BatchReportData } from './report-data.ts';
import type { ReportWords } from './report-words.ts';

/** Causes with a bar of their own; the others are one row. */
const MAX_CAUSES = 30;
const BAR_HEIGHT = 11;

/** The causes of failures as a table, the most frequent first, each with a bar and the cumulative share. */
export function* drawPareto(sheet: Sheet, { pareto }: BatchReportData, words: ReportWords): Generator<void> {
  const { t, formats } = words;
  sheet.heading(t('pareto-title'), TABLE_BEGIN + 60);
  if (pareto.length === 0) return sheet.paragraph(t('pareto-none'), { size: 9.5 });
  sheet.paragraph(t('pareto-about'), { size: 8, color: INK.muted });
  sheet.y += 4;
  const most = pareto[0]?.runs ?? 1;
  // The line of the cumulative share goes through the rows.
  let before: { readonly x: number; readonly y: number } | null = null;
  /** @param bar false where the runs of many causes would make the longest bar */
  const row = (name: string, runs: number, share: number, cumulative: number, bar = true): TableRow => ({
    cells: [name, formats.count(runs), formats.percent(share), formats.percent(cumulative), ''],
    draw({ y, height, columns }) {
      const { x, width } = columns[4] ?? { x: 0, width: 0 };
      const middle = y + height / 2;
      const length = Math.max(0.5, linear([0, most], [0, width])(runs));
      if (bar) sheet.rect(x, middle - BAR_HEIGHT / 2, length, BAR_HEIGHT, INK.bar);
      const point = { x: linear([0, 1], [x, x + width])(cumulative), y: middle };
      if (before !== null && before.y < point.y)
        sheet.line(before.x, before.y, point.x, point.y, { width: 1, color: INK.text });
      sheet.rect(point.x - 1.5, point.y - 1.5, 3, 3, INK.text);
      before = point;
    },
  });
  const others = pareto.slice(MAX_CAUSES);
  const otherRuns = others.reduce((sum, { runs }) => sum + runs, 0);
  const otherShare = others.reduce((sum, { share }) => sum + share, 0);
  yield* drawTable(
    sheet,
    [
      { title: t('cause'), share: 5 },
      { title: t('runs'), share: 1, align: 'right' },
      { title: t('share'), share: 1.1, align: 'right' },
      { title: t('cumulative'), share: 1.3, align: 'right' },
      { title: t('pareto-bars'), share: 3.6 },
    ],
    [
      ...pareto
        .slice(0, MAX_CAUSES)
        .map((item) => row(causeOf(item, words), item.runs, item.share, item.cumulative)),
      ...(others.length === 0
        ? []
        : [row(t('pareto-others', others.length), otherRuns, otherShare, 1, false)]),
    ],
  );
}

/** `标题（step）· measurement：what happened`. */
function causeOf(item: ParetoItem, { t, faults, place }: ReportWords): string {
  const where = [place(item), item.measurement].filter((part) => part !== null && part !== '').join(' · ');
  const details = item.measurement === null ? {} : { measurement: item.measurement };
  const what = faults.faultName(item.code, details);
  return where === '' ? what : `${where}${t('colon')}${what}`;
}
