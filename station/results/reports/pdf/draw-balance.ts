import { BALANCE_LISTS, type BalanceEntry, type BalanceList, openTodo } from '#shared/signed/index.ts';
import { drawFacts } from './draw-facts.ts';
import { INK, type Sheet } from './kit/sheet.ts';
import { drawTable, TABLE_BEGIN } from './kit/table.ts';
import type { BatchReportData } from './report-data.ts';
import type { ReportWords } from './report-words.ts';

/** Rows of a list; the signed file has all. */
const MAX_ROWS = 500;

/** The last signed balance of the identities of a batch: the sum, and each list of identities that are not registered. */
export function* drawBalance(sheet: Sheet, data: BatchReportData, words: ReportWords): Generator<void> {
  const { t, formats } = words;
  const { balance } = data;
  if (balance === null) return;
  const { document, sha256, keyId } = balance;
  sheet.heading(t('balance-title'), TABLE_BEGIN + 80);
  yield* drawTable(
    sheet,
    [
      { title: t('balance-kind'), share: 6 },
      { title: t('balance-number'), share: 2, align: 'right' },
      { title: '', share: 4 },
    ],
    [
      ...BALANCE_LISTS.map((list) => ({
        cells: [t(`balance-${list}`), formats.count(document.counts[list]), ''],
      })),
      {
        cells: [
          { text: t('balance-issued'), bold: true as const },
          { text: formats.count(document.counts.issued), bold: true as const },
          '',
        ],
      },
    ],
  );
  sheet.paragraph(t(document.addsUp ? 'balance-even' : 'balance-uneven'), { size: 9.5, bold: true });
  sheet.y += 4;
  const { closed } = document.batch;
  const compared = document.comparedWithRegistryAt;
  yield* drawFacts(sheet, [
    [
      t('balance-closed'),
      closed === null ? t('no') : `${formats.time(Date.parse(closed.at))}${t('comma')}${closed.by}`,
    ],
    [t('balance-compared'), compared === null ? t('no') : formats.time(Date.parse(compared))],
    [
      t('signed-by'),
      `${document.station}${t('comma')}${document.signedBy}${t('comma')}${formats.time(Date.parse(document.signedAt))}`,
    ],
    [t('signed-key'), keyId],
    [t('signed-file'), sha256],
  ]);
  for (const list of BALANCE_LISTS)
    if (list !== 'registered' && document.lists[list].length > 0)
      yield* drawList(sheet, list, document.lists[list], words);
}

function* drawList(
  sheet: Sheet,
  list: BalanceList,
  entries: readonly BalanceEntry[],
  { t, formats, language }: ReportWords,
): Generator<void> {
  sheet.heading(
    `${t('balance-list')}${t('colon')}${t(`balance-${list}`)} (${formats.count(entries.length)})`,
    TABLE_BEGIN,
  );
  yield* drawTable(
    sheet,
    [
      { title: t('device-name'), share: 2.4 },
      { title: t('serial'), share: 2.2 },
      { title: t('balance-unit'), share: 2.4 },
      { title: t('time'), share: 2.2 },
      { title: t('balance-why'), share: 3.4 },
    ],
    entries.slice(0, MAX_ROWS).map(({ deviceName, serialNumber, unit, since, why, open }) => ({
      cells: [
        deviceName,
        serialNumber ?? '—',
        unit ?? '—',
        formats.time(Date.parse(since)),
        open === undefined ? why : openTodo(open.reason)[language],
      ],
    })),
  );
  if (entries.length > MAX_ROWS)
    sheet.paragraph(t('balance-left-out', entries.length - MAX_ROWS), { size: 8, color: INK.muted });
}
