import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PACKED, PLAIN, recordingsDir } from './recording-file.ts';

export interface KeptRecording {
  readonly path: string;
  /** The run, or the work at the returns desk, that it is of. */
  readonly id: string;
  readonly packed: boolean;
  readonly bytes: number;
  /** When it was written last. */
  readonly atMs: number;
}

/** So many files are asked for their size at a time. */
const AT_ONCE = 64;

/** Recordings of a station, oldest first: all of them, or those of one run. */
export async function listRecordings(dataDir: string, id: string | null = null): Promise<KeptRecording[]> {
  const dir = recordingsDir(dataDir);
  const names = (await namesIn(dir)).filter((name) => id === null || idOf(name) === id);
  const found: KeptRecording[] = [];
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const some = await Promise.all(names.slice(at, at + AT_ONCE).map((name) => look(dir, name)));
    found.push(...some.flatMap((one) => one ?? []));
  }
  return found.sort((a, b) => a.atMs - b.atMs || (a.path < b.path ? -1 : 1));
}

async function look(dir: string, name: string): Promise<KeptRecording | null> {
  const id = idOf(name);
  if (id === null) return null;
  const path = join(dir, name);
  try {
    const { size, mtimeMs } = await stat(path);
    return { path, id, packed: name.endsWith(PACKED), bytes: size, atMs: mtimeMs };
  } catch {
    // Swept or packed meanwhile.
    return null;
  }
}

/** A run that was taken up again has a second recording, `RUN.1`. */
function idOf(name: string): string | null {
  const end = [PACKED, PLAIN].find((known) => name.endsWith(known));
  return end === undefined ? null : name.slice(0, -end.length).replace(/\.\d+$/, '');
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch {
    // None was made yet, or the place is no directory, which the next run says.
    return [];
  }
}
