import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeReport } from '../../../../station/results/reports/index.ts';
import { openStationDatabase } from '../../../../station/core/database/index.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { PYTHON } from '../../../support/system-python.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { addRuns, addSampleBatch } from './sample-batch.ts';

/** One of each kind that a spreadsheet reads as something else than text. */
const TEXTS = [
  '861234567890123456', '12345678901234567890123', '000123', '0', '12E5', '1E5', '1e-7', '-7', '+8613800000000', '1.50', '1,50', '1.234,56', '3.1',
  '1/2', '2026-12-01', '1.12.2026', '12/1/26', 'MAR1', 'MARCH1', '1-Dec', '12:30', '12:30:15', '1:2', '5%', '$5', '5 €', '￥5', '5元', '(5)',
  'TRUE', 'false', 'WAHR', '#N/A', '０１２３', '＝1+1', '＋1', '－1', '＠SUM(A1)', '=1+1', '=HYPERLINK("http://x","y")', '@SUM(A1)', '+1+1', '-2+3',
  '\t=1+1', '\r=1+1', "'quoted", '"', 'a,b', 'a;b', 'a\r\nb', ' 12 ', '序列号①', 'A2:B7:F2:18:E0:B4', '2026年12月1日', 'SN000001', 'true ',
]; // prettier-ignore

const CASES = [
  [',', '.', 44],
  [';', ',', 59],
  ['\t', '.', 9],
] as const;

describe('a CSV file in LibreOffice', () => {
  it.each(CASES)(
    'with %j and %j shows each text as it is, and computes nothing',
    async (delimiter, decimal, code) => {
      using dir = tempDir('spreadsheet');
      const database = openStationDatabase(join(dir.path, 'data'));
      addSampleBatch(database, 'B', '=1+1');
      addRuns(
      database,
      TEXTS.map((text, n) => ({
        runId: `r${n}`,
        serialNumber: text,
        startedAtMs: n,
        operator: text,
        outcome: 'FAIL',
        failure: { message: text },
        steps: [{ step: 's', measured: [{ name: '=2+2', value: text }, { name: 'volt', value: n + 0.5 }] }],
      })),
    ); // prettier-ignore
      const file = join(dir.path, 'r.csv');
      const csv = { delimiter, decimal };
      await writeReport(database, { kind: 'batch', batchId: 'B' }, file, {
        format: 'csv',
        csv,
        signal: NEVER_ABORTED,
      });
      database.close();
      execFileSync('soffice', [
      `-env:UserInstallation=file://${join(dir.path, 'profile')}`,
      '--headless',
      // Quotes, UTF-8, from the first line, the language of the form, numbers and formulas detected, as a double click would.
      `--infilter=CSV:${code},34,76,1,,${decimal === ',' ? 1031 : 1033},false,true,false,false,false,0,true`,
      '--convert-to',
      'xlsx',
      '--outdir',
      dir.path,
      file,
    ]); // prettier-ignore
      const printed = execFileSync(PYTHON, ['-X', 'utf8', '-c', READER, join(dir.path, 'r.xlsx')]);
      const [shown, formulas] = JSON.parse(printed.toString()) as [unknown[][], string[]];
      for (const formula of formulas) expect(formula).toMatch(/^="[^"]*"$/);
      const [header = [], ...rows] = shown;
      expect(header).toContain("'=2+2");
      for (const [n, text] of TEXTS.entries()) {
        const row = new Map(header.map((name, index) => [name, rows[n]?.[index]]));
        const { [n]: seen } = TEXTS;
        const visible = [text, `'${text}`].map(asShown);
        for (const name of ['serial number', 'operator', 'message', "'=2+2"]) {
          expect(visible, `${String(name)} of ${JSON.stringify(seen)}`).toContain(
            asShown(String(row.get(name))),
          );
        }
        expect(row.get('batch')).toBe("'=1+1");
        expect(row.get('volt')).toBe(n + 0.5);
      }
    },
  );
});

/** Line breaks and blanks at the ends have several forms in a workbook. */
function asShown(text: string): string {
  return text.replaceAll('\\r', '').replaceAll('\r', '').replaceAll('_x000D_', '').trim();
}

const READER = `
import json, sys, openpyxl
values = openpyxl.load_workbook(sys.argv[1], data_only=True).active
written = openpyxl.load_workbook(sys.argv[1]).active
formulas = [cell.value for row in written.iter_rows() for cell in row if cell.data_type == "f"]
plain = lambda value: value if isinstance(value, (int, float, str, type(None))) else "not text: " + repr(value)
json.dump([[[plain(cell.value) for cell in row] for row in values.iter_rows()], formulas], sys.stdout)
`;
