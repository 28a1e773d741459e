import { xmlText } from '#shared/codec/xml-text.ts';
import { counted } from '#shared/words/index.ts';
import { zipArchive, type ZipEntry } from '#node-kit/files/index.ts';
import type { Cell } from './cell-xml.ts';
import { type Chart, chartXml, drawingXml } from './chart-xml.ts';
import { MAX_COLUMNS, MAX_ROWS } from './column-name.ts';
import { type Column, Pieces, rowXml, sheetHead, sheetTail } from './sheet-xml.ts';
import { STYLES_XML } from './styles-xml.ts';
import { NAMESPACES, relationshipsXml, XML_DECLARATION } from './xml.ts';

/** A table of a workbook. Its rows are read once, after those of the sheets before it. */
export interface Sheet {
  /** At most 25 characters, none of `[ ] : * ? / \`; longer tables go on in `NAME 2`. */
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: AsyncIterable<readonly Cell[]> | Iterable<readonly Cell[]>;
  /** Columns on the left that stay where they are; default 0. */
  readonly frozenColumns?: number;
  /** Called when the rows have been read; row 1 of the sheet is its first row below the header. */
  readonly charts?: () => readonly Chart[];
}

/** A name of a part that is in the archive. */
interface Part {
  readonly path: string;
  readonly type: string;
}

/**
 * Longest XML of a sheet, in characters. An entry of an archive may have 4 GiB, and a character up to 3 bytes: a sheet that
 * would be longer goes on in the next one.
 */
const MAX_SHEET_LENGTH = 1_200_000_000;
/** What one sheet may have. */
export interface SheetLimits {
  /** With the header. */
  readonly rows: number;
  readonly columns: number;
  /** Characters of its XML. */
  readonly length: number;
}

const LIMITS: SheetLimits = { rows: MAX_ROWS, columns: MAX_COLUMNS, length: MAX_SHEET_LENGTH };
const TYPE = 'application/vnd.openxmlformats-officedocument';

/**
 * A workbook as XLSX (ECMA-376 part 1), in constant memory: sheets and rows are read one after another as the result is read. The
 * same sheets give the same bytes. A table of more than 1,048,576 rows goes on in another sheet, with the header again; columns
 * beyond 16,384 are left out, and the last one says so. Ending the iteration early ends that of the rows.
 */
export function workbook(
  sheets: readonly Sheet[],
  title: string,
  limits: SheetLimits = LIMITS,
): AsyncGenerator<Uint8Array> {
  return zipArchive(entriesOf(sheets, title, limits));
}

async function* entriesOf(
  sheets: readonly Sheet[],
  title: string,
  limits: SheetLimits,
): AsyncGenerator<ZipEntry> {
  const parts: Part[] = [];
  const names: string[] = [];
  const add = (path: string, type: string, content: ZipEntry['content']): ZipEntry => {
    parts.push({ path, type });
    return { name: path, content };
  };
  let drawings = 0;
  let chartCount = 0;
  for (const sheet of sheets) {
    const columns = withinLimit(sheet.columns, limits.columns);
    const shown = Math.min(sheet.columns.length, limits.columns - (sheet.columns === columns ? 0 : 1));
    const rows = new RowReader(sheet.rows);
    try {
      for (let part = 1; part === 1 || !(await rows.hasEnded()); part += 1) {
        const name = part === 1 ? sheet.name : `${sheet.name} ${part}`;
        names.push(name);
        const path = `xl/worksheets/sheet${names.length}.xml`;
        let charts: readonly Chart[] = [];
        const findCharts = async (): Promise<string | null> => {
          // On the last sheet of a table only: its charts have the rows of one sheet.
          if (part === 1 && (await rows.hasEnded())) charts = sheet.charts?.() ?? [];
          return charts.length === 0 ? null : 'rId1';
        };
        yield add(
          path,
          `${TYPE}.spreadsheetml.worksheet+xml`,
          sheetContent({ columns, shown, frozenColumns: sheet.frozenColumns ?? 0, limits }, rows, findCharts),
        );
        if (charts.length === 0) continue;
        drawings += 1;
        const drawing = `drawing${drawings}.xml`;
        yield relations(`xl/worksheets/_rels/sheet${names.length}.xml.rels`, [
          { id: 'rId1', kind: 'drawing', target: `../drawings/${drawing}` },
        ]);
        const first = chartCount + 1;
        yield add(`xl/drawings/${drawing}`, `${TYPE}.drawing+xml`, drawingXml(charts));
        yield relations(
          `xl/drawings/_rels/${drawing}.rels`,
          charts.map((_, index) => ({
            id: `rId${index + 1}`,
            kind: 'chart',
            target: `../charts/chart${first + index}.xml`,
          })),
        );
        for (const chart of charts) {
          chartCount += 1;
          yield add(`xl/charts/chart${chartCount}.xml`, `${TYPE}.drawingml.chart+xml`, chartXml(chart, name));
        }
      }
    } finally {
      await rows.end();
    }
  }
  yield add('xl/styles.xml', `${TYPE}.spreadsheetml.styles+xml`, STYLES_XML);
  yield add('xl/workbook.xml', `${TYPE}.spreadsheetml.sheet.main+xml`, workbookXml(names));
  yield add(
    'docProps/core.xml',
    'application/vnd.openxmlformats-package.core-properties+xml',
    coreXml(title),
  );
  yield relations('xl/_rels/workbook.xml.rels', [
    ...names.map((_, index) => ({
      id: `rId${index + 1}`,
      kind: 'worksheet',
      target: `worksheets/sheet${index + 1}.xml`,
    })),
    { id: `rId${names.length + 1}`, kind: 'styles', target: 'styles.xml' },
  ]);
  yield { name: '_rels/.rels', content: packageRelationsXml() };
  yield { name: '[Content_Types].xml', content: contentTypesXml(parts) };
}

function relations(path: string, items: Parameters<typeof relationshipsXml>[0]): ZipEntry {
  return { name: path, content: relationshipsXml(items) };
}

interface SheetShape {
  readonly columns: readonly Column[];
  /** The cells of a row that are shown. */
  readonly shown: number;
  readonly frozenColumns: number;
  readonly limits: SheetLimits;
}

async function* sheetContent(
  { columns, shown, frozenColumns, limits }: SheetShape,
  rows: RowReader,
  findDrawing: () => Promise<string | null>,
): AsyncGenerator<string> {
  const pieces = new Pieces();
  let length = 0;
  let number = 1;
  const made = (xml: string): string | null => {
    length += xml.length;
    return pieces.add(xml);
  };
  const head = made(sheetHead(columns, frozenColumns));
  if (head !== null) yield head;
  // One row at least, so that each sheet goes on.
  while (number < limits.rows && (number === 1 || length < limits.length)) {
    const cells = await rows.next();
    if (cells === null) break;
    number += 1;
    const piece = made(rowXml(cells.length > shown ? cells.slice(0, shown) : cells, number));
    if (piece !== null) yield piece;
  }
  yield pieces.take() + sheetTail(columns.length, number, await findDrawing());
}

/** The rows of a table for several sheets, with a look at the next one. */
class RowReader {
  readonly #iterator: AsyncIterator<readonly Cell[]> | Iterator<readonly Cell[]>;
  #ahead: IteratorResult<readonly Cell[]> | null = null;

  constructor(rows: Sheet['rows']) {
    this.#iterator = Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
  }

  async next(): Promise<readonly Cell[] | null> {
    const result = this.#ahead ?? (await this.#iterator.next());
    this.#ahead = result.done === true ? result : null;
    return result.done === true ? null : result.value;
  }

  async hasEnded(): Promise<boolean> {
    this.#ahead ??= await this.#iterator.next();
    return this.#ahead.done === true;
  }

  async end(): Promise<void> {
    await this.#iterator.return?.();
  }
}

function withinLimit(columns: readonly Column[], most: number): readonly Column[] {
  if (columns.length <= most) return columns;
  const kept = columns.slice(0, most - 1);
  return [
    ...kept,
    { header: `${counted(columns.length - kept.length, 'more column is', 'more columns are')} not shown` },
  ];
}

function workbookXml(names: readonly string[]): string {
  const sheets = names.map(
    (name, index) => `<sheet name="${xmlText(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  return (
    `${XML_DECLARATION}<workbook xmlns="${NAMESPACES.sheet}" xmlns:r="${NAMESPACES.relationship}">` +
    `<bookViews><workbookView activeTab="0"/></bookViews><sheets>${sheets.join('')}</sheets></workbook>`
  );
}

function coreXml(title: string): string {
  return (
    `${XML_DECLARATION}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
    `<dc:title>${xmlText(title)}</dc:title><dc:creator>Gongwei</dc:creator></cp:coreProperties>`
  );
}

function packageRelationsXml(): string {
  return (
    `${XML_DECLARATION}<Relationships xmlns="${NAMESPACES.relationships}">` +
    `<Relationship Id="rId1" Type="${NAMESPACES.relationship}/officeDocument" Target="xl/workbook.xml"/>` +
    `<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`
  );
}

function contentTypesXml(parts: readonly Part[]): string {
  const overrides = parts.map(({ path, type }) => `<Override PartName="/${path}" ContentType="${type}"/>`);
  return (
    `${XML_DECLARATION}<Types xmlns="${NAMESPACES.contentTypes}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
    `<Default Extension="xml" ContentType="application/xml"/>${overrides.join('')}</Types>`
  );
}
