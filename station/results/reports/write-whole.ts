import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';

const CHUNK_CHARACTERS = 128 * 1024;

/** The ending of a file that is not whole yet. */
export const UNFINISHED = '.part';

/**
 * Writes text to a file as it comes, synced and then renamed into place: whoever looks sees nothing, or all of it.
 * Returns its length in bytes. Faults: `file-missing`, `file-denied`, `disk-full`, and the signal's reason.
 */
export async function writeWhole(
  file: string,
  text: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<number> {
  const temporary = `${file}.${process.pid}${UNFINISHED}`;
  try {
    const handle = await open(temporary, 'w');
    try {
      const bytes = await writeAll(handle, text);
      throwIfAborted(signal);
      // Closed before it is renamed: Windows renames no open file.
      await handle.close();
      await rename(temporary, file);
      return bytes;
    } catch (error) {
      await handle.close();
      await rm(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    throw asFileFault(error, file);
  }
}

async function writeAll(handle: FileHandle, text: AsyncIterable<string>): Promise<number> {
  let bytes = 0;
  let pending: string[] = [];
  let length = 0;
  const flush = async (): Promise<void> => {
    const chunk = Buffer.from(pending.join(''));
    [pending, length] = [[], 0];
    bytes += chunk.length;
    // `write` may take a part only; `writeFile` on a handle goes on until all of it is there.
    await handle.writeFile(chunk);
  };
  for await (const piece of text) {
    pending.push(piece);
    length += piece.length;
    if (length >= CHUNK_CHARACTERS) await flush();
  }
  await flush();
  await handle.sync();
  return bytes;
}

function asFileFault(error: unknown, file: string): unknown {
  switch ((error as NodeJS.ErrnoException | null)?.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new Fault('file-missing', `the folder of ${file} does not exist`, {
        hint: 'Make it, or name another.',
        cause: error,
      });
    case 'ENOSPC':
    case 'EDQUOT':
      return new Fault('disk-full', `no space to write ${file}`, {
        hint: 'Free space and export again.',
        cause: error,
      });
    case 'EROFS':
      return new Fault('disk-read-only', `the disk of ${file} is read-only`, {
        hint: 'Choose a folder on another disk.',
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EISDIR':
    case 'EBUSY':
      return new Fault('file-denied', `${file} cannot be written`, {
        hint: 'Choose a folder this user may write to, and close the file where it is open.',
        cause: error,
      });
    default:
      return error;
  }
}
