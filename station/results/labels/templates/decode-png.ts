import { crc32, inflateSync } from 'node:zlib';
import { unfilterPngRow } from '#shared/codec/unfilter-png-row.ts';

/** Picture elements whose darkness is read from a PNG, row by row: 0 is white, 255 is black. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly ink: Uint8Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** A side of a picture; more dots than a label has. */
const MAX_SIDE = 2_000;
/** 85 × 85 mm at 300 dpi; a small file may hold many more. */
const MAX_PIXELS = 1_000_000;

/** Colour types: values per pixel. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Why a picture cannot be read, in both languages. */
export class BadPicture extends Error {
  readonly en: string;
  readonly zh: string;
  constructor(en: string, zh: string) {
    super(en);
    this.en = en;
    this.zh = zh;
  }
}

/**
 * Reads a PNG on white. Interlaced ones are refused. Source: PNG third edition, 5, 9, 11. Errors: `BadPicture`.
 */
export function decodePng(bytes: Uint8Array): Picture {
  const file = Buffer.from(bytes);
  if (!file.subarray(0, 8).equals(SIGNATURE)) throw new BadPicture('it is no PNG', '不是 PNG');
  const chunks = chunksOf(file);
  const header = chunks.find(({ type }) => type === 'IHDR')?.data;
  if (header?.length !== 13) throw new BadPicture('it is damaged', '文件已损坏');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth = 0, colour = 0, , , interlace] = header.subarray(8);
  if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS)
    throw new BadPicture(`it has ${width} × ${height} dots`, `有 ${width} × ${height} 个像素`);
  const channels = CHANNELS[colour];
  if (channels === undefined || ![1, 2, 4, 8, 16].includes(depth))
    throw new BadPicture('it is damaged', '文件已损坏');
  if (interlace !== 0) throw new BadPicture('it is interlaced', '采用了隔行存储');

  const rowBytes = Math.ceil((width * channels * depth) / 8);
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  const rows = unfilter(
    inflated(packed, (rowBytes + 1) * height),
    rowBytes,
    height,
    Math.max(1, (channels * depth) >> 3),
  );
  const palette = chunks.find(({ type }) => type === 'PLTE')?.data ?? Buffer.alloc(0);
  const alpha = chunks.find(({ type }) => type === 'tRNS')?.data ?? Buffer.alloc(0);
  const sample = (x: number, y: number, channel: number): number => {
    const index = x * channels + channel;
    const at = y * rowBytes;
    if (depth === 8) return rows[at + index] ?? 0;
    // The high byte is enough for black and white.
    if (depth === 16) return rows[at + index * 2] ?? 0;
    const byte = rows[at + ((index * depth) >> 3)] ?? 0;
    const value = (byte >> (8 - depth - ((index * depth) & 7))) & ((1 << depth) - 1);
    return colour === 3 ? value : Math.round((value * 255) / ((1 << depth) - 1));
  };
  const ink = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) ink[y * width + x] = inkAt(x, y, { colour, sample, palette, alpha });
  return { width, height, ink };
}

interface Colours {
  readonly colour: number;
  readonly sample: (x: number, y: number, channel: number) => number;
  readonly palette: Buffer;
  readonly alpha: Buffer;
}

function inkAt(x: number, y: number, { colour, sample, palette, alpha }: Colours): number {
  const darkness = (red: number, green: number, blue: number): number =>
    255 - (0.299 * red + 0.587 * green + 0.114 * blue);
  switch (colour) {
    case 0:
      return 255 - sample(x, y, 0);
    case 4:
      return ((255 - sample(x, y, 0)) * sample(x, y, 1)) / 255;
    case 3: {
      const entry = sample(x, y, 0);
      const [red = 255, green = 255, blue = 255] = palette.subarray(entry * 3, entry * 3 + 3);
      return (darkness(red, green, blue) * (alpha[entry] ?? 255)) / 255;
    }
    default: {
      const opacity = colour === 6 ? sample(x, y, 3) : 255;
      return (darkness(sample(x, y, 0), sample(x, y, 1), sample(x, y, 2)) * opacity) / 255;
    }
  }
}

function chunksOf(file: Buffer): { readonly type: string; readonly data: Buffer }[] {
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at + 12 <= file.length;) {
    const length = file.readUInt32BE(at);
    const end = at + 8 + length;
    if (end + 4 > file.length || crc32(file.subarray(at + 4, end)) !== file.readUInt32BE(end))
      throw new BadPicture('it is damaged', '文件已损坏');
    chunks.push({ type: file.toString('latin1', at + 4, at + 8), data: file.subarray(at + 8, end) });
    at = end + 4;
  }
  return chunks;
}

function inflated(packed: Buffer, length: number): Buffer {
  try {
    const data = inflateSync(packed, { maxOutputLength: length });
    if (data.length === length) return data;
  } catch {
    // Reported below.
  }
  throw new BadPicture('it is damaged', '文件已损坏');
}

/** The rows without their filters, one after the other. */
function unfilter(data: Buffer, rowBytes: number, height: number, step: number): Uint8Array {
  const rows = new Uint8Array(rowBytes * height);
  let above = new Uint8Array(rowBytes);
  for (let y = 0; y < height; y++) {
    const row = rows.subarray(y * rowBytes, (y + 1) * rowBytes);
    unfilterPngRow(data.subarray(y * (rowBytes + 1), (y + 1) * (rowBytes + 1)), row, above, step);
    above = row;
  }
  return rows;
}
