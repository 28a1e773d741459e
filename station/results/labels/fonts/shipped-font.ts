import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress, brotliDecompressSync } from 'node:zlib';

/** Chinese, Latin, Greek and Cyrillic characters. Shipped, so that every computer draws the same (ADR 92). */
const FONT_FILE = 'resources/fonts/noto-sans-sc.ttf.br';

/** Where the shipped font is: the program is in a bundle or in its source folders, and the file under the root of both. */
export function shippedFontFile(): string {
  for (let dir = import.meta.dirname; ; dir = dirname(dir)) {
    const path = join(dir, FONT_FILE);
    if (existsSync(path)) return path;
    if (dirname(dir) === dir) throw new Error(`${FONT_FILE} is missing`);
  }
}

/** The shipped font, a TrueType file of 10 MB; unpacked in 0.1 s beside the event loop. Errors: those of the file system. */
export async function readShippedFont(): Promise<Buffer> {
  return promisify(brotliDecompress)(await readFile(shippedFontFile()));
}

/** A font file; one that ends with `.br` is unpacked. Errors: those of the file system. */
export function readFontFile(path: string): Buffer {
  const file = readFileSync(path);
  return path.endsWith('.br') ? brotliDecompressSync(file) : file;
}
