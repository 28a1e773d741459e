import { Bitmap, type Turns } from './bitmap.ts';
import { barsPicture, type BarsKind, dataMatrixPicture, qrPicture, type QrLevel } from './symbols.ts';
import { textPicture } from './text.ts';
import { graphicPicture, type GraphicField } from './zpl-graphic.ts';

interface Font {
  readonly name: string;
  readonly height: number;
  /** 0: in proportion to the height. */
  readonly width: number;
}

/** What stays from one label to the next. */
export interface ZplSettings {
  width: number;
  height: number;
  home: { readonly x: number; readonly y: number };
  font: Font;
  bars: { readonly module: number; readonly ratio: number; readonly height: number };
  turns: Turns;
  isUtf8: boolean;
  isReversed: boolean;
}

export interface ZplField {
  at: { readonly x: number; readonly y: number; readonly isBaseline: boolean };
  font: Font;
  turns: Turns;
  data: Buffer | null;
  /** The sign before two hexadecimal digits; `null` without `^FH`. */
  escape: string | null;
  isReversed: boolean;
  block: {
    readonly width: number;
    readonly lines: number;
    readonly space: number;
    readonly justify: string;
  } | null;
  kind:
    | { readonly is: 'text' }
    | { readonly is: 'qr'; readonly module: number; readonly level: string }
    | { readonly is: 'datamatrix'; readonly module: number; readonly quality: number }
    | {
        readonly is: 'bars';
        readonly code: BarsKind;
        readonly height: number | null;
        readonly hasLine: boolean;
        readonly isAbove: boolean;
      }
    | {
        readonly is: 'box';
        readonly width: number;
        readonly height: number;
        readonly thickness: number;
        readonly isWhite: boolean;
      }
    | { readonly is: 'graphic'; readonly graphic: GraphicField };
}

export function newField({ font, turns, isReversed }: ZplSettings): ZplField {
  const at = { x: 0, y: 0, isBaseline: false };
  return { at, font, turns, data: null, escape: null, isReversed, block: null, kind: { is: 'text' } };
}

/** Draws a field; the command whose data it cannot use, else `null`. */
export function drawField(picture: Bitmap, field: ZplField, settings: ZplSettings): string | null {
  const { kind } = field;
  if (kind.is === 'box') {
    const box = new Bitmap(kind.width, kind.height);
    box.frame(0, 0, kind.width, kind.height, kind.thickness);
    const { x, y } = placeOf(box, field, settings, 0);
    if (kind.isWhite) picture.frame(x, y, kind.width, kind.height, kind.thickness, 0);
    else picture.draw(box, x, y, field.isReversed ? 'xor' : 'or');
    return null;
  }
  if (kind.is === 'graphic') {
    const graphic = graphicPicture(kind.graphic);
    if (graphic === null) return `^GF${kind.graphic.kind}`;
    place(picture, graphic, field, settings, 0);
    return null;
  }
  if (field.data === null) return null;
  const data = unescape(field.data, field.escape);
  if (kind.is === 'text') {
    drawText(picture, field, settings, data);
    return null;
  }
  const symbol = symbolOf(kind, data, settings);
  if (symbol === null) return { qr: '^BQ', datamatrix: '^BX', bars: '^BC' }[kind.is];
  place(picture, symbol, field, settings, 0);
  return null;
}

function symbolOf(
  kind: Extract<ZplField['kind'], { is: 'qr' | 'datamatrix' | 'bars' }>,
  data: Buffer,
  settings: ZplSettings,
): Bitmap | null {
  if (kind.is === 'qr') {
    const qr = qrData(data, kind.level);
    return qr === null ? null : (qrPicture(qr.data, qr.level)?.scaled(kind.module, kind.module) ?? null);
  }
  if (kind.is === 'datamatrix') {
    // Older error corrections than ECC 200 are no standard any more.
    return kind.quality === 200 ? (dataMatrixPicture(data)?.scaled(kind.module, kind.module) ?? null) : null;
  }
  // Code 128 in the printer's notation: >: >; >9 choose the first set, >5 >6 >7 the next, >0 is the sign itself.
  const text =
    kind.code === 'code128'
      ? data.toString('latin1').replaceAll(/>([0-9:;<])/g, (_, sign: string) => (sign === '0' ? '>' : ''))
      : data.toString('latin1');
  const bars = barsPicture(
    kind.code,
    Buffer.from(text, 'latin1'),
    settings.bars.module,
    kind.height ?? settings.bars.height,
  );
  if (bars === null || !kind.hasLine) return bars;
  const line = textPicture(text, 6 * settings.bars.module, 9 * settings.bars.module);
  const gap = 2 * settings.bars.module;
  const whole = new Bitmap(Math.max(bars.width, line.width), bars.height + gap + line.height);
  whole.draw(bars, 0, kind.isAbove ? line.height + gap : 0);
  whole.draw(
    line,
    Math.max(0, Math.floor((bars.width - line.width) / 2)),
    kind.isAbove ? 0 : bars.height + gap,
  );
  return whole;
}

/** `QA,data`: level, automatic input; `QM,Ndata`: level, and the kind of the characters before them. */
function qrData(field: Buffer, level: string): { level: QrLevel; data: Buffer } | null {
  const head = /^([HQML])([AM]),/.exec(field.toString('latin1', 0, 3));
  if (head === null) return null;
  const levels = { H: 'H', Q: 'Q', M: 'M', L: 'L' } as const;
  const chosen = levels[(head[1] ?? level) as QrLevel];
  const rest = field.subarray(3);
  if (head[2] === 'A') return { level: chosen, data: rest };
  // B is followed by four digits of the number of bytes.
  return { level: chosen, data: rest.subarray(rest[0] === 0x42 ? 5 : 1) };
}

function unescape(data: Buffer, escape: string | null): Buffer {
  if (escape === null) return data;
  const sign = escape.charCodeAt(0);
  const bytes: number[] = [];
  for (let at = 0; at < data.length; at += 1) {
    const digits = data.toString('latin1', at + 1, at + 3);
    const byte = data[at] ?? 0;
    if (byte === sign && /^[0-9A-Fa-f]{2}$/.test(digits)) {
      bytes.push(Number.parseInt(digits, 16));
      at += 2;
    } else bytes.push(byte);
  }
  return Buffer.from(bytes);
}

/** The cells of the fixed fonts in dots at their smallest; the others are scaled without steps. */
const FIXED_FONTS: Readonly<Record<string, readonly [width: number, height: number]>> = {
  A: [6, 9],
  B: [9, 11],
  D: [12, 18],
  E: [20, 28],
  F: [16, 26],
  G: [48, 60],
  H: [19, 21],
};

function cellOf({ name, height, width }: Font): { width: number; height: number } {
  const fixed = FIXED_FONTS[name.toUpperCase()];
  if (fixed === undefined) return { width: Math.max(1, (width > 0 ? width : height) * 0.6), height };
  const times = Math.max(1, Math.round(height / fixed[1]));
  return { width: fixed[0] * times, height: fixed[1] * times };
}

function drawText(picture: Bitmap, field: ZplField, settings: ZplSettings, data: Buffer): void {
  const text = data.toString(settings.isUtf8 ? 'utf8' : 'latin1');
  const cell = cellOf(field.font);
  const { block } = field;
  if (block === null) {
    place(picture, textPicture(text, cell.width, cell.height), field, settings, Math.round(cell.height / 4));
    return;
  }
  const perLine = Math.max(1, Math.floor(block.width / cell.width));
  const lines = text.split('\\&').flatMap((part) => wrapped(part, perLine));
  const whole = new Bitmap(block.width, (cell.height + block.space) * Math.min(lines.length, block.lines));
  for (const [at, line] of lines.slice(0, block.lines).entries()) {
    const drawn = textPicture(line.trim(), cell.width, cell.height);
    const free = Math.max(0, block.width - drawn.width);
    const x = block.justify === 'C' ? Math.floor(free / 2) : block.justify === 'R' ? free : 0;
    whole.draw(drawn, x, at * (Math.round(cell.height) + block.space));
  }
  place(picture, whole, field, settings, 0);
}

/** Lines of at most this number of characters, broken at blanks where there are some. */
function wrapped(text: string, perLine: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > perLine) {
    const blank = rest.lastIndexOf(' ', perLine);
    const end = blank > 0 ? blank : perLine;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}

function place(picture: Bitmap, drawn: Bitmap, field: ZplField, settings: ZplSettings, below: number): void {
  const turned = drawn.turned(field.turns);
  const { x, y } = placeOf(drawn, field, settings, below);
  picture.draw(turned, x, y, field.isReversed ? 'xor' : 'or');
}

/** `^FO` is the upper left corner of what is seen; `^FT` the lower left corner of the field, which turns with it. */
function placeOf(
  drawn: Bitmap,
  { at, turns }: ZplField,
  { home }: ZplSettings,
  below: number,
): { x: number; y: number } {
  const x = Math.round(at.x + home.x);
  const y = Math.round(at.y + home.y);
  if (!at.isBaseline) return { x, y };
  const height = drawn.height - below;
  switch (turns) {
    case 0:
      return { x, y: y - height };
    case 1:
      return { x: x - below, y };
    case 2:
      return { x: x - drawn.width, y: y - below };
    case 3:
      return { x: x - height, y: y - drawn.width };
  }
}
