import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { DISK_HINTS, fileFaultCodeOf, isDiskFaultCode } from '#node-kit/files/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';

/** No installer of Gongwei is larger. */
export const MAX_INSTALLER_BYTES = 1_000_000_000;

/** What an installer must be. */
export interface ExpectedFile {
  readonly name: string;
  /** Base64. */
  readonly sha512: string;
  /** Null where the source does not say; then only the limit of all installers holds. */
  readonly sizeBytes: number | null;
}

/**
 * Writes what is read to `path`, which exists only when it is whole and what was expected.
 * Faults: `update-invalid`, those of the disk, those of reading, the signal's reason.
 */
export async function download(
  pieces: AsyncIterable<Uint8Array>,
  path: string,
  expected: ExpectedFile,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<{ readonly sizeBytes: number }> {
  const part = `${path}.part`;
  const hash = createHash('sha512');
  const limit = expected.sizeBytes ?? MAX_INSTALLER_BYTES;
  let bytes = 0;
  try {
    await using file = await open(part, 'w', 0o600);
    for await (const piece of pieces) {
      throwIfAborted(signal);
      bytes += piece.length;
      if (bytes > limit) throw invalid(expected.name, `it is longer than ${limit} bytes`);
      hash.update(piece);
      await file.writeFile(piece);
      onBytes(bytes);
    }
    if (expected.sizeBytes !== null && bytes !== expected.sizeBytes)
      throw invalid(expected.name, `it has ${bytes} bytes, not ${expected.sizeBytes}`);
    if (hash.digest('base64') !== expected.sha512)
      throw invalid(expected.name, 'its SHA-512 is not that of the description');
    await file.sync();
  } catch (error) {
    await rm(part, { force: true });
    throw asDiskFault(error, path);
  }
  await rename(part, path);
  return { sizeBytes: bytes };
}

/** Reads a stored installer again. Faults: `update-invalid`, the signal's reason. */
export async function verifyInstaller(
  path: string,
  expected: ExpectedFile,
  signal: AbortSignal,
): Promise<void> {
  const hash = createHash('sha512');
  try {
    for await (const piece of createReadStream(path, { signal })) hash.update(piece as Uint8Array);
  } catch (cause) {
    throwIfAborted(signal);
    throw invalid(expected.name, 'it cannot be read any longer', cause);
  }
  if (hash.digest('base64') !== expected.sha512)
    throw invalid(expected.name, 'it was changed after it was downloaded');
}

function invalid(name: string, why: string, cause?: unknown): Fault {
  return new Fault('update-invalid', `${name} is not installed: ${why}`, {
    hint: 'Download it again. If it stays, tell the publisher of the update.',
    details: { file: name },
    cause,
  });
}

function asDiskFault(error: unknown, path: string): unknown {
  const code = error instanceof Fault ? null : fileFaultCodeOf(error);
  if (code === null) return error;
  return new Fault(code, `${path} cannot be written`, {
    ...(isDiskFaultCode(code) ? { hint: DISK_HINTS[code] } : {}),
    cause: error,
  });
}
