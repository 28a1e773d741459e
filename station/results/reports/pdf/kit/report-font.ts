import { readShippedFont } from '../../../labels/index.ts';
import { readCharacterMap } from './character-map.ts';

/** The font of PDF reports. Widths are in ems. */
export interface ReportFont {
  /** A TrueType file. */
  readonly data: Buffer;
  has(codePoint: number): boolean;
  /** Advance width; that of a missing character is 0. */
  widthEm(codePoint: number): number;
  readonly ascentEm: number;
}

/** Reads the shipped font. Errors: those of the file system. */
export async function readReportFont(): Promise<ReportFont> {
  return toReportFont(await readShippedFont());
}

function toReportFont(data: Buffer): ReportFont {
  const tables = new Map<string, number>();
  for (let index = 0; index < data.readUInt16BE(4); index += 1) {
    const record = 12 + 16 * index;
    tables.set(data.toString('latin1', record, record + 4), data.readUInt32BE(record + 8));
  }
  const table = (tag: string): number => {
    const at = tables.get(tag);
    if (at === undefined) throw new Error(`the font has no table ${tag}`);
    return at;
  };
  const [head, hhea, hmtx] = [table('head'), table('hhea'), table('hmtx')];
  const unitsPerEm = data.readUInt16BE(head + 18);
  const metrics = data.readUInt16BE(hhea + 34);
  const glyphOf = readCharacterMap(data, table('cmap'));
  return {
    data,
    has: (codePoint) => glyphOf(codePoint) !== 0,
    widthEm(codePoint) {
      const glyph = glyphOf(codePoint);
      // The last metric is that of all following glyphs.
      return glyph === 0 ? 0 : data.readUInt16BE(hmtx + 4 * Math.min(glyph, metrics - 1)) / unitsPerEm;
    },
    ascentEm: data.readInt16BE(hhea + 4) / unitsPerEm,
  };
}
