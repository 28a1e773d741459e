import { existsSync } from 'node:fs';
import { findRecording } from '#station';
import { type CommonOptions, dataDirOf } from '../../command.ts';

/** A file wherever it came from, or a run of this station. Faults: `file-missing`. */
export function recordingOf(run: string, options: CommonOptions): string {
  return existsSync(run) ? run : findRecording(dataDirOf(options), run);
}
