import { xmlText } from '#shared/codec/xml-text.ts';
import { type Cell, cellXml, headerXml } from './cell-xml.ts';
import { columnName } from './column-name.ts';
import { NAMESPACES, XML_DECLARATION } from './xml.ts';

/** A column of a sheet. */
export interface Column {
  readonly header: string;
  /** In characters; default: that of the header, 8 to 40. */
  readonly width?: number;
}

/** XML is passed on in pieces of about this length, in characters. */
const PIECE_LENGTH = 64 * 1024;
const WIDTHS = { least: 8, most: 40, besideText: 3 } as const;

/** Columns beyond this one have names of three letters, which are made when they are needed. */
const names: string[] = [];

/** The beginning of a sheet, with its header frozen at the top. Source: ECMA-376 part 1, 18.3.1. */
export function sheetHead(columns: readonly Column[], frozenColumns: number): string {
  const pane =
    frozenColumns === 0
      ? '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
      : `<pane xSplit="${frozenColumns}" ySplit="1" topLeftCell="${columnName(frozenColumns)}2" activePane="bottomRight" state="frozen"/>`;
  const widths = columns.map(
    (column, index) =>
      `<col min="${index + 1}" max="${index + 1}" width="${widthOf(column)}" customWidth="1"/>`,
  );
  return (
    `${XML_DECLARATION}<worksheet xmlns="${NAMESPACES.sheet}" xmlns:r="${NAMESPACES.relationship}">` +
    `<sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>` +
    `<cols>${widths.join('')}</cols><sheetData><row r="1">` +
    `${columns.map(({ header }, index) => headerXml(header, nameOf(index) + 1)).join('')}</row>`
  );
}

/** A row; `number` is counted from 1. */
export function rowXml(cells: readonly Cell[], number: number): string {
  let xml = `<row r="${number}">`;
  for (const [index, cell] of cells.entries()) xml += cellXml(cell, nameOf(index) + number);
  return `${xml}</row>`;
}

/** The end of a sheet: the filter of its columns, and the drawing with its charts. */
export function sheetTail(columnCount: number, lastRow: number, drawingId: string | null): string {
  const filter = `<autoFilter ref="A1:${columnName(columnCount - 1)}${lastRow}"/>`;
  const drawing = drawingId === null ? '' : `<drawing r:id="${xmlText(drawingId)}"/>`;
  return `</sheetData>${filter}${drawing}</worksheet>`;
}

/** Joins short pieces of text. */
export class Pieces {
  #text = '';

  /** Returns what is to be passed on now; null when it is still short. */
  add(text: string): string | null {
    this.#text += text;
    return this.#text.length < PIECE_LENGTH ? null : this.take();
  }

  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }
}

function nameOf(index: number): string {
  return (names[index] ??= columnName(index));
}

function widthOf({ header, width }: Column): number {
  return width ?? Math.min(WIDTHS.most, Math.max(WIDTHS.least, header.length + WIDTHS.besideText));
}
