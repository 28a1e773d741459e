import { promisify } from 'node:util';
import { crc32, createInflate, deflate } from 'node:zlib';
import { unfilterPngRow } from '#shared/codec/unfilter-png-row.ts';
import { BadPicture, type PdfPicture } from './picture.ts';

const deflated = promisify(deflate);
/** Dots that are read; each costs time. */
const MAX_PIXELS = 16_000_000;
const MAX_SIDE = 32_767;
/** Longer sides become this long: 300 dots per inch at the size that a report prints. */
const PRINTED_SIDE = 800;
/** Values of a dot, by colour type. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colour: number;
  readonly channels: number;
  readonly palette: Buffer;
  readonly alpha: Buffer;
}

/**
 * A PNG on white paper, made as small as it is printed. Its rows are read one after the other in turns of the event loop, so that
 * memory does not grow with its dots. Interlaced ones are refused. Source: PNG third edition, 5, 9, 11. Errors: `BadPicture`.
 */
export async function readPng(file: Buffer): Promise<PdfPicture> {
  const { header, packed } = chunksOf(file);
  const { width, height, channels, depth } = header;
  const factor = Math.max(1, Math.ceil(Math.max(width, height) / PRINTED_SIDE));
  const [columns, lines] = [Math.ceil(width / factor), Math.ceil(height / factor)];
  const dots = Buffer.alloc(columns * lines * 3);
  const sums = new Uint32Array(columns * 3);
  const counts = new Uint32Array(columns);
  const colours = new Uint8Array(width * 3);
  let y = 0;
  const add = (row: Uint8Array): void => {
    paintRow(row, header, colours);
    for (let x = 0; x < width; x++) {
      const column = Math.floor(x / factor);
      counts[column] = (counts[column] ?? 0) + 1;
      for (let of = 0; of < 3; of++)
        sums[column * 3 + of] = (sums[column * 3 + of] ?? 0) + (colours[x * 3 + of] ?? 0);
    }
    y += 1;
    if (y % factor !== 0 && y !== height) return;
    const to = (Math.ceil(y / factor) - 1) * columns * 3;
    for (let index = 0; index < columns * 3; index++)
      dots[to + index] = Math.round((sums[index] ?? 0) / (counts[Math.floor(index / 3)] ?? 1));
    sums.fill(0);
    counts.fill(0);
  };
  const rowBytes = Math.ceil((width * channels * depth) / 8);
  await eachRow(packed, rowBytes, height, Math.max(1, (channels * depth) >> 3), add);
  const data = await deflated(dots);
  return { width: columns, height: lines, colours: 'DeviceRGB', filter: 'FlateDecode', data, orientation: 1 };
}

function chunksOf(file: Buffer): { readonly header: Header; readonly packed: Buffer[] } {
  let ihdr: Buffer | null = null;
  let palette = Buffer.alloc(0);
  let alpha = Buffer.alloc(0);
  const packed: Buffer[] = [];
  for (let at = 8; at + 12 <= file.length;) {
    const end = at + 8 + file.readUInt32BE(at);
    if (end + 4 > file.length || crc32(file.subarray(at + 4, end)) !== file.readUInt32BE(end))
      throw new BadPicture('damaged');
    const [type, data] = [file.toString('latin1', at + 4, at + 8), file.subarray(at + 8, end)];
    if (type === 'IHDR') ihdr ??= data;
    // The header comes first, so that a large picture is refused before anything is read of it.
    if (type === 'IHDR') requireUsable(data);
    if (type === 'PLTE') palette = Buffer.from(data);
    if (type === 'tRNS') alpha = Buffer.from(data);
    if (type === 'IDAT') packed.push(data);
    if (type === 'IEND') break;
    at = end + 4;
  }
  if (ihdr === null) throw new BadPicture('damaged');
  return { header: { ...requireUsable(ihdr), palette, alpha }, packed };
}

function requireUsable(header: Buffer): Omit<Header, 'alpha' | 'palette'> {
  if (header.length !== 13) throw new BadPicture('damaged');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth = 0, colour = 0, , , interlace] = header.subarray(8);
  const channels = CHANNELS[colour];
  if (width < 1 || height < 1 || channels === undefined || ![1, 2, 4, 8, 16].includes(depth))
    throw new BadPicture('damaged');
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) throw new BadPicture('too-large');
  if (interlace !== 0) throw new BadPicture('unsupported');
  return { width, height, depth, colour, channels };
}

/** The rows without their filters (9.2), one after the other in one buffer. More rows than the header says are not read. */
async function eachRow(
  packed: readonly Buffer[],
  rowBytes: number,
  height: number,
  step: number,
  onRow: (row: Uint8Array) => void,
): Promise<void> {
  const inflate = createInflate();
  inflate.end(Buffer.concat(packed));
  const line = Buffer.alloc(rowBytes + 1);
  let row = new Uint8Array(rowBytes);
  let above = new Uint8Array(rowBytes);
  let filled = 0;
  let rows = 0;
  try {
    for await (const piece of inflate as AsyncIterable<Buffer>) {
      for (let at = 0; at < piece.length && rows < height;) {
        const taken = piece.copy(line, filled, at);
        at += taken;
        filled += taken;
        if (filled < line.length) break;
        filled = 0;
        rows += 1;
        unfilterPngRow(line, row, above, step);
        onRow(row);
        [row, above] = [above, row];
      }
      if (rows === height) break;
    }
  } catch {
    throw new BadPicture('damaged');
  }
  if (rows < height) throw new BadPicture('damaged');
}

/** Red, green and blue of each dot of a row, on white. */
function paintRow(
  row: Uint8Array,
  { width, depth, colour, channels, palette, alpha }: Header,
  to: Uint8Array,
): void {
  const most = 2 ** depth - 1;
  const raw = (index: number): number => {
    if (depth === 8) return row[index] ?? 0;
    if (depth === 16) return ((row[index * 2] ?? 0) << 8) | (row[index * 2 + 1] ?? 0);
    return ((row[(index * depth) >> 3] ?? 0) >> (8 - depth - ((index * depth) & 7))) & most;
  };
  const scale = 255 / most;
  const seeThrough = alpha.length >= channels * 2 && colour !== 3 ? alpha : null;
  const isSeeThrough = (index: number): boolean => {
    if (seeThrough === null) return false;
    for (let of = 0; of < channels; of++)
      if (raw(index + of) !== seeThrough.readUInt16BE(of * 2)) return false;
    return true;
  };
  for (let x = 0; x < width; x++) {
    const index = x * channels;
    let [red, green, blue, opacity] = [0, 0, 0, 255];
    if (colour === 3) {
      const entry = raw(index);
      red = palette[entry * 3] ?? 0;
      green = palette[entry * 3 + 1] ?? 0;
      blue = palette[entry * 3 + 2] ?? 0;
      opacity = alpha[entry] ?? 255;
    } else {
      red = raw(index) * scale;
      green = channels < 3 ? red : raw(index + 1) * scale;
      blue = channels < 3 ? red : raw(index + 2) * scale;
      if (colour >= 4) opacity = raw(index + channels - 1) * scale;
      else if (isSeeThrough(index)) opacity = 0;
    }
    const white = 255 - opacity;
    to[x * 3] = Math.round((red * opacity) / 255 + white);
    to[x * 3 + 1] = Math.round((green * opacity) / 255 + white);
    to[x * 3 + 2] = Math.round((blue * opacity) / 255 + white);
  }
}
