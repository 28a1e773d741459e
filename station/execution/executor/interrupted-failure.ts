import type { RunFailure } from '#shared/domain/outcome.ts';
import { formatFlashReached } from '#shared/domain/flash-reached.ts';
import { findInterruptedStep } from '../recording/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';

/**
 * The failure of a run that a stop of the station interrupted. It names the step that the recording had begun, else the
 * last step in the record. `details.flashReached` says how far the writing of the flash had got.
 *
 * @param dataDir folder of the recording; `null` when the database is older than the recordings
 */
export function interruptedFailure(
  database: WritableDatabase,
  runId: string,
  dataDir: string | null,
): RunFailure {
  const interrupted = dataDir === null ? null : findInterruptedStep(dataDir, runId);
  const last = interrupted ?? database.runs.listSteps(runId).at(-1);
  const flash = interrupted?.flash;
  return {
    code: 'interrupted',
    phase: last?.phase ?? '',
    step: last?.step ?? '',
    message: 'the station stopped in the middle of this run',
    hint: 'Put the unit on a slot again.',
    details: flash === undefined ? {} : { flashReached: formatFlashReached(flash) },
  };
}
