import { BadPicture, type PdfPicture } from './picture.ts';

/** Dots of a picture that a reader of the PDF decodes: those of the largest phones. */
const MAX_PIXELS = 64_000_000;
/** Markers of the frames that PDF has: baseline, extended and progressive, coded by Huffman. */
const FRAMES: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);
/** Application data that change how a picture is decoded: JFIF, Adobe. Other data (place, camera, comments) stay out of a PDF. */
const KEPT: ReadonlySet<number> = new Set([0xe0, 0xee]);
const COLOURS: Readonly<Record<number, PdfPicture['colours']>> = {
  1: 'DeviceGray',
  3: 'DeviceRGB',
  4: 'DeviceCMYK',
};

/**
 * A JPEG as a PDF takes it: its own bytes, without metadata and without what follows its end. Source: ITU-T T.81 annex B; Exif 2.3,
 * 4.6.4 for the orientation. Errors: `BadPicture`.
 */
export function readJpeg(file: Buffer): PdfPicture {
  const kept: Buffer[] = [file.subarray(0, 2)];
  let frame: { readonly width: number; readonly height: number; readonly components: number } | null = null;
  let orientation = 1;
  let at = 2;
  for (;;) {
    const { marker, begin, end } = segmentAt(file, at);
    at = end;
    if (marker === 0xd9) {
      kept.push(file.subarray(begin, end));
      break;
    }
    const data = file.subarray(begin + 4, end);
    if (marker === 0xe1) orientation = orientationOf(data) ?? orientation;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      frame = frameOf(marker, data);
    }
    if (marker === 0xda) {
      if (frame === null) throw new BadPicture('damaged');
      at = endOfScan(file, end);
    }
    const isMetadata = (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe;
    if (!isMetadata || KEPT.has(marker)) kept.push(file.subarray(begin, at));
  }
  const colours = COLOURS[frame?.components ?? 0];
  if (frame === null || colours === undefined) throw new BadPicture('damaged');
  const { width, height } = frame;
  return { width, height, colours, filter: 'DCTDecode', data: Buffer.concat(kept), orientation };
}

/** The segment at a place, with its marker at `begin`; a marker without data has none. */
function segmentAt(file: Buffer, at: number): { marker: number; begin: number; end: number } {
  let begin = at;
  // Any number of fill bytes may precede a marker.
  while (file[begin] === 0xff && file[begin + 1] === 0xff) begin += 1;
  const marker = file[begin + 1];
  if (file[begin] !== 0xff || marker === undefined || marker === 0) throw new BadPicture('damaged');
  if (marker === 0xd9 || (marker >= 0xd0 && marker <= 0xd7) || marker === 0x01)
    return { marker, begin, end: begin + 2 };
  if (begin + 4 > file.length) throw new BadPicture('damaged');
  const end = begin + 2 + file.readUInt16BE(begin + 2);
  if (end < begin + 4 || end > file.length) throw new BadPicture('damaged');
  return { marker, begin, end };
}

/** The next marker that is no part of coded data. */
function endOfScan(file: Buffer, from: number): number {
  for (let at = file.indexOf(0xff, from); at !== -1; at = file.indexOf(0xff, at + 1)) {
    const next = file[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  throw new BadPicture('damaged');
}

function frameOf(marker: number, data: Buffer): { width: number; height: number; components: number } {
  if (!FRAMES.has(marker)) throw new BadPicture('unsupported');
  if (data.length < 6) throw new BadPicture('damaged');
  const [bits, height, width] = [data[0], data.readUInt16BE(1), data.readUInt16BE(3)];
  if (bits !== 8) throw new BadPicture('unsupported');
  if (width === 0 || height === 0) throw new BadPicture('damaged');
  if (width * height > MAX_PIXELS) throw new BadPicture('too-large');
  return { width, height, components: data[5] ?? 0 };
}

/** 1 … 8 of the tag Orientation of the first directory of Exif; `null` without one. */
function orientationOf(data: Buffer): number | null {
  if (data.toString('latin1', 0, 6) !== 'Exif\0\0') return null;
  const tiff = data.subarray(6);
  const isLittle = tiff.toString('latin1', 0, 2) === 'II';
  const short = (at: number): number =>
    at + 2 > tiff.length ? 0 : isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at);
  if (tiff.length < 8) return null;
  const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  const entries = Math.min(short(directory), 200);
  for (let index = 0; index < entries; index++) {
    const at = directory + 2 + index * 12;
    if (short(at) !== 0x0112) continue;
    const value = short(at + 8);
    return value >= 1 && value <= 8 ? value : null;
  }
  return null;
}
