import { Fault } from '#shared/domain/fault.ts';
import { readRecording } from './read-recording.ts';
import { findRecordings } from './recording-files.ts';

/**
 * The last step that a run began, by its recording: the ledger has a step only when it has ended. Null when no step had
 * begun, and when the recording is missing or cannot be read.
 */
export function findInterruptedStep(
  dataDir: string,
  runId: string,
): { readonly phase: string; readonly step: string } | null {
  try {
    const file = findRecordings(dataDir, runId).at(-1) ?? '';
    const entries = [...readRecording(file).entries.values()];
    const stepIndex = entries.findLastIndex(({ type }) => type === 'step');
    const step = entries[stepIndex];
    const phase = entries.slice(0, Math.max(0, stepIndex)).findLast(({ type }) => type === 'phase');
    return step?.type === 'step' && phase?.type === 'phase' ? { phase: phase.name, step: step.name } : null;
  } catch (error) {
    // A run ends with its own failure, whatever the state of its recording.
    if (error instanceof Fault) return null;
    throw error;
  }
}
