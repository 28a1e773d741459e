import type { KeptRecording } from './list-recordings.ts';

const DAY_MS = 86_400_000;

/** How much is kept. */
export interface RecordingLimits {
  /** What is older goes. */
  readonly maxAgeDays: number;
  /** Where there is more, the oldest go. */
  readonly maxBytes: number;
  /** What is younger stays, however much there is. */
  readonly keepDays: number;
}

export const RECORDING_LIMITS: RecordingLimits = { maxAgeDays: 365, maxBytes: 20_000_000_000, keepDays: 7 };

export interface Swept extends KeptRecording {
  readonly because: 'age' | 'size';
}

/**
 * Which recordings are to go, oldest first: never one of a run under way, never a young one. A clock that was set back
 * makes recordings of the future; they are young.
 */
export function toSweep(
  recordings: readonly KeptRecording[],
  limits: RecordingLimits,
  nowMs: number,
  isOpen: (id: string) => boolean,
): Swept[] {
  const swept: Swept[] = [];
  let bytes = recordings.reduce((sum, one) => sum + one.bytes, 0);
  for (const one of [...recordings].sort((a, b) => a.atMs - b.atMs)) {
    const ageMs = nowMs - one.atMs;
    if (ageMs <= limits.keepDays * DAY_MS || isOpen(one.id)) continue;
    const tooOld = ageMs > limits.maxAgeDays * DAY_MS;
    if (!tooOld && bytes <= limits.maxBytes) continue;
    swept.push({ ...one, because: tooOld ? 'age' : 'size' });
    bytes -= one.bytes;
  }
  return swept;
}
