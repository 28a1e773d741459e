import { unitIdOrNull } from '#shared/domain/unit-id.ts';
import { Fault, type FaultCode } from '#shared/domain/fault.ts';
import { outcomeOfFault } from '#shared/domain/outcome.ts';
import type { NewRun, RunRow } from '../../core/database/index.ts';
import { asFault, toFailure, type Verdict } from './execute.ts';
import { writeEnd } from './finish-run.ts';
import type { RunEvent, RunResult } from './run-events.ts';
import type { RunServices, RunRequest } from './run-request.ts';
import { testRun } from './test-run.ts';

/** What a person can put right while the result waits in memory. */
const CAN_PASS: ReadonlySet<FaultCode> = new Set(['disk-full', 'disk-read-only', 'disk-failing']);
/** How often a run that waits for space tries to write its end. */
const SPACE_RETRY_MS = 2000;

/**
 * One unit through one recipe on one slot. Never throws for what can go wrong with a unit or a station: that is the
 * outcome. It throws only when the record itself cannot be written (`disk-full`, `disk-read-only`, `database-corrupt`, …).
 */
export async function runUnit(
  parts: RunServices,
  order: RunRequest,
  emit: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<RunResult> {
  const { platform, database } = parts;
  const resume = order.resume ?? null;
  const runId = resume?.runId ?? platform.random.id();
  const startedAt = resume?.startedAt ?? platform.clock.nowMs();
  const began = platform.clock.monotonicMs();
  // A clock that is set within a run must not change how long the run took: its times are the beginning and what the
  // monotonic clock says since. One that is taken up after a crash begins anew, and never before what it had done.
  const baseMs = resume === null ? startedAt : Math.max(platform.clock.nowMs(), resume.reachedAt);
  const run: NewRun = {
    runId,
    batchId: order.batchId,
    slot: order.slot,
    portPath: order.portPath,
    serialNumber: order.serialNumber,
    station: parts.station,
    operator: order.operator,
    appVersion: parts.appVersion,
    recipeHash: order.recipe.hash,
    firmwareSha256: database.batches.findById(order.batchId)?.firmwareSha256 ?? null,
    startedAt,
  };
  // A run that a power cut takes before anything of it was durable has touched no identity.
  database.writeRelaxed(() => (resume === null ? database.runs.add(run) : database.runs.markResumed(runId)));
  emit({ kind: 'started', runId, slot: order.slot, atMs: startedAt });

  const verdict = await testRun(parts, { runId, startedAt, baseMs, order, resume, emit }, signal).catch(
    (error: unknown): Verdict => {
      const fault = asFault(error, platform.log);
      return { outcome: outcomeOfFault(fault.code), failure: toFailure(fault, '', 'open') };
    },
  );
  const finishedAt = baseMs + Math.round(platform.clock.monotonicMs() - began);
  const row = await recordEnd(finishedAt, verdict);
  const result: RunResult = {
    runId,
    slot: order.slot,
    serialNumber: order.serialNumber,
    chipId: row.chipId,
    unitId: unitIdOrNull(row),
    productId: row.productId,
    deviceName: row.deviceName,
    outcome: verdict.outcome,
    failure: verdict.failure,
    startedAtMs: startedAt,
    finishedAtMs: row.finishedAt ?? finishedAt,
    ms: finishedAt - startedAt,
  };
  emit({ kind: 'finished', result });
  return result;

  /** A result is not lost because a disk takes nothing now: it waits, and whoever looks at the slot sees why. */
  async function recordEnd(atMs: number, { outcome, failure }: Verdict): Promise<RunRow> {
    for (;;) {
      try {
        // Together with slots that end now, too: a fixture whose units were started as one waits for the disk once.
        return await database.writeGrouped(() => writeEnd(database, runId, atMs, outcome, failure));
      } catch (error) {
        const { waitForSpace } = parts;
        if (!(error instanceof Fault) || !CAN_PASS.has(error.code) || waitForSpace === undefined) throw error;
        emit({ kind: 'unrecorded', runId, fault: error });
        await platform.clock.sleep(SPACE_RETRY_MS, waitForSpace).catch(() => {
          throw error;
        });
      }
    }
  }
}
