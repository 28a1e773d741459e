import { readFile } from 'node:fs/promises';
import { asFileFault } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { sha256Hex } from '#node-kit/crypto/index.ts';
import type { ReadableDatabase } from '../core/database/index.ts';
import { createContentStore } from './content-store.ts';

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
   * The firmware itself, or the file with this path in its package. Faults: `not-found` for an unknown package or file;
   * `firmware-invalid` when the stored file was changed; `file-missing`, `file-denied`, `disk-failing`.
   *
   * @param maxBytes a larger file is refused with `bad-input`
   */
  read(firmwareSha256: string, path: string | null, maxBytes: number): Promise<FirmwareContent>;
}

export function createFirmwareContents(
  database: Pick<ReadableDatabase, 'firmware'>,
  dataDir: string,
): FirmwareContents {
  const contents = createContentStore(dataDir);
  return {
    async read(firmwareSha256, path, maxBytes) {
      const { name, sha256, sizeBytes } = find(database, firmwareSha256, path);
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
    },
  };
}

function find(
  { firmware }: Pick<ReadableDatabase, 'firmware'>,
  sha256: string,
  path: string | null,
): { readonly name: string; readonly sha256: string; readonly sizeBytes: number } {
  const row = firmware.findBySha256(sha256);
  if (row === null)
    throw new Fault('not-found', `there is no firmware ${sha256.slice(0, 12)}`, {
      hint: 'Import it; list them with "firmware list".',
    });
  if (path === null || path === row.fileName) return { name: row.fileName, sha256, sizeBytes: row.sizeBytes };
  const documents = firmware.listDocuments(sha256);
  const document = documents.find((one) => one.path === path);
  if (document !== undefined) return { name: path, sha256: document.sha256, sizeBytes: document.sizeBytes };
  const names = [row.fileName, ...documents.map((one) => one.path)].join(', ');
  throw new Fault('not-found', `${row.packageName} has no file ${path}`, { hint: `It has ${names}.` });
}
