import { existsSync } from 'node:fs';
import { findRecordings, readRecording, type Recording } from '#station';
import { type CommonOptions, dataDirOf } from '../../command.ts';

/**
 * A file wherever it came from, or a run of this station; a run that was taken up again after a crash has more than
 * one. Faults: `file-missing`, `bad-input`.
 */
export function recordingsOf(run: string, options: CommonOptions): Recording[] {
  const files = existsSync(run) ? [run] : findRecordings(dataDirOf(options), run);
  return files.map(readRecording);
}
