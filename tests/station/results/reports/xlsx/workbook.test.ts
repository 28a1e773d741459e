import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { visibleText } from '#shared/codec/visible-text.ts';
import type { Cell } from '../../../../../station/results/reports/xlsx/cell-xml.ts';
import { columnName } from '../../../../../station/results/reports/xlsx/column-name.ts';
import { type Sheet, workbook } from '../../../../../station/results/reports/xlsx/workbook.ts';
import { depth } from '../../../../support/depth.ts';
import { type ReadSheet, readXlsx } from '../../../../support/read-xlsx.ts';
import { tempDir } from '../../../../support/temp-dir.ts';

describe('a workbook', () => {
  let dir: ReturnType<typeof tempDir>;
  beforeEach(() => {
    dir = tempDir('xlsx');
  });
  afterEach(() => {
    dir[Symbol.dispose]();
  });

  async function written(...args: Parameters<typeof workbook>): Promise<ReadSheet[]> {
    const path = join(dir.path, 'book.xlsx');
    writeFileSync(path, await buffer(workbook(...args)));
    return readXlsx(path);
  }
  const sheetOf = (rows: readonly (readonly Cell[])[], width = rows[0]?.length ?? 1): Sheet => ({
    name: 'runs',
    columns: Array.from({ length: width }, (_, index) => ({ header: `c${index}` })),
    rows,
  });

  it('keeps texts as texts, whatever a spreadsheet would make of them', async () => {
    const texts = [
      '000123', '861234567890123456', '=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '1/2', 'MARCH1', '1E5', 'TRUE', '#N/A',
      "'=1", '12:30', '50%', '¥5', ' leads', 'ends ', '=HYPERLINK("http://x")', '产品<&>"\'', '＝1',
    ]; // prettier-ignore
    const [sheet] = await written([sheetOf([texts])], 'texts');
    expect(sheet?.rows[1]).toEqual(texts.map((text) => [text, 's', '@']));
  });

  it('keeps numbers, times and truth values as such', async () => {
    const atMs = Date.UTC(2026, 10, 21, 8, 30, 5, 123);
    const cells = [
      3.3,
      -0.5,
      1e301,
      123_456_789_012_345,
      { atMs },
      true,
      null,
      { value: 0.5, look: 'percent' as const },
    ];
    const [sheet] = await written([sheetOf([cells])], 'numbers');
    expect(sheet?.rows[1]).toEqual([
      [3.3, 'n', 'General'],
      [-0.5, 'n', 'General'],
      [1e301, 'n', 'General'],
      [123_456_789_012_345, 'n', 'General'],
      ['2026-11-21T08:30:05.123', 'd', String.raw`yyyy\-mm\-dd\ hh:mm:ss.000`],
      [true, 'b', 'General'],
      [null, 'n', 'General'],
      [0.5, 'n', '0.00%'],
    ]);
  });

  it('writes what a number cell cannot hold as text', async () => {
    const cells = [Number.NaN, Infinity, 9_007_199_254_740_991, { atMs: -1e15 }, { atMs: Number.NaN }];
    const [sheet] = await written([sheetOf([cells])], 'numbers');
    const texts = ['NaN', 'Infinity', '9007199254740991', new Date(-1e15).toISOString(), 'NaN'];
    expect(sheet?.rows[1]).toEqual(texts.map((text) => [text, 's', '@']));
  });

  it('holds any text as an independent reader finds it', async () => {
    const cells = [
      'not \uffff of \ufffe XML',
      'a\r\nb\rc\td',
      ...fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), depth({ short: 300, long: 5_000 })),
      // The reader does not see empty rows at the end.
      'last',
    ];
    const [sheet] = await written([sheetOf(cells.map((cell) => [cell]))], 'any');
    const read = sheet?.rows.slice(1).map(([cell]) => cell?.[0] ?? '');
    // openpyxl does not undo the escape of escapes in inline strings.
    const shown = (cell: string): string =>
      visibleText(cell)
        .replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_')
        .replace(/[\ufffe\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
    expect(read).toEqual(cells.map(shown));
  });

  it('cuts a text that is too long for a cell, with a mark', async () => {
    const [sheet] = await written([sheetOf([['x'.repeat(40_000)]])], 'long');
    const text = sheet?.rows[1]?.[0]?.[0] as string;
    expect(text).toHaveLength(32_767);
    expect(text.endsWith('…')).toBe(true);
  });

  it('freezes the header, filters all rows, and draws charts', async () => {
    const pareto: Sheet = {
      name: 'Pareto',
      columns: [{ header: 'cause' }, { header: 'runs' }],
      rows: [
        ['silent', 5],
        ['limit', 3],
      ],
      frozenColumns: 1,
      charts: () => [
        {
          kind: 'bars',
          title: 'Pareto',
          labelColumn: 0,
          valueColumn: 1,
          lastRow: 2,
          at: { column: 3, row: 1 },
          format: '0',
        },
      ],
    };
    const [runs, other] = await written([sheetOf([['a'], ['b']]), pareto], 'charts');
    expect(runs).toMatchObject({ name: 'runs', frozen: 'A2', filter: 'A1:A3', charts: 0 });
    expect(other).toMatchObject({ name: 'Pareto', frozen: 'B2', filter: 'A1:B3', charts: 1 });
  });

  it('goes on in another sheet when one is full, and says what it leaves out', async () => {
    const rows = Array.from({ length: 5 }, (_, index) => [index, 'b', 'c']);
    const sheets = await written([sheetOf(rows)], 'many', { rows: 3, columns: 2, length: 1e6 });
    expect(sheets.map(({ name }) => name)).toEqual(['runs', 'runs 2', 'runs 3']);
    expect(sheets.map(({ rows: read }) => read.map((row) => row.map(([value]) => value)))).toEqual([
      [['c0', '2 more columns are not shown'], [0, null], [1, null]],
      [['c0', '2 more columns are not shown'], [2, null], [3, null]],
      [['c0', '2 more columns are not shown'], [4, null]],
    ]); // prettier-ignore
    const long = await written([sheetOf(rows)], 'long', { rows: 9, columns: 9, length: 10 });
    expect(long.map(({ name }) => name)).toEqual(
      ['runs', 'runs 2', 'runs 3', 'runs 4', 'runs 5'].slice(0, long.length),
    );
    expect(long.flatMap(({ rows: read }) => read.slice(1).map(([cell]) => cell?.[0]))).toEqual([
      0, 1, 2, 3, 4,
    ]);
  });

  it('has the same bytes each time, in each time zone', async () => {
    const bytes = (): Promise<Buffer> => buffer(workbook([sheetOf([['a', 1, { atMs: 5 }]])], 'same'));
    const before = process.env['TZ'];
    const first = await bytes();
    process.env['TZ'] = 'Asia/Shanghai';
    try {
      expect((await bytes()).equals(first)).toBe(true);
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });

  it('passes the fault of its rows on, and ends them when its reader stops', async () => {
    async function* failing(): AsyncGenerator<Cell[]> {
      yield ['a'];
      throw new Error('gone');
    }
    await expect(buffer(workbook([{ ...sheetOf([['a']]), rows: failing() }], 'x'))).rejects.toThrow('gone');

    let isEnded = false;
    async function* endless(): AsyncGenerator<Cell[]> {
      try {
        for (;;) yield [Math.random(), 'x'.repeat(100)];
      } finally {
        isEnded = true;
      }
    }
    for await (const piece of workbook([{ ...sheetOf([['a']]), rows: endless() }], 'x'))
      if (piece.length > 1_000) break;
    expect(isEnded).toBe(true);
  });

  it('names columns as spreadsheets do', () => {
    expect([0, 25, 26, 701, 702, 16_383].map(columnName)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA', 'XFD']);
  });
});
