import { open } from 'node:fs/promises';
import { asFileFault } from '#node-kit/files/index.ts';

/** The kind of a file that is not a zip. */
export interface OtherKind {
  /** For a message, with its article: `a RAR archive`. */
  readonly what: string;
  /** True for archives, which may contain a package. */
  readonly archive: boolean;
}

const archive = (what: string): OtherKind => ({ what, archive: true });
const other = (what: string): OtherKind => ({ what, archive: false });

/** Signatures as latin-1 text with their offsets. Sources: specifications of the formats; file(1). */
const SIGNATURES: readonly (readonly [string, number, OtherKind])[] = [
  ['Rar!\x1a\x07', 0, archive('a RAR archive')],
  ['RE~^', 0, archive('a RAR archive')],
  ['7z\xbc\xaf\x27\x1c', 0, archive('a 7z archive')],
  ['\x1f\x8b', 0, archive('a gzip file (.gz)')],
  ['\x1f\x9d', 0, archive('a compress file (.Z)')],
  ['BZh', 0, archive('a bzip2 file (.bz2)')],
  ['\xfd7zXZ\0', 0, archive('an xz file')],
  ['\x28\xb5\x2f\xfd', 0, archive('a Zstandard file (.zst)')],
  ['LZIP', 0, archive('an lzip file')],
  ['\x04\x22\x4d\x18', 0, archive('an LZ4 file')],
  ['\x5d\0\0', 0, archive('an LZMA file')],
  ['MSCF', 0, archive('a cabinet (.cab)')],
  ['MSWIM\0\0\0', 0, archive('a WIM archive')],
  ['**ACE**', 7, archive('an ACE archive')],
  ['!<arch>', 0, archive('an ar archive (.deb, .a)')],
  ['07070', 0, archive('a cpio archive')],
  ['-lh', 2, archive('an LHA archive')],
  ['\x60\xea', 0, archive('an ARJ archive')],
  ['ustar', 257, archive('a tar archive')],
  ['CD001', 0x8001, archive('a disc image (.iso)')],
  ['%PDF', 0, other('a PDF')],
  ['\xd0\xcf\x11\xe0', 0, other('a document of an old Office')],
  ['\x7fELF', 0, other('a program (ELF)')],
];
/** Signatures that may stand before a zip, as a self-extracting program does. */
const SIGNATURES_BEFORE_ZIP: readonly (readonly [string, OtherKind])[] = [
  ['PK\x07\x08', archive('a part of a split zip')],
  ['\x89PNG', other('a picture')],
  ['\xff\xd8\xff', other('a picture')],
  ['GIF8', other('a picture')],
];
const HEAD_BYTES = 0x8001 + 5;
const TAR_BLOCK = 512;
/** Longer than the program part of a self-extracting archive. */
const PROGRAM_BYTES = 1024 * 1024;

/** The kind of a file by its first bytes; null for an unknown kind. Faults: `file-missing`, `file-denied`. */
export async function otherKindOf(path: string): Promise<OtherKind | null> {
  const head = await readHead(path, HEAD_BYTES);
  const text = head.toString('latin1');
  const match = SIGNATURES.find(([signature, offset]) => text.startsWith(signature, offset));
  if (match !== undefined) return match[2];
  if (isOldTar(head)) return archive('a tar archive');
  return /^(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml)/i.test(text)
    ? other('a page of a web site (the download saved a page in place of the file)')
    : null;
}

/** The kind of a file that contains no zip; null for an unknown kind. Faults: `file-missing`, `file-denied`. */
export async function kindWithoutZip(path: string): Promise<OtherKind | null> {
  const head = await readHead(path, PROGRAM_BYTES);
  const text = head.toString('latin1');
  const match = SIGNATURES_BEFORE_ZIP.find(([signature]) => text.startsWith(signature));
  if (match !== undefined) return match[1];
  if (text.startsWith('MZ')) {
    if (text.includes('Rar!\x1a\x07')) return archive('a RAR archive that unpacks itself (.exe)');
    if (text.includes('7z\xbc\xaf\x27\x1c')) return archive('a 7z archive that unpacks itself (.exe)');
    return other('a program (.exe)');
  }
  return isText(head) ? other('a text (a download may save an error message in place of the file)') : null;
}

async function readHead(path: string, maxBytes: number): Promise<Buffer> {
  try {
    await using handle = await open(path, 'r');
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(maxBytes), 0, maxBytes, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw asFileFault(error, path, 'read');
  }
}

/** UTF-8 without control characters; the last character may be cut off. */
function isText(head: Buffer): boolean {
  if (head.some((byte) => byte === 0x7f || (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)))
    return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** A tar of before POSIX has no signature; the checksum of its first block counts its own field as blanks. */
function isOldTar(head: Buffer): boolean {
  if (head.length < TAR_BLOCK || head[0] === 0) return false;
  const written = /^ *([0-7]{1,6})[ \0]/.exec(head.toString('latin1', 148, 156))?.[1];
  const sum = head
    .subarray(0, TAR_BLOCK)
    .reduce((all, byte, index) => all + (index >= 148 && index < 156 ? 0x20 : byte), 0);
  return written !== undefined && Number.parseInt(written, 8) === sum;
}
