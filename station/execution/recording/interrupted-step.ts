import { Fault } from '#shared/domain/fault.ts';
import { readRecording } from './read-recording.ts';
import { findRecordings } from './recording-file.ts';

const STEP = 'step ';
const PHASE = 'phase ';

/**
 * The last step that a run had begun, by its recording: the record has a step when it has ended. `null` when none had
 * begun, or when the recording is not there or cannot be read.
 */
export function stepUnderWay(
  dataDir: string,
  runId: string,
): { readonly phase: string; readonly step: string } | null {
  try {
    const file = findRecordings(dataDir, runId).at(-1) ?? '';
    const marks = [...readRecording(file).entries.values()].flatMap((entry) =>
      entry.d === '#' ? [entry.b] : [],
    );
    const at = marks.findLastIndex((mark) => mark.startsWith(STEP));
    const phase = marks.slice(0, Math.max(0, at)).findLast((mark) => mark.startsWith(PHASE));
    const step = marks[at];
    if (step === undefined || phase === undefined) return null;
    return { phase: phase.slice(PHASE.length), step: step.slice(STEP.length) };
  } catch (error) {
    // A run ends as what it was, whatever has become of its recording.
    if (error instanceof Fault) return null;
    throw error;
  }
}
