import type { PrinterSetting } from '#shared/contract/index.ts';
import { DOTS_PER_MM } from '#shared/domain/label-printer.ts';

/** Printable ASCII without the characters that either language reads as a part of a command. */
const plain = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/["^~\\]/g, '_');

/**
 * A label that shows whether size, resolution and language are right: a frame at its edges, the settings as text, and a
 * code to scan. A station's name in Chinese is left out, because not every printer has such a font.
 *
 * Sources: Zebra, ZPL II Programming Guide (`^PW`, `^LL`, `^GB`, `^A0`, `^BQ`); TSC, TSPL/TSPL2 Programming Manual (`SIZE`,
 * `GAP`, `BOX`, `TEXT`, `QRCODE`, `PRINT`).
 */
export function testLabel(setting: PrinterSetting, station: string, at: Date): Uint8Array {
  const { language, dpi, widthMm, heightMm } = setting;
  const dots = (mm: number): number => Math.round(mm * DOTS_PER_MM[dpi]);
  const lines = [
    'Gongwei',
    ...(/^[\x20-\x7e]+$/.test(station) ? [station] : []),
    `${widthMm} x ${heightMm} mm`,
    `${dpi} dpi ${language.toUpperCase()}`,
    at.toISOString().slice(0, 16).replace('T', ' '),
  ].map(plain);
  const layout: Layout = {
    width: dots(widthMm),
    height: dots(heightMm),
    margin: dots(1),
    line: dots(0.25),
    text: Math.max(16, Math.min(dots(3), Math.floor(dots(heightMm - 4) / lines.length))),
    module: Math.max(1, Math.min(10, Math.floor(Math.min(dots(heightMm - 4), dots(widthMm * 0.4)) / 25))),
    lines,
    code: 'GONGWEI-TEST',
  };
  return Buffer.from(language === 'zpl' ? zpl(layout) : tspl(layout, setting), 'latin1');
}

/** Sizes and places in dots. */
interface Layout {
  readonly width: number;
  readonly height: number;
  readonly margin: number;
  /** Thickness of the frame. */
  readonly line: number;
  /** Height of a line of text. */
  readonly text: number;
  /** Size of a module of the code. */
  readonly module: number;
  readonly lines: readonly string[];
  readonly code: string;
}

function zpl({ width, height, margin, line, text, module, lines, code }: Layout): string {
  const size = Math.max(12, Math.floor(text * 0.8));
  return [
    '^XA',
    `^PW${width}^LL${height}^LH0,0`,
    `^FO${margin},${margin}^GB${width - 2 * margin},${height - 2 * margin},${line}^FS`,
    `^FO${2 * margin},${2 * margin}^BQN,2,${module}^FDMA,${code}^FS`,
    ...lines.map(
      (words, index) =>
        `^FO${3 * margin + 25 * module},${2 * margin + index * text}^A0N,${size},${Math.floor(size * 0.8)}^FD${words}^FS`,
    ),
    '^PQ1^XZ',
    '',
  ].join('\n');
}

function tspl(
  { width, height, margin, line, text, module, lines, code }: Layout,
  { widthMm, heightMm, gapMm }: PrinterSetting,
): string {
  // Font "2" is 12 by 20 dots; it is enlarged by whole factors.
  const factor = Math.max(1, Math.min(10, Math.floor(text / 24)));
  return [
    `SIZE ${widthMm} mm,${heightMm} mm`,
    `GAP ${gapMm} mm,0 mm`,
    'DIRECTION 1',
    'CLS',
    `BOX ${margin},${margin},${width - margin},${height - margin},${line}`,
    `QRCODE ${2 * margin},${2 * margin},M,${module},A,0,"${code}"`,
    ...lines.map(
      (words, index) =>
        `TEXT ${3 * margin + 25 * module},${2 * margin + index * text},"2",0,${factor},${factor},"${words}"`,
    ),
    'PRINT 1,1',
    '',
  ].join('\r\n');
}
