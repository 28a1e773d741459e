import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '#shared/domain/fault.ts';

export const PLAIN = '.jsonl';
export const PACKED = '.jsonl.gz';

/** Number of files whose size is read at the same time. */
const MAX_PARALLEL_READS = 64;

export function recordingsDir(dataDir: string): string {
  return join(dataDir, 'recordings');
}

/** The file that the recording of a run is written to; when the run is over the file is packed and renamed. */
export function recordingFile(dataDir: string, runId: string): string {
  return join(recordingsDir(dataDir), `${runId}${PLAIN}`);
}

/**
 * The existing recordings of a run, plain or packed, in order: `RUN`, and `RUN.1`, `RUN.2`, … for each time that the run
 * was resumed after a crash. Faults: `file-missing`.
 */
export function findRecordings(dataDir: string, runId: string): string[] {
  const files: string[] = [];
  for (let times = 0; ; times++) {
    const plain = recordingFile(dataDir, times === 0 ? runId : `${runId}.${times}`);
    const file = [plain, `${plain.slice(0, -PLAIN.length)}${PACKED}`].find(existsSync);
    if (file === undefined) break;
    files.push(file);
  }
  if (files.length > 0) return files;
  throw new Fault('file-missing', `there is no recording of run ${runId}`, {
    hint: 'Check the run; an old recording may have been removed, which the log says.',
    details: { run: runId },
  });
}

/** Whether a run has a recording on this station. */
export function hasRecording(dataDir: string, runId: string): boolean {
  const plain = recordingFile(dataDir, runId);
  return existsSync(plain) || existsSync(`${plain.slice(0, -PLAIN.length)}${PACKED}`);
}

/** The first recording of a run, which for nearly every run is the only one. Faults: `file-missing`. */
export function findRecording(dataDir: string, runId: string): string {
  return findRecordings(dataDir, runId)[0] ?? recordingFile(dataDir, runId);
}

export interface RecordingFile {
  readonly path: string;
  /** Id of the run or of the return. */
  readonly id: string;
  readonly packed: boolean;
  readonly bytes: number;
  /** When it was written last, Unix milliseconds. */
  readonly atMs: number;
}

/** Recordings of a station, oldest first: all of them, or those of one run. */
export async function listRecordings(dataDir: string, id: string | null = null): Promise<RecordingFile[]> {
  const dir = recordingsDir(dataDir);
  const names = (await namesIn(dir)).filter((name) => id === null || idOf(name) === id);
  const recordings: RecordingFile[] = [];
  for (let offset = 0; offset < names.length; offset += MAX_PARALLEL_READS) {
    const block = names.slice(offset, offset + MAX_PARALLEL_READS);
    const files = await Promise.all(block.map((name) => readFacts(dir, name)));
    recordings.push(...files.filter((file) => file !== null));
  }
  return recordings.sort((a, b) => a.atMs - b.atMs || (a.path < b.path ? -1 : 1));
}

/** Null for other files, and for a file that was removed or packed meanwhile. */
async function readFacts(dir: string, name: string): Promise<RecordingFile | null> {
  const id = idOf(name);
  if (id === null) return null;
  const path = join(dir, name);
  try {
    const { size, mtimeMs } = await stat(path);
    return { path, id, packed: name.endsWith(PACKED), bytes: size, atMs: mtimeMs };
  } catch {
    return null;
  }
}

/** The id without the number of a resumed run (`RUN.1`). */
function idOf(name: string): string | null {
  const end = [PACKED, PLAIN].find((known) => name.endsWith(known));
  return end === undefined ? null : name.slice(0, -end.length).replace(/\.\d+$/, '');
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch {
    // There is no recording yet, or the path is no directory, which is the fault of the next run.
    return [];
  }
}
