import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeCsv, encodeCsvRow, type CsvOptions } from '../../../../shared/codec/csv/index.ts';

/** Python's csv module, someone else's reader, as the judge of what was written. */
function readWithPython(tables: readonly { csv: string; delimiter: string }[]): string[][][] {
  const script = `
import csv, io, json, sys
tables = json.load(sys.stdin)
json.dump([list(csv.reader(io.StringIO(t["csv"], newline=""), delimiter=t["delimiter"], strict=True)) for t in tables], sys.stdout)
`;
  const out = execFileSync('python3', ['-X', 'utf8', '-c', script], { input: JSON.stringify(tables) });
  return JSON.parse(out.toString()) as string[][][];
}

describe('a CSV row', () => {
  it.each([
    [['a', 'b'], 'a,b'],
    [['a,b', 'say "hi"', 'two\nlines'], '"a,b","say ""hi""","two\nlines"'],
    [[' padded '], '" padded "'],
    [[null, undefined, true, 12n], ',,true,12'],
    [[''], '""'],
    [['产品', '😀'], '产品,😀'],
  ])('number %$ is written as a spreadsheet reads it', (cells, line) => {
    expect(encodeCsvRow(cells)).toBe(`${line}\r\n`);
  });

  it('keeps numbers numbers, negative ones too', () => {
    expect(encodeCsvRow([-12.5, 1e21, 0.1, '-12.5', '+1e-3'])).toBe('-12.5,1e+21,0.1,-12.5,+1e-3\r\n');
  });

  it.each(['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\tx', '\rx', '＝1+1', '-Infinity', '+86 138'])(
    'takes the sting out of %j',
    (cell) => {
      expect(encodeCsvRow([cell]).replace(/^"/, '')).toMatch(/^'/);
    },
  );

  it('lets no escape sequence and no turned text through to who types the file on a terminal', () => {
    expect(encodeCsvRow(['SN1\u001b[1A\u001b[2KPASS', 'a\u202eb', 'two\nlines\tand'])).toBe(
      'SN1\\x1b[1A\\x1b[2KPASS,a\\u202eb,"two\nlines\tand"\r\n',
    );
  });

  it('can be told to leave formulas alone, for a reader that is not a spreadsheet', () => {
    expect(encodeCsvRow(['=1+1'], { neutralize: false })).toBe('=1+1\r\n');
  });
});

describe('a CSV table', () => {
  it('has one byte order mark, in front, when asked for', () => {
    expect([...encodeCsv([['a'], ['b']], { bom: true })].join('')).toBe('\uFEFFa\r\nb\r\n');
    expect([...encodeCsv([['a']])].join('')).toBe('a\r\n');
    expect([...encodeCsv([], { bom: true })].join('')).toBe('\uFEFF');
  });

  it('is read back by Python exactly as it was, in every dialect', () => {
    const cell = fc.string({ unit: fc.constantFrom(...'abc,;\t"\r\n =+-@产😀\'') });
    const delimiter = fc.constantFrom<NonNullable<CsvOptions['delimiter']>>(',', ';', '\t');
    const table = fc.tuple(
      delimiter,
      fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 5 }),
    );
    const tables = fc.sample(table, 300);
    const encoded = tables.map(([between, rows]) => ({
      delimiter: between,
      csv: [...encodeCsv(rows, { delimiter: between, neutralize: false })].join(''),
    }));
    expect(readWithPython(encoded)).toEqual(tables.map(([, rows]) => rows));
  });

  it('differs, when neutralised, only by the apostrophe', () => {
    const rows = [['=1+1', 'plain', '-1', '-x']];
    const [read] = readWithPython([{ csv: [...encodeCsv(rows)].join(''), delimiter: ',' }]);
    expect(read).toEqual([["'=1+1", 'plain', '-1', "'-x"]]);
  });
});
