import { createInflate, deflate } from 'node:zlib';
import { promisify } from 'node:util';

/** A block of a compressed image. */
export interface CompressedBlock {
  readonly bytes: Uint8Array;
  /** Image bytes that are written when this block has been processed. */
  readonly imageBytes: number;
}

/**
 * The stub refuses a block that comes when everything is written: a rest that has only the end of the stream. The last block
 * is at least this long.
 */
const MIN_LAST_BYTES = 64;

/** Compressing 1 MiB of random bytes takes 50 ms of a processor for nothing; parts of a long image are tried first. */
const PARTS = 16;
const PART_BYTES = 4096;
const SAMPLED_FROM_BYTES = 4 * PARTS * PART_BYTES;

const WORD_BYTES = 4;
const ERASED = 0xff;

const deflateAsync = promisify(deflate);

/** By the image, which is never changed; each is compressed once for all attempts. */
const made = new WeakMap<Uint8Array, Map<number, Promise<CompressedBlock[] | null>>>();

/**
 * Compresses an image and cuts it into blocks; null when it does not get shorter. The work is done outside of this thread; it
 * may begin before the chip is connected.
 */
export function compressImage(image: Uint8Array, blockBytes: number): Promise<CompressedBlock[] | null> {
  const ofImage = made.get(image) ?? new Map<number, Promise<CompressedBlock[] | null>>();
  made.set(image, ofImage);
  const blocks = ofImage.get(blockBytes) ?? compress(image, blockBytes);
  // Who needs the blocks awaits them, and gets the fault.
  blocks.catch(() => undefined);
  ofImage.set(blockBytes, blocks);
  return blocks;
}

async function compress(image: Uint8Array, blockBytes: number): Promise<CompressedBlock[] | null> {
  if (image.length >= SAMPLED_FROM_BYTES) {
    const parts = partsOf(image);
    if ((await deflateAsync(parts)).length >= parts.length) return null;
  }
  const compressed: Uint8Array = await deflateAsync(image, { level: 9 });
  if (compressed.length >= image.length) return null;
  const pieces = cutBlocks(compressed, blockBytes);
  const inflate = createInflate();
  let total = 0;
  inflate.on('data', (chunk: Buffer) => (total += chunk.length));
  const blocks: CompressedBlock[] = [];
  for (const bytes of pieces) {
    const before = total;
    await new Promise<void>((resolve, reject) => {
      inflate.write(bytes, (error) => (error === null || error === undefined ? resolve() : reject(error)));
    });
    blocks.push({ bytes, imageBytes: total - before });
  }
  inflate.destroy();
  // What the decompressor still holds belongs to the last block.
  const last = blocks.pop();
  if (last !== undefined) blocks.push({ ...last, imageBytes: last.imageBytes + image.length - total });
  return blocks;
}

/** Parts that are spread over an image. */
function partsOf(image: Uint8Array): Uint8Array {
  const step = (image.length - PART_BYTES) / (PARTS - 1);
  const starts = Array.from({ length: PARTS }, (_, index) => Math.floor(index * step));
  return Buffer.concat(starts.map((at) => image.subarray(at, at + PART_BYTES)));
}

/** Blocks of at most `blockBytes`; the last one is not tiny. */
export function cutBlocks(bytes: Uint8Array, blockBytes: number): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const rest = bytes.length - at;
    const isTiny = rest > blockBytes && rest < blockBytes + MIN_LAST_BYTES;
    const length = isTiny ? rest - MIN_LAST_BYTES : Math.min(blockBytes, rest);
    blocks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return blocks;
}

/** The images with the bytes that fill their last word. */
const whole = new WeakMap<Uint8Array, Uint8Array>();

/** An image in whole words, in which the flash is written: filled with the value of erased flash. */
export function inWords(image: Uint8Array): Uint8Array {
  const existing = whole.get(image);
  if (existing !== undefined) return existing;
  const words = filled(image, Math.ceil(image.length / WORD_BYTES) * WORD_BYTES);
  whole.set(image, words);
  return words;
}

/** Bytes with as many bytes of erased flash after them. */
export function filled(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length === length) return bytes;
  const result = new Uint8Array(length).fill(ERASED);
  result.set(bytes);
  return result;
}
