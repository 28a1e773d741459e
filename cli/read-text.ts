import { readFile } from 'node:fs/promises';
import { Fault } from '#shared/domain/fault.ts';

/** The whole of a text file. Faults: `file-missing`, `file-denied`. */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new Fault('file-missing', `there is no file ${file}`, { hint: 'Check the path.', cause });
    throw new Fault('file-denied', `${file} cannot be read`, {
      hint: 'Check that it is a file and that you may read it.',
      cause,
    });
  }
}
