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
    expect(encodeCsvRow([-12.5, 1e21, 0.1, 7, 12n])).toBe('-12.5,1e+21,0.1,7,12\r\n');
    expect(encodeCsvRow([-12.5, 1e21, 7], { delimiter: ';', decimal: ',' })).toBe('-12,5;1e+21;7\r\n');
  });

  it('writes a whole number as text that has more digits than a spreadsheet keeps', () => {
    const asText = (digits: string): string => `"=""${digits}"""`;
    expect(encodeCsvRow([9007199254740991, -8612345678901235, 861234567890123456n])).toBe(
      `${['9007199254740991', '-8612345678901235', '861234567890123456'].map(asText).join(',')}\r\n`,
    );
    expect(encodeCsvRow([861234567890123, 1e15, 8612345678901230n])).toBe(
      '861234567890123,1000000000000000,8612345678901230\r\n',
    );
    expect(encodeCsvRow([9007199254740991], { neutralize: false })).toBe('9007199254740991\r\n');
  });

  it.each(['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\tx', '\rx', '＝1+1', '-Infinity', '+86 138'])(
    'writes %j so that no spreadsheet computes it',
    (cell) => {
      // Either a text that begins with an apostrophe, or a formula that is nothing but a text.
      expect(encodeCsvRow([cell])).toMatch(/^(?:"?'|"=""[^"]*"""\r\n$)/);
    },
  );

  it('writes escape sequences and bidirectional characters as visible escapes', () => {
    expect(encodeCsvRow(['SN1\u001b[1A\u001b[2KPASS', 'a\u202eb', 'two\nlines\tand'])).toBe(
      'SN1\\x1b[1A\\x1b[2KPASS,a\\u202eb,"two\nlines\tand"\r\n',
    );
  });

  it('leaves formulas unchanged on request, for readers that are not spreadsheets', () => {
    expect(encodeCsvRow(['=1+1'], { neutralize: false })).toBe('=1+1\r\n');
  });
});

describe('a CSV table', () => {
  it('begins with one byte order mark on request', () => {
    expect([...encodeCsv([['a'], ['b']], { bom: true })].join('')).toBe('\uFEFFa\r\nb\r\n');
    expect([...encodeCsv([['a']])].join('')).toBe('a\r\n');
    expect([...encodeCsv([], { bom: true })].join('')).toBe('\uFEFF');
  });

  it('is read back unchanged by Python, in every dialect', () => {
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

  it("is recovered exactly from a spreadsheet's reading by the rule of docs/reports.md", () => {
    const cell = fc.string({ unit: fc.constantFrom(...'019,;"\n =+-@/:.Ee%产😀\'TRUEmarpm年') });
    const rows = fc.sample(fc.array(cell, { minLength: 1, maxLength: 4 }), 400);
    const [read] = readWithPython([{ csv: [...encodeCsv(rows)].join(''), delimiter: ',' }]);
    const script = `
import json, sys
def text(cell):
    if cell.startswith('="'):
        return cell[2:-1]
    return cell[1:] if cell.startswith("'") else cell
json.dump([[text(cell) for cell in row] for row in json.load(sys.stdin)], sys.stdout)
`;
    const taken = execFileSync('python3', ['-X', 'utf8', '-c', script], { input: JSON.stringify(read) });
    expect(JSON.parse(taken.toString())).toEqual(rows);
  });
});

describe('text that a spreadsheet would change', () => {
  it.each([
    '861234567890123456', '000123', '12E5', '1e3', '.5', '5.', '1,234', '1.234,5', '-7', '+1', '+8613800000000', '+86 138',
    '(5)', '5-', '1/2', '1 1/2', '1-2', '2026-01-02', '2026-01-02T10:00', '21.11.2026', '1.10.3', '12:30', '1:2:3.4',
    '9 AM', '12:30pm', '50%', '$5', '5 €', '¥5', 'Mar-5', 'MARCH1', 'DEC1', '5 mai 2026', '1. Dezember', 'Okt-3',
    'TRUE', 'false', 'WAHR', '#N/A', '#REF!', ' 12 ', '０１２３', '４／５', '－７', '١٢٣', '½', '5−3',
    '2026年3月1日', '上午9:00', '3月', '10点5分', '12:34:56:78:90:12',
    'R8.3.1', '令和8年3月1日', '民國115年3月1日', '午前8時30分', '오후 8:30', '2026년 3월 1일', '1 мар 2026', '12-янв', '3 maart', '5-mei',
  ])('is written as a formula of this text: %j', (text) => {
    expect(encodeCsvRow([text])).toBe(`"=""${text}"""\r\n`);
  }); // prettier-ignore

  it.each([
    'SN000001', 'A2:B7:F2:18:E0:B4', 'v1.0.3', 'L3-07', '序列号①', 'a1b2c3', '0x1F', 'JX-12F', 'gw000101', 'dBm', 'mars',
    'Marc', 'PASS', 'E5', 'T1', 'Z-12', '2026-11-21T08:30:05.123Z', 'device-silent', '01a22537-d687-7bb7-ace5-296d04537978', '第3台', '.',
  ])('is unchanged where a spreadsheet would not change it: %j', (text) => {
    expect(encodeCsvRow([text])).toBe(`${text}\r\n`);
  }); // prettier-ignore

  it.each(["'x", '="1"', '=HYPERLINK("x")', '-', '1'.repeat(300), '12\n30'])(
    'gets an apostrophe in front if a formula cannot contain it, or it would be computed: %j',
    (text) => {
      const [rows] = readWithPython([{ csv: encodeCsvRow([text]), delimiter: ',' }]);
      expect(rows).toEqual([[`'${text}`]]);
    },
  );
});
