import { readFile } from 'node:fs/promises';
import { asFileFault } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { sha256Hex } from '#node-kit/crypto/index.ts';
import type { ReadableDatabase } from '../core/database/index.ts';
import { type ContentKind, createContentStore } from '../core/content-store/index.ts';

/** The files of firmware packages in the data directory. */
export const FIRMWARE_CONTENTS: ContentKind = {
  folder: 'firmware',
  what: 'firmware',
  hintFull: 'Free space on this disk and import again.',
};

/** A file of a firmware package. */
export interface FirmwareContent {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** Reads the files of imported firmware packages, for the units that are flashed with them. */
export interface FirmwareContents {
  /**
   * The firmware itself, or the file with this path in its package. Faults: `not-found` for an unknown package,
   * `firmware-file-missing` for an unknown file; `firmware-invalid` when the stored file was changed; `file-missing`,
   * `file-denied`, `disk-failing`.
   *
   * @param maxBytes a larger file is refused with `bad-input`
   */
  read(firmwareSha256: string, path: string | null, maxBytes: number): Promise<FirmwareContent>;
  /** As `read`, of the files that the package had when the batch was made. A later import does not change them. */
  readOfBatch(batch: FirmwareBatch, path: string | null, maxBytes: number): Promise<FirmwareContent>;
}

export interface FirmwareBatch {
  readonly batchId: string;
  readonly firmwareSha256: string;
}

type FirmwareRows = Pick<ReadableDatabase, 'firmware'>;

/**
 * Refuses a package that lacks a file. Faults: `firmware-file-missing`.
 *
 * @param paths of files of the package, besides the firmware itself
 */
export function requireFirmwareFiles(
  database: FirmwareRows,
  firmwareSha256: string,
  paths: readonly string[],
): void {
  for (const path of paths) find(database, firmwareSha256, path, null);
}

export function createFirmwareContents(database: FirmwareRows, dataDir: string): FirmwareContents {
  const contents = createContentStore(dataDir, FIRMWARE_CONTENTS);
  async function readFound(
    { name, sha256, sizeBytes }: FoundFile,
    maxBytes: number,
  ): Promise<FirmwareContent> {
    if (sizeBytes > maxBytes)
      throw new Fault('bad-input', `${name} has ${sizeBytes} bytes, more than ${maxBytes}`, {
        hint: 'It does not fit into the flash: choose another file.',
      });
    const file = contents.pathOf(sha256);
    const bytes = await readFile(file).catch((error: unknown) => {
      throw asFileFault(error, file, 'read');
    });
    if (sha256Hex(bytes) !== sha256)
      throw new Fault('firmware-invalid', `the stored copy of ${name} was changed`, {
        hint: 'Import the package again.',
        details: { file: name },
      });
    return { name, bytes, sha256 };
  }
  return {
    read: async (firmwareSha256, path, maxBytes) =>
      readFound(find(database, firmwareSha256, path, null), maxBytes),
    readOfBatch: async ({ batchId, firmwareSha256 }, path, maxBytes) =>
      readFound(find(database, firmwareSha256, path, batchId), maxBytes),
  };
}

interface FoundFile {
  readonly name: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** @param batchId the batch whose files are meant; `null`: those that the package has now */
function find(
  { firmware }: FirmwareRows,
  sha256: string,
  path: string | null,
  batchId: string | null,
): FoundFile {
  const row = firmware.findBySha256(sha256);
  if (row === null)
    throw new Fault('not-found', `there is no firmware ${sha256.slice(0, 12)}`, {
      hint: 'Import it; list them with "firmware list".',
    });
  if (path === null || path === row.fileName) return { name: row.fileName, sha256, sizeBytes: row.sizeBytes };
  const kept = batchId === null ? [] : firmware.listOfBatch(batchId);
  // A batch of an older version has kept none.
  const files = kept.length === 0 ? firmware.listDocuments(sha256) : kept;
  const file = files.find((one) => one.path === path);
  if (file !== undefined) return { name: path, sha256: file.sha256, sizeBytes: file.sizeBytes };
  const names = [row.fileName, ...files.map((one) => one.path)].join(', ');
  throw new Fault('firmware-file-missing', `firmware package ${row.packageName} has no file ${path}`, {
    hint: `It has ${names}. Choose another firmware, or correct the recipe.`,
    details: { file: path, package: row.packageName },
  });
}
