import { open, rename, rm } from 'node:fs/promises';
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
  let bytes = 0;
  try {
    await using handle = await open(temporary, 'w');
    const flush = async (pending: string[]): Promise<void> => {
      const chunk = Buffer.from(pending.join(''));
      // `write` may take a part only; `writeFile` on a handle goes on until all of it is there.
      await handle.writeFile(chunk);
      bytes += chunk.length;
    };
    let pending: string[] = [];
    let length = 0;
    for await (const piece of text) {
      pending.push(piece);
      length += piece.length;
      if (length < CHUNK_CHARACTERS) continue;
      await flush(pending);
      [pending, length] = [[], 0];
    }
    await flush(pending);
    await handle.sync();
  } catch (cause) {
    await rm(temporary, { force: true });
    throw asFileFault(cause, file);
  }
  try {
    throwIfAborted(signal);
    await rename(temporary, file);
    return bytes;
  } catch (cause) {
    await rm(temporary, { force: true });
    throw asFileFault(cause, file);
  }
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
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
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
