import { INK, type Sheet } from './kit/sheet.ts';
import { drawTable, TABLE_BEGIN } from './kit/table.ts';
import type { BatchReportData } from './report-data.ts';
import type { ReportWords } from './report-words.ts';

/** The runs that did not pass, in the order of the runs, with what happened. */
export function* drawFailures(sheet: Sheet, data: BatchReportData, words: ReportWords): Generator<void> {
  const { t, formats } = words;
  const { failures, failuresLeftOut } = data;
  sheet.heading(t('failures-title'), TABLE_BEGIN + 30);
  if (failures.length === 0) return sheet.paragraph(t('failures-none'), { size: 9.5 });
  yield* drawTable(
    sheet,
    [
      { title: t('serial'), share: 2.1 },
      { title: t('time'), share: 2.15 },
      { title: t('slot'), share: 0.65, align: 'right' },
      { title: t('outcome'), share: 1.1 },
      { title: t('step'), share: 2.2 },
      { title: t('happened'), share: 4.2 },
    ],
    mapped(failures, ({ serialNumber, unit, atMs, slot, outcome, failure }) => ({
      cells: [
        serialNumber ?? unit ?? '—',
        formats.time(atMs),
        String(slot),
        t(outcome),
        failure === null ? '' : words.place(failure),
        failure === null ? '' : words.failure(failure),
      ],
    })),
  );
  if (failuresLeftOut > 0)
    sheet.paragraph(t('failures-left-out', failuresLeftOut), { size: 8, color: INK.muted });
}

function* mapped<A, B>(values: Iterable<A>, map: (value: A) => B): Generator<B> {
  for (const value of values) yield map(value);
}
