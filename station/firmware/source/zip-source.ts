import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { basename } from 'node:path';
import { crc32, createInflateRaw } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { asFileFault } from '#node-kit/files/index.ts';
import { MAX_FIRMWARE_BYTES } from '#shared/domain/firmware.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { counted } from '#shared/words/index.ts';
import { damaged, mebibytes, invalidPackage, printable } from '../package-faults.ts';
import { findZip, SPLIT } from './find-zip.ts';
import { MAX_FILES, type PackageFile, type PackageSource } from './package-source.ts';
import { decodeName, safePath } from './safe-path.ts';
import { SliceReader } from './slice-reader.ts';

/** A zip bomb: flash images compress well, because erased flash is all 0xFF, but large ones not this much. */
const BOMB = { ratio: 200, aboveBytes: 64 * 1024 * 1024 };
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED_BITS = 0x2041;
/** Compression methods of APPNOTE 4.4.5 by their usual names. */
const METHODS: Readonly<Record<number, string>> = {
  1: 'Shrink',
  6: 'Implode',
  9: 'Deflate64',
  12: 'bzip2',
  14: 'LZMA',
  93: 'Zstandard',
  95: 'xz',
  98: 'PPMd',
};
const AES = 99;
const UTF8_NAME_BIT = 0x800;
const UNICODE_PATH_FIELD = 0x7075;
const UNIX_TYPE = 0o170000;
const UNIX_SYMLINK = 0o120000;

/**
 * Opens the zip in a file and checks name, kind and declared size of every entry before any content. yauzl reads the central
 * directory and not the local headers, and yields raw bytes; sizes and CRC are checked here. Null when the file contains no
 * zip. Source: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4.
 * Faults: `file-missing`, `file-denied`, `firmware-invalid`, the signal's reason.
 */
export async function openZip(path: string, signal: AbortSignal): Promise<PackageSource | null> {
  const name = basename(path);
  const zip = await openArchive(path).catch((error: unknown) => {
    throw asZipFault(error, name, path);
  });
  if (zip === null) return null;
  // Without a listener an error of the close would end the process.
  zip.on('error', () => undefined);
  try {
    const files = await listFiles(zip, name, signal);
    return {
      name,
      files,
      [Symbol.asyncDispose]: () => {
        zip.close();
        return Promise.resolve();
      },
    };
  } catch (error) {
    zip.close();
    throw asZipFault(error, name, path);
  }
}

async function openArchive(path: string): Promise<ZipFile | null> {
  const handle = await open(path, 'r');
  try {
    const extent = await findZip(handle, (await handle.stat()).size);
    if (extent === SPLIT) throw splitZip(basename(path));
    if (extent !== null) {
      const options = {
        lazyEntries: true,
        autoClose: false,
        decodeStrings: false,
        validateEntrySizes: false,
      };
      const reader = new SliceReader(handle, extent);
      return await yauzl.fromRandomAccessReaderPromise(reader, reader.sizeBytes, options);
    }
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  return null;
}

async function listFiles(zip: ZipFile, archive: string, signal: AbortSignal): Promise<PackageFile[]> {
  const files: PackageFile[] = [];
  let declared = 0;
  if (zip.entryCount > MAX_FILES) throw tooMany(archive);
  for await (const entry of zip.eachEntry()) {
    throwIfAborted(signal);
    const path = safePath(nameOf(entry));
    if (path.endsWith('/')) continue;
    declared += entry.uncompressedSize;
    if (declared > MAX_FIRMWARE_BYTES) {
      throw invalidPackage(
        'too-large',
        `${archive} unpacks to more than ${mebibytes(MAX_FIRMWARE_BYTES)}`,
        'A package of this size is not a firmware package.',
      );
    }
    requireReadable(entry, path);
    files.push({
      path,
      sizeBytes: entry.uncompressedSize,
      read: (stop) => readEntry(zip, entry, path, stop),
    });
  }
  return files;
}

/** The Unicode path field counts when its CRC is that of the plain name (APPNOTE 4.6.9). */
function nameOf({ fileNameRaw, generalPurposeBitFlag, extraFields }: Entry): string {
  const field = extraFields.find(({ id }) => id === UNICODE_PATH_FIELD)?.data;
  const isUtf8 = (generalPurposeBitFlag & UTF8_NAME_BIT) !== 0;
  const valid = field !== undefined && field.length > 5 && field[0] === 1;
  if (!isUtf8 && valid && field.readUInt32LE(1) === crc32(fileNameRaw)) return decodeName(field.subarray(5));
  return decodeName(fileNameRaw);
}

function requireReadable(entry: Entry, path: string): void {
  const file = printable(path);
  if ((entry.generalPurposeBitFlag & ENCRYPTED_BITS) !== 0 || entry.compressionMethod === AES) {
    throw invalidPackage(
      'encrypted',
      `"${file}" in the package is encrypted`,
      'Pack it again without a password.',
      {
        file,
      },
    );
  }
  if (((entry.externalFileAttributes >>> 16) & UNIX_TYPE) === UNIX_SYMLINK) {
    throw invalidPackage(
      'symlink',
      `"${file}" in the package is a link, not a file`,
      'Pack the file itself.',
      {
        file,
      },
    );
  }
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    throw invalidPackage(
      'not-a-package',
      `"${file}" is packed with ${METHODS[entry.compressionMethod] ?? `method ${entry.compressionMethod}`}, which Gongwei does not read`,
      'Pack it again as a plain zip (method Deflate).',
      { file, method: entry.compressionMethod },
    );
  }
  const { uncompressedSize, compressedSize } = entry;
  if (uncompressedSize > BOMB.aboveBytes && uncompressedSize > compressedSize * BOMB.ratio) {
    throw invalidPackage(
      'bomb',
      `"${file}" would grow from ${mebibytes(compressedSize)} to ${mebibytes(uncompressedSize)} when unpacked`,
      'Do not use this package; ask where it came from.',
      { file },
    );
  }
}

/** The content of an entry; throws when length or CRC are not the declared ones. */
async function* readEntry(
  zip: ZipFile,
  entry: Entry,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const file = printable(path);
  let length = 0;
  let crc = 0;
  try {
    const raw = await zip.openReadStreamPromise(entry, { decodeFileData: false });
    for await (const chunk of entry.compressionMethod === STORED ? raw : inflate(raw)) {
      throwIfAborted(signal);
      length += chunk.length;
      if (length > entry.uncompressedSize) {
        throw invalidPackage(
          'bomb',
          `"${file}" unpacks to more than the ${entry.uncompressedSize} bytes that the package declares`,
          'Do not use this package; ask where it came from.',
          { file },
        );
      }
      crc = crc32(chunk, crc);
      yield chunk;
    }
  } catch (error) {
    throw asZipFault(error, `"${file}"`, path);
  }
  if (length < entry.uncompressedSize)
    throw damaged(
      `"${file}"`,
      `${length} of ${counted(entry.uncompressedSize, 'byte is', 'bytes are')} there`,
    );
  if (crc >>> 0 !== entry.crc32 >>> 0) throw damaged(`"${file}"`, 'its checksum does not fit');
}

async function* inflate(raw: Readable): AsyncGenerator<Buffer, void, undefined> {
  const inflater = createInflateRaw();
  const feeding = pipeline(raw, inflater);
  // The loop below throws the same error first; the handler prevents an unhandled rejection.
  feeding.catch(() => undefined);
  for await (const chunk of inflater) yield chunk as Buffer;
  await feeding;
}

function splitZip(name: string): Fault {
  return invalidPackage(
    'not-a-package',
    `${name} is the last part of a split zip (.z01, .z02 …)`,
    'Unpack it together with its other parts and name the folder, or ask for the package in one file.',
  );
}

function tooMany(archive: string): Fault {
  return invalidPackage(
    'too-many-files',
    `${archive} has more than ${MAX_FILES} files`,
    'Pack only the firmware and its ota_cfg.json.',
  );
}

/** System errors become their faults; other errors of yauzl and zlib mean a damaged archive. */
function asZipFault(error: unknown, subject: string, path: string): unknown {
  const converted = asFileFault(error, path, 'read');
  if (converted instanceof Fault) return converted;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (!(error instanceof Error) || (code !== undefined && !code.startsWith('Z_'))) return error;
  return damaged(subject, error.message);
}
