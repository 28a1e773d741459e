import { execFileSync } from 'node:child_process';
import { PYTHON } from './system-python.ts';

/** A cell as openpyxl reads it: type `s`, `n`, `b` or `d`; a time as ISO text. */
export type ReadCell = readonly [value: unknown, type: string, format: string];

export interface ReadSheet {
  readonly name: string;
  readonly frozen: string;
  readonly filter: string;
  readonly charts: number;
  readonly rows: readonly (readonly ReadCell[])[];
}

const READER = `
import datetime, json, sys, openpyxl
def plain(value):
    if isinstance(value, datetime.datetime):
        return value.isoformat(timespec="milliseconds")
    return value
book = openpyxl.load_workbook(sys.argv[1])
json.dump([{
    "name": sheet.title, "frozen": sheet.freeze_panes, "filter": sheet.auto_filter.ref, "charts": len(sheet._charts),
    "rows": [[[plain(cell.value), cell.data_type, cell.number_format] for cell in row] for row in sheet.iter_rows()],
} for sheet in book], sys.stdout)
`;

/** The sheets of a workbook by openpyxl, a reader that is not ours. */
export function readXlsx(path: string): ReadSheet[] {
  const out = execFileSync(PYTHON, ['-X', 'utf8', '-c', READER, path], { maxBuffer: 1e9 });
  return JSON.parse(out.toString('utf8')) as ReadSheet[];
}

/** The values of a sheet with their headers. */
export function recordsOf({ rows }: ReadSheet): Record<string, unknown>[] {
  const [header = [], ...body] = rows;
  return body.map((row) =>
    Object.fromEntries(row.map(([value], index) => [String(header[index]?.[0]), value])),
  );
}
