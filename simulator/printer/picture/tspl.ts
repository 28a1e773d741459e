import { Bitmap, bitmapOfBits, type Turns } from './bitmap.ts';
import { type LabelRenderer, MAX_COPIES, type Rendering, sideDots } from './rendering.ts';
import { barsPicture, type BarsKind, dataMatrixPicture, qrPicture, type QrLevel } from './symbols.ts';
import { textPicture } from './text.ts';
import { splitTspl, type TsplCommand } from './tspl-commands.ts';

/** Commands that set up the printer and leave nothing on the picture that this printer draws. */
const WITHOUT_INK = new Set(
  'GAP GAPDETECT BLINE BLINEDETECT AUTODETECT OFFSET SPEED DENSITY DIRECTION SHIFT COUNTRY CODEPAGE SET FEED BACKFEED BACKUP FORMFEED HOME SOUND CUT LIMITFEED EOP'.split(
    ' ',
  ),
);

const DOTS_PER_MM: Readonly<Record<number, number>> = { 203: 8, 300: 12, 600: 24 };

interface Surface {
  picture: Bitmap;
  reference: { readonly x: number; readonly y: number };
}

/**
 * TSPL2 as far as labels of this product and those of its tests need it. The picture stays until `CLS`, the size until the next `SIZE`.
 * Source: TSC, TSPL/TSPL2 Programming Manual.
 */
export function createTsplRenderer(dpi: number): LabelRenderer {
  const perMm = DOTS_PER_MM[dpi] ?? dpi / 25.4;
  const surface: Surface = { picture: new Bitmap(100 * perMm, 150 * perMm), reference: { x: 0, y: 0 } };
  return { render: (label) => render(label, surface, dpi, perMm) };
}

function render(label: Uint8Array, surface: Surface, dpi: number, perMm: number): Rendering {
  const unknown = new Set<string>();
  let copies = 1;
  for (const command of splitTspl(Buffer.from(label))) {
    const { name, settings } = command;
    if (name === 'SIZE') {
      const [width, height] = settings.map((text) => sideDots(dotsOf(text, dpi, perMm)));
      surface.picture = new Bitmap(width ?? surface.picture.width, height ?? surface.picture.height);
    } else if (name === 'CLS') surface.picture.dots.fill(0);
    else if (name === 'REFERENCE') surface.reference = { x: number(settings[0]), y: number(settings[1]) };
    else if (name === 'PRINT') {
      const [sets = 1, each = 1] = settings.map(number);
      copies = Math.max(1, Math.min(MAX_COPIES, sets * each));
    } else if (!WITHOUT_INK.has(name) && !draw(command, surface)) unknown.add(name);
  }
  const picture = new Bitmap(surface.picture.width, surface.picture.height);
  picture.dots.set(surface.picture.dots);
  return { picture, copies, unknown: [...unknown] };
}

const number = (text: string | undefined): number => Number.parseFloat(text ?? '') || 0;

/** `40 mm`, `320 dot`, or inches. */
function dotsOf(text: string, dpi: number, perMm: number): number {
  if (/mm/i.test(text)) return number(text) * perMm;
  return /dot/i.test(text) ? number(text) : number(text) * dpi;
}

const TURNS: Readonly<Record<number, Turns>> = { 0: 0, 90: 1, 180: 2, 270: 3 };
/** The cells of the fonts in dots. */
const FONTS: Readonly<Record<string, readonly [width: number, height: number]>> = {
  '1': [8, 12],
  '2': [12, 20],
  '3': [16, 24],
  '4': [24, 32],
  '5': [32, 48],
  '6': [14, 19],
  '7': [21, 27],
  '8': [14, 25],
};
const BARS: Readonly<Record<string, BarsKind>> = {
  '128': 'code128',
  '128M': 'code128',
  '39': 'code39',
  EAN13: 'ean13',
  EAN8: 'ean8',
  UPCA: 'upca',
  '25': 'interleaved2of5',
};

/** False for a command that it does not know, or whose data it cannot use. */
function draw({ name, settings, data }: TsplCommand, { picture, reference }: Surface): boolean {
  const [a, b, c, d, e, f] = settings.map(number) as [number, number, number, number, number, number];
  const x = (a || 0) + reference.x;
  const y = (b || 0) + reference.y;
  const put = (drawn: Bitmap | null, degrees = 0): boolean => {
    if (drawn === null) return false;
    const turns = TURNS[degrees] ?? 0;
    const turned = drawn.turned(turns);
    // The place is the upper left corner of the unturned field, and the field turns around it.
    const left = turns === 1 ? x - turned.width : turns === 2 ? x - turned.width : x;
    const top = turns === 2 ? y - turned.height : turns === 3 ? y - turned.height : y;
    picture.draw(turned, left, top);
    return true;
  };
  switch (name) {
    case 'BITMAP': {
      const graphic = bitmapOfBits(data, c, d, 0);
      picture.draw(graphic, x, y, e === 0 ? 'overwrite' : e === 1 ? 'or' : 'xor');
      return true;
    }
    case 'BAR':
      picture.fill(x, y, c, d);
      return true;
    case 'ERASE':
      picture.fill(x, y, c, d, 0);
      return true;
    case 'REVERSE':
      picture.invert(x, y, c, d);
      return true;
    case 'BOX':
      picture.frame(x, y, c + reference.x - x, d + reference.y - y, e);
      return true;
    case 'QRCODE': {
      const level = (settings[2] ?? 'M').toUpperCase() as QrLevel;
      const isManual = settings[4]?.toUpperCase() === 'M';
      const payload = isManual ? manualData(data) : data;
      return put(qrPicture(payload, level)?.scaled(d, d) ?? null, f);
    }
    case 'DMATRIX': {
      const module = settings.find((text, at) => at > 3 && /^x\d+$/i.test(text));
      const symbol = dataMatrixPicture(data);
      if (symbol === null) return false;
      const times =
        module === undefined
          ? Math.max(1, Math.floor(Math.min(c, d) / symbol.width))
          : number(module.slice(1));
      return put(symbol.scaled(times, times));
    }
    case 'BARCODE': {
      const kind = BARS[settings[2] ?? ''];
      const narrow = number(settings[6]) || 2;
      const bars = kind === undefined ? null : barsPicture(kind, data, narrow, d);
      if (bars === null) return false;
      return put(e === 0 ? bars : withLine(bars, data.toString('latin1')), f);
    }
    case 'TEXT':
      return drawText(settings, data, put);
    default:
      return false;
  }
}

function drawText(
  settings: readonly string[],
  data: Buffer,
  put: (drawn: Bitmap, degrees: number) => boolean,
): boolean {
  const [, , font = '3', degrees = '0', xTimes = '1', yTimes = '1'] = settings;
  const [width, height] = FONTS[font] ?? [16, 24];
  return put(
    textPicture(data.toString('utf8'), width * (number(xTimes) || 1), height * (number(yTimes) || 1)),
    number(degrees),
  );
}

/** Digits after `N`, text after `A`, and bytes after `B` and four digits of their number. */
function manualData(data: Buffer): Buffer {
  return data.subarray(data[0] === 0x42 ? 5 : 1);
}

function withLine(bars: Bitmap, text: string): Bitmap {
  const line = textPicture(text, 12, 20);
  const whole = new Bitmap(Math.max(bars.width, line.width), bars.height + 4 + line.height);
  whole.draw(bars, 0, 0);
  whole.draw(line, Math.max(0, Math.floor((bars.width - line.width) / 2)), bars.height + 4);
  return whole;
}
