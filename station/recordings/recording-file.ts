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

/** Where the recording of a run is now: being written, left by a killed station, or packed. Faults: `file-missing`. */
export function findRecording(dataDir: string, runId: string): string {
  const plain = recordingFile(dataDir, runId);
  const found = [plain, `${plain.slice(0, -PLAIN.length)}${PACKED}`].find(existsSync);
  if (found !== undefined) return found;
  throw new Fault('file-missing', `there is no recording of run ${runId}`, {
    hint: 'Check the run; an old recording may have been swept away, which the log says.',
    details: { run: runId },
  });
}
