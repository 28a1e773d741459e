import type { TableColumn, TableSort } from './table-types.ts';

const plain = (text: string): string => text.normalize('NFKC').toLowerCase();

/** The rows that have every word of the search in one of the shown columns, as it is written there. */
export function searchRows<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  search: string,
): readonly Row[] {
  const words = plain(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  const texts = columns.flatMap(({ value, text }) => (value === undefined ? [] : [text ?? value]));
  return rows.filter((row) => {
    const whole = plain(texts.map((read) => read(row) ?? '').join('\n'));
    return words.every((word) => whole.includes(word));
  });
}

/** A sorted copy; rows of equal value stay in their order, rows without a value come last in both directions. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  sort: TableSort | null,
  language: string,
): readonly Row[] {
  const value = columns.find(({ key }) => key === sort?.key)?.value;
  if (sort === null || value === undefined) return rows;
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  const direction = sort.descending ? -1 : 1;
  return rows
    .map((row) => ({ row, by: value(row) }))
    .sort((a, b) => {
      if (a.by === null || b.by === null) return Number(a.by === null) - Number(b.by === null);
      const order =
        typeof a.by === 'number' && typeof b.by === 'number'
          ? a.by - b.by
          : collator.compare(String(a.by), String(b.by));
      return direction * order;
    })
    .map(({ row }) => row);
}

/** The next order when the head of a column is pressed: upwards, downwards, as the rows come. */
export function nextSort(sort: TableSort | null, key: string): TableSort | null {
  if (sort?.key !== key) return { key, descending: false };
  return sort.descending ? null : { key, descending: true };
}
