import { open } from 'node:fs/promises';
import { asReadFault } from './file-faults.ts';

/** What a file is that is no zip: as people call it, with its article. */
export interface OtherKind {
  readonly what: string;
  /** It holds files, so that it may be a package in another wrapping. */
  readonly archive: boolean;
}

const archive = (what: string): OtherKind => ({ what, archive: true });
const other = (what: string): OtherKind => ({ what, archive: false });

/** First bytes as latin-1 text, or what stands at another offset. Sources: the formats' own specifications; file(1). */
const MARKS: readonly (readonly [string, number, OtherKind])[] = [
  ['Rar!\x1a\x07', 0, archive('a RAR archive')],
  ['RE~^', 0, archive('a RAR archive')],
  ['7z\xbc\xaf\x27\x1c', 0, archive('a 7z archive')],
  ['\x1f\x8b', 0, archive('a gzip file (.gz)')],
  ['\x1f\x9d', 0, archive('a compress file (.Z)')],
  ['BZh', 0, archive('a bzip2 file (.bz2)')],
  ['\xfd7zXZ\0', 0, archive('an xz file')],
  ['\x28\xb5\x2f\xfd', 0, archive('a Zstandard file (.zst)')],
  ['LZIP', 0, archive('an lzip file')],
  ['MSCF', 0, archive('a cabinet (.cab)')],
  ['-lh', 2, archive('an LHA archive')],
  ['\x60\xea', 0, archive('an ARJ archive')],
  ['ustar', 257, archive('a tar archive')],
  ['CD001', 0x8001, archive('a disc image (.iso)')],
  ['%PDF', 0, other('a PDF')],
  ['\xd0\xcf\x11\xe0', 0, other('a document of an old Office')],
  ['\x7fELF', 0, other('a program (ELF)')],
];
const HEAD_BYTES = 0x8001 + 5;
const TAR_BLOCK = 512;

/** What a file is by its first bytes; `null` for none of these. Faults: `file-missing`, `file-denied`. */
export async function otherKindOf(path: string): Promise<OtherKind | null> {
  const head = Buffer.alloc(HEAD_BYTES);
  let length = 0;
  try {
    await using handle = await open(path, 'r');
    ({ bytesRead: length } = await handle.read(head, 0, HEAD_BYTES, 0));
  } catch (error) {
    throw asReadFault(error, path);
  }
  const text = head.toString('latin1', 0, length);
  const found = MARKS.find(([mark, at]) => text.startsWith(mark, at));
  if (found !== undefined) return found[2];
  if (isOldTar(head.subarray(0, length))) return archive('a tar archive');
  return /^(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml)/i.test(text)
    ? other('a page of a web site (the download saved a page in place of the file)')
    : null;
}

/** Tar of before POSIX has no mark, only the sum of its first block, whose own field counts as blanks. */
function isOldTar(head: Buffer): boolean {
  if (head.length < TAR_BLOCK || head[0] === 0) return false;
  const written = /^ *([0-7]{1,6})[ \0]/.exec(head.toString('latin1', 148, 156))?.[1];
  const sum = head
    .subarray(0, TAR_BLOCK)
    .reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  return written !== undefined && Number.parseInt(written, 8) === sum;
}
