import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { readCharacterMap } from './character-map.ts';

/** Shipped with the program, so that every computer makes the same file: Chinese, Latin, Greek and Cyrillic characters. */
const FONT_FILE = 'resources/fonts/noto-sans-sc.ttf.br';

/** The font of PDF reports. Widths are in ems. */
export interface ReportFont {
  /** A TrueType file. */
  readonly data: Buffer;
  has(codePoint: number): boolean;
  /** Advance width; that of a missing character is 0. */
  widthEm(codePoint: number): number;
  readonly ascentEm: number;
}

/** Reads the shipped font, 5 MB. Errors: those of the file system. */
export async function readReportFont(): Promise<ReportFont> {
  return toReportFont(await promisify(brotliDecompress)(await readFile(findFontFile())));
}

/** The program is in a bundle or in its source folders; the file has the same place under its root. */
function findFontFile(): string {
  for (let dir = import.meta.dirname; ; dir = dirname(dir)) {
    const path = join(dir, FONT_FILE);
    if (existsSync(path)) return path;
    if (dirname(dir) === dir) throw new Error(`${FONT_FILE} is missing`);
  }
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
