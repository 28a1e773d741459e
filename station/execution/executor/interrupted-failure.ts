import type { RunFailure } from '#shared/domain/outcome.ts';
import { findInterruptedStep } from '../recording/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';

/**
 * Why a run ends that a stop of the station cut off: in the step that was under way by its recording, else after the
 * last one that is in its record.
 *
 * @param dataDir where the recording is; `null` when the database is of an earlier time than the recordings
 */
export function interruptedFailure(
  database: WritableDatabase,
  runId: string,
  dataDir: string | null,
): RunFailure {
  const last =
    (dataDir === null ? null : findInterruptedStep(dataDir, runId)) ?? database.runs.listSteps(runId).at(-1);
  return {
    code: 'interrupted',
    phase: last?.phase ?? '',
    step: last?.step ?? '',
    message: 'the station stopped in the middle of this run',
    hint: 'Put the unit on a slot again.',
    details: {},
  };
}
