import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '#shared/domain/fault.ts';

export const PLAIN = '.jsonl';
export const PACKED = '.jsonl.gz';

export function recordingsDir(dataDir: string): string {
  return join(dataDir, 'recordings');
}

/** Where the recording of a run is written; when the run is over it is packed, and its name ends otherwise. */
export function recordingFile(dataDir: string, runId: string): string {
  return join(recordingsDir(dataDir), `${runId}${PLAIN}`);
}

/**
 * Where the recordings of a run are now: being written, left by a killed station, or packed. A run that was taken up
 * again after a crash has one for each time, in order. Faults: `file-missing`.
 */
export function findRecordings(dataDir: string, runId: string): string[] {
  const found: string[] = [];
  for (let times = 0; ; times++) {
    const plain = recordingFile(dataDir, times === 0 ? runId : `${runId}.${times}`);
    const file = [plain, `${plain.slice(0, -PLAIN.length)}${PACKED}`].find(existsSync);
    if (file === undefined) break;
    found.push(file);
  }
  if (found.length > 0) return found;
  throw new Fault('file-missing', `there is no recording of run ${runId}`, {
    hint: 'Check the run; an old recording may have been swept away, which the log says.',
    details: { run: runId },
  });
}

/** The first of them, which for nearly every run is the only one. Faults: `file-missing`. */
export function findRecording(dataDir: string, runId: string): string {
  return findRecordings(dataDir, runId)[0] ?? recordingFile(dataDir, runId);
}
