import type { Sheet } from './kit/sheet.ts';
import { drawTable, TABLE_BEGIN } from './kit/table.ts';
import type { BatchReportData } from './report-data.ts';
import type { ReportWords } from './report-words.ts';

/** The balance of the identities of a batch, where there is one. */
export function* drawBalance(
  sheet: Sheet,
  { balance }: BatchReportData,
  { t, formats }: ReportWords,
): Generator<void> {
  if (balance === undefined) return;
  sheet.heading(t('balance-title'), TABLE_BEGIN + 40);
  yield* drawTable(
    sheet,
    [
      { title: t('balance-kind'), share: 6 },
      { title: t('balance-number'), share: 2, align: 'right' },
      { title: '', share: 4 },
    ],
    balance.rows.map(({ label, count, bold }) => {
      const [name, number] = [label, formats.count(count)];
      return { cells: bold ? [{ text: name, bold }, { text: number, bold }, ''] : [name, number, ''] };
    }),
  );
  sheet.paragraph(t(balance.isEven ? 'balance-even' : 'balance-uneven'), { size: 9.5, bold: true });
}
