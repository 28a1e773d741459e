import { readFile } from 'node:fs/promises';
import { hasErrno } from '#node-kit/files/index.ts';
import { requireUtf8Text } from '#shared/codec/text-file.ts';
import { Fault } from '#shared/domain/fault.ts';

/** Reads a text file, without its byte order mark. Faults: `file-missing`, `file-denied`, `bad-input` (not UTF-8). */
export async function readText(file: string): Promise<string> {
  return requireUtf8Text(await readBytes(file), file);
}

/** Reads a file. Faults: `file-missing`, `file-denied`. */
export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    if (hasErrno(cause, 'ENOENT'))
      throw new Fault('file-missing', `there is no file ${file}`, { hint: 'Check the path.', cause });
    throw new Fault('file-denied', `${file} cannot be read`, {
      hint: 'Check that it is a file and that you may read it.',
      cause,
    });
  }
}
