import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { Fault, type FaultCode } from '#shared/domain/fault.ts';

const CODES: Readonly<Record<string, FaultCode>> = {
  ENOENT: 'file-missing',
  ENOTDIR: 'file-missing',
  EACCES: 'file-denied',
  EPERM: 'file-denied',
};

/**
 * A stream over a file, for `readTripleCsv`, which closes it. Faults: `file-missing`, `file-denied`, `bad-input`
 * (a folder).
 */
export async function openTripleFile(path: string): Promise<Readable> {
  try {
    const file = await open(path, 'r');
    if ((await file.stat()).isDirectory()) {
      await file.close();
      throw new Fault('bad-input', `${path} is a folder`, { hint: 'choose a CSV file' });
    }
    return file.createReadStream();
  } catch (cause) {
    const code = CODES[(cause as NodeJS.ErrnoException).code ?? ''];
    if (code === undefined) throw cause;
    const what = code === 'file-missing' ? 'does not exist' : 'may not be read';
    throw new Fault(code, `${path} ${what}`, { hint: 'check the path and its permissions', cause });
  }
}
