import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Longest part of a name: two parts, a time, an extension, the ending of a manifest and that of a temporary file have less than the 255 bytes of a file system. */
const MAX_PART_BYTES = 84;

/** `<station>_<batch>_<time>`, valid on every file system; the time is UTC. */
export function exportName(station: string, batch: string, atMs: number): string {
  const time = new Date(atMs).toISOString().slice(0, 19).replace(/[-:]/g, '');
  return `${asNamePart(station)}_${asNamePart(batch)}_${time}Z`;
}

/**
 * The name of a new file in a directory, with a number when there is one of that name.
 *
 * @param taken names of files that are being written
 */
export function freeExportName(
  dir: string,
  taken: ReadonlySet<string>,
  base: string,
  ending: string,
): string {
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? `${base}.${ending}` : `${base}-${n}.${ending}`;
    if (!taken.has(name) && !existsSync(join(dir, name))) return name;
  }
}

function asNamePart(text: string): string {
  const plain = text
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}\p{M}._-]+/gu, '-')
    .replace(/^[.-]+|[.-]+$/g, '');
  let short = '';
  for (const character of plain) {
    if (Buffer.byteLength(short + character) > MAX_PART_BYTES) break;
    short += character;
  }
  return short === '' ? 'unnamed' : short;
}
