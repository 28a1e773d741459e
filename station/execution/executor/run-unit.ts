import { unitIdOrNull } from '#shared/domain/unit-id.ts';
import { Fault, type FaultCode } from '#shared/domain/fault.ts';
import { outcomeOfFault } from '#shared/domain/outcome.ts';
import { passedUnproven } from '#shared/domain/read-back.ts';
import type { NewRun, RunRow } from '../../core/database/index.ts';
import { asFault, type ExecutionResult, toFailure } from './execute.ts';
import { writeEnd } from './finish-run.ts';
import type { RunEvent, RunResult } from './run-events.ts';
import type { RunRequest, RunServices } from './run-request.ts';
import { testRun } from './test-run.ts';

/** Faults that a person can remove while the result waits in memory. */
const TEMPORARY: ReadonlySet<FaultCode> = new Set(['disk-full', 'disk-read-only', 'disk-failing']);
/** Pause between attempts to write the end of a run. */
const SPACE_RETRY_MS = 2000;

/**
 * Runs one recipe on one unit: writes the run's beginning, executes the recipe, writes the run's end. A fault of unit or
 * station becomes the outcome. Faults, when the record itself cannot be written: `disk-full`, `disk-read-only`,
 * `disk-failing`, `database-corrupt`.
 */
export async function runUnit(
  services: RunServices,
  request: RunRequest,
  emit: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<RunResult> {
  const { platform, database } = services;
  const resume = request.resume ?? null;
  const runId = resume?.runId ?? platform.random.id();
  const startedAtMs = resume?.startedAt ?? platform.clock.nowMs();
  const startedMs = platform.clock.monotonicMs();
  // The wall clock may be set during a run. So times of a run are its start plus readings of the monotonic clock; a
  // resumed run starts again, and never before the last attempt that it had recorded.
  const baseAtMs = resume === null ? startedAtMs : Math.max(platform.clock.nowMs(), resume.reachedAt);
  const run: NewRun = {
    runId,
    batchId: request.batchId,
    slot: request.slot,
    portPath: request.portPath,
    serialNumber: request.serialNumber,
    station: services.station,
    operator: request.operator,
    appVersion: services.appVersion,
    recipeHash: request.recipe.hash,
    firmwareSha256: database.batches.findById(request.batchId)?.firmwareSha256 ?? null,
    startedAtMs,
  };
  // A power cut may lose this record: until the next durable one the run has changed no identity.
  database.writeRelaxed(() => (resume === null ? database.runs.add(run) : database.runs.markResumed(runId)));
  emit({ kind: 'started', runId, slot: request.slot, atMs: startedAtMs });

  const active = { runId, startedAtMs, baseAtMs, request, resume, emit };
  const { outcome, failure } = await testRun(services, active, signal).catch(
    (error: unknown): ExecutionResult => {
      const fault = asFault(error, platform.log);
      return { outcome: outcomeOfFault(fault.code), failure: toFailure(fault, '', 'open') };
    },
  );
  const finishedAtMs = baseAtMs + Math.round(platform.clock.monotonicMs() - startedMs);
  const row = await recordEnd();
  services.attachments.settle(runId);
  const result: RunResult = {
    runId,
    slot: request.slot,
    serialNumber: request.serialNumber,
    chipId: row.chipId,
    unitId: unitIdOrNull(row),
    productId: row.productId,
    deviceName: row.deviceName,
    outcome,
    unproven: passedUnproven(row),
    failure,
    startedAtMs,
    finishedAtMs: row.finishedAtMs ?? finishedAtMs,
    ms: finishedAtMs - startedAtMs,
  };
  // Before a listener of the end could start the next unit.
  services.labels?.begin(request.slot);
  emit({ kind: 'finished', result });
  return result;

  /** Waits while the disk takes nothing, so that the result is not lost; the slot shows the reason meanwhile. */
  async function recordEnd(): Promise<RunRow> {
    for (;;) {
      try {
        // Grouped: slots that end at the same time share one write to the disk.
        return await database.writeGrouped(() => {
          const ended = writeEnd(database, runId, finishedAtMs, outcome, failure);
          services.labels?.plan(ended, request.recipe.recipe, finishedAtMs);
          return ended;
        });
      } catch (error) {
        const { waitForSpace } = services;
        if (!(error instanceof Fault) || !TEMPORARY.has(error.code) || waitForSpace === undefined)
          throw error;
        emit({ kind: 'unrecorded', runId, fault: error });
        await platform.clock.sleep(SPACE_RETRY_MS, waitForSpace).catch(() => {
          throw error;
        });
      }
    }
  }
}
