import { describe, expect, it } from 'vitest';
import { nextSort, searchRows, sortRows } from '../../../renderer/src/ui/table/arrange-rows.ts';
import type { TableColumn } from '../../../renderer/src/ui/table/table-types.ts';

interface Row {
  readonly name: string;
  readonly count: number | null;
}
const ROWS: readonly Row[] = [
  { name: 'slot 10', count: 3 },
  { name: 'slot 9', count: null },
  { name: 'Äpfel', count: 20 },
  { name: '王芳', count: 3 },
];
const COLUMNS: readonly TableColumn<Row>[] = [
  { key: 'name', title: 'Name', value: ({ name }) => name },
  { key: 'count', title: 'Count', value: ({ count }) => count, text: ({ count }) => `${count ?? 0} pcs` },
];
const names = (rows: readonly Row[]): string[] => rows.map(({ name }) => name);

describe('rows of a table', () => {
  it('are sorted as people read them, numbers in words by their value', () => {
    expect(names(sortRows(ROWS, COLUMNS, { key: 'name', descending: false }, 'en'))).toEqual([
      'Äpfel',
      'slot 9',
      'slot 10',
      '王芳',
    ]);
  });

  it('without a value come last in both directions, and equal ones stay in their order', () => {
    expect(names(sortRows(ROWS, COLUMNS, { key: 'count', descending: false }, 'en'))).toEqual([
      'slot 10',
      '王芳',
      'Äpfel',
      'slot 9',
    ]);
    expect(names(sortRows(ROWS, COLUMNS, { key: 'count', descending: true }, 'en'))).toEqual([
      'Äpfel',
      'slot 10',
      '王芳',
      'slot 9',
    ]);
  });

  it('stay as they come without an order, or with one of a column that is not there', () => {
    expect(sortRows(ROWS, COLUMNS, null, 'en')).toBe(ROWS);
    expect(sortRows(ROWS, COLUMNS, { key: 'gone', descending: true }, 'en')).toBe(ROWS);
  });

  it('are found by every word of a search, in any column, in full or half width', () => {
    expect(names(searchRows(ROWS, COLUMNS, 'SLOT'))).toEqual(['slot 10', 'slot 9']);
    expect(names(searchRows(ROWS, COLUMNS, 'pcs slot 3'))).toEqual(['slot 10']);
    expect(names(searchRows(ROWS, COLUMNS, 'ｓｌｏｔ 9'))).toEqual(['slot 9']);
    expect(searchRows(ROWS, COLUMNS, '  ')).toBe(ROWS);
    expect(searchRows(ROWS, COLUMNS, 'null')).toEqual([]);
  });

  it('are found by what is written in a column, not by the number behind it', () => {
    const made: TableColumn<Row> = {
      key: 'made',
      title: 'Made',
      value: () => 1_795_999_500_000,
      text: () => 'Nov 30',
    };
    expect(searchRows(ROWS, [...COLUMNS, made], '1795')).toEqual([]);
    expect(searchRows(ROWS, [...COLUMNS, made], 'nov 30')).toEqual(ROWS);
  });

  it('are ordered upwards, downwards and not at all by presses on one head', () => {
    const first = nextSort({ key: 'name', descending: true }, 'count');
    expect(first).toEqual({ key: 'count', descending: false });
    const second = nextSort(first, 'count');
    expect(second).toEqual({ key: 'count', descending: true });
    expect(nextSort(second, 'count')).toBeNull();
  });
});
