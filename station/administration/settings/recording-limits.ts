import { Fault } from '#shared/domain/fault.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import { RECORDING_LIMITS, type RecordingLimits } from '../../execution/recording/index.ts';

export const RECORDINGS = 'recordings.limits';

/** The limits of the stored recordings: those that an engineer configured, or the default. */
export function recordingLimits(database: ReadableDatabase): RecordingLimits {
  const text = database.meta.get(RECORDINGS);
  return text === null
    ? RECORDING_LIMITS
    : { ...RECORDING_LIMITS, ...(JSON.parse(text) as Partial<RecordingLimits>) };
}

/** Faults: `bad-input`. */
export function checkedLimits({ maxAgeDays, maxBytes, keepDays }: RecordingLimits): RecordingLimits {
  const isSound = keepDays >= 1 && maxAgeDays >= keepDays && maxBytes >= 1_000_000;
  if (isSound && [maxAgeDays, maxBytes, keepDays].every(Number.isInteger))
    return { maxAgeDays, maxBytes, keepDays };
  throw new Fault('bad-input', 'these limits of recordings are not possible', {
    hint: 'Keep recordings for at least one day and no longer than their maximum age, and give them at least 1 MB.',
  });
}
