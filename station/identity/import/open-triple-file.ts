import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { Fault, type FaultCode } from '#shared/domain/fault.ts';

const CHUNK_BYTES = 64 * 1024;

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
    return Readable.from(chunksOf(file));
  } catch (cause) {
    const code = CODES[(cause as NodeJS.ErrnoException).code ?? ''];
    if (code === undefined) throw cause;
    const what = code === 'file-missing' ? 'does not exist' : 'may not be read';
    throw new Fault(code, `${path} ${what}`, { hint: 'check the path and its permissions', cause });
  }
}

/** A stream of Node's copies the last chunk and leaves the first copy as it is; here every copy is wiped by somebody. */
async function* chunksOf(file: FileHandle): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, null);
      if (bytesRead === 0) return;
      const chunk = Buffer.allocUnsafeSlow(bytesRead);
      buffer.copy(chunk, 0, 0, bytesRead);
      yield chunk;
    }
  } finally {
    buffer.fill(0);
    await file.close();
  }
}
