import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';
import { asFileFault } from '#node-kit/files/index.ts';
import type { CsvSource } from '#shared/codec/csv/index.ts';
import { Fault } from '#shared/domain/fault.ts';

const CHUNK_BYTES = 64 * 1024;
/** The content of a pipe stays in memory, because it is read twice. */
const PIPE_LIMIT_BYTES = 256 * 1024 * 1024;

/**
 * A file for `readTripleCsv`, which opens it twice and closes it. A pipe is read at once. Faults: `file-missing`,
 * `file-denied`, `bad-input` (a folder, a pipe of more than 256 MiB).
 */
export async function openTripleFile(path: string): Promise<CsvSource> {
  try {
    const facts = await stat(path);
    if (facts.isDirectory())
      throw new Fault('bad-input', `${path} is a folder`, { hint: 'Choose a CSV file.' });
    const file = await open(path, 'r');
    if (!facts.isFile()) return await readPipe(file, path);
    await file.close();
    return async function* () {
      yield* chunksOf(await open(path, 'r'));
    };
  } catch (cause) {
    throw asFileFault(cause, path, 'read');
  }
}

/** Chunks that are wiped after use. A stream of Node would leave a copy of the last chunk. */
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

async function readPipe(file: FileHandle, path: string): Promise<CsvSource> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunksOf(file)) {
    size += chunk.length;
    if (size > PIPE_LIMIT_BYTES) {
      for (const one of chunks) one.fill(0);
      throw new Fault('bad-input', `${path} has more than 256 MiB`, { hint: 'Write it to a file first.' });
    }
    chunks.push(chunk);
  }
  let times = 0;
  return async function* () {
    times += 1;
    // The first reader gets copies, because a reader overwrites its chunks.
    for (const chunk of chunks) yield times === 1 ? Uint8Array.from(chunk) : chunk;
  };
}
