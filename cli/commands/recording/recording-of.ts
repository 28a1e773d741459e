import { existsSync } from 'node:fs';
import { findRecordings, readRecording, type Recording, requireStation } from '#station';
import { type CommonOptions, dataDirOf } from '../../command.ts';

/**
 * A file wherever it came from, or a run of this station; a run that was taken up again after a crash has more than
 * one. Faults: `not-found` where no station is, `file-missing`, `bad-input`.
 */
export function recordingsOf(run: string, options: CommonOptions): Recording[] {
  return filesOf(run, dataDirOf(options)).map(readRecording);
}

function filesOf(run: string, dataDir: string): string[] {
  if (existsSync(run)) return [run];
  try {
    return findRecordings(dataDir, run);
  } catch (error) {
    // Recordings can be read where somebody put them without a station; where neither is, that is the reason.
    requireStation(dataDir);
    throw error;
  }
}
