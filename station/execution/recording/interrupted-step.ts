import { FLASH_BEGUN, type FlashReached, reachFlash } from '#shared/domain/flash-reached.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Entry } from './format.ts';
import { readRecording } from './read-recording.ts';
import { findRecordings } from './recording-files.ts';
import { parseTransferProgress } from './transfer-progress.ts';

export interface InterruptedStep {
  readonly phase: string;
  readonly step: string;
  /** How far the writing of the flash had got; absent when none was under way. */
  readonly flash?: FlashReached;
}

/**
 * The last step that a run began, by its recording: the ledger has a step only when it has ended. Null when no step had
 * begun, and when the recording is missing or cannot be read.
 */
export function findInterruptedStep(dataDir: string, runId: string): InterruptedStep | null {
  try {
    const file = findRecordings(dataDir, runId).at(-1) ?? '';
    const entries = readRecording(file).entries;
    const all = [...entries.values()];
    const stepIndex = all.findLastIndex(({ type }) => type === 'step');
    const step = all[stepIndex];
    const phase = all.slice(0, Math.max(0, stepIndex)).findLast(({ type }) => type === 'phase');
    if (step?.type !== 'step' || phase?.type !== 'phase') return null;
    const flash = findFlash(entries);
    return { phase: phase.name, step: step.name, ...(flash === null ? {} : { flash }) };
  } catch (error) {
    // A run ends with its own failure, whatever the state of its recording.
    if (error instanceof Fault) return null;
    throw error;
  }
}

/** The writing of a flash that has begun and has no reply. */
function findFlash(entries: ReadonlyMap<number, Entry>): FlashReached | null {
  let begun: number | null = null;
  let reached = FLASH_BEGUN;
  for (const [line, entry] of entries) {
    if (entry.type === 'request' && entry.kind === 'port' && /^transfer \d+ flash /.test(entry.key)) {
      begun = line;
      reached = FLASH_BEGUN;
    } else if (entry.type === 'reply' && entry.request === begun) begun = null;
    else if (entry.type === 'notification' && entry.request === begun) {
      const report = parseTransferProgress(entry.value);
      if (report !== null) reached = reachFlash(reached, report);
    }
  }
  return begun === null ? null : reached;
}
