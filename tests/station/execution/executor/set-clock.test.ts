import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createNodeClock } from '../../../../station/devices/drivers/node/clock.ts';
import { writeReport } from '../../../../station/results/reports/index.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { scripted, type ScriptedUnits, type ScriptedUnit } from '../../../kit/units.ts';
import { describedRecipe } from '../../../kit/recipes.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

const HOUR_MS = 3_600_000;
/** Half of the smallest step of the clock here: a time that is off by a step is beyond it. */
const SOON_MS = HOUR_MS;

let setup: TestStation<ScriptedUnits> | null = null;
afterEach(async () => {
  await setup?.[Symbol.asyncDispose]();
  setup = null;
});

/** Somebody sets the computer's clock when the unit is asked for `SET`; its monotonic clock goes on. */
async function startWith(stepMs: number): Promise<TestStation<ScriptedUnits>> {
  let offMs = 0;
  const clock = { ...createNodeClock(), nowMs: () => Date.now() + offMs };
  const unit: ScriptedUnit = (bytes, say) => {
    if (!bytes.toString().includes('SET')) return;
    offMs += stepMs;
    say('DONE\r\n');
  };
  const steps = `- { verb: wait, ms: 20 }
- { verb: request, text: SET, end: lf, expect: DONE, withinMs: 20000 }
- { verb: wait, name: rest, ms: 40, retries: 1 }`;
  setup = await startStation({
    units: scripted([unit]),
    recipe: describedRecipe(steps),
    platform: () => ({ clock }),
  });
  return setup;
}

describe('a clock that is set within a run', () => {
  it.each([
    ['back by two hours', -2 * HOUR_MS],
    ['on by a day', 24 * HOUR_MS],
  ])('changes no duration: %s', async (_name, stepMs) => {
    const started = await startWith(stepMs);
    const { station, batchId, dir } = started;
    const beganMs = Date.now();
    const result = await started.run();
    expect(result.outcome).toBe('PASS');
    expect(result.ms).toBeGreaterThanOrEqual(60);
    expect(result.ms).toBeLessThan(SOON_MS);
    expect(result.finishedAtMs - result.startedAtMs).toBe(result.ms);
    expect(Math.abs(result.startedAtMs - beganMs)).toBeLessThan(SOON_MS);

    // The record: the run's ends and all its steps are of one time.
    const row = station.database.runs.findById(result.runId);
    expect((row?.finishedAtMs ?? 0) - (row?.startedAtMs ?? 0)).toBe(result.ms);
    const steps = station.database.runs.listSteps(result.runId);
    for (const step of steps) {
      expect(step.startedAtMs).toBeGreaterThanOrEqual(row?.startedAtMs ?? 0);
      expect(step.startedAtMs + step.ms).toBeLessThanOrEqual((row?.finishedAtMs ?? 0) + 2);
      expect(step.ms).toBeLessThan(SOON_MS);
    }
    expect(steps.at(-1)?.ms).toBeGreaterThanOrEqual(40);

    // What is told of it: the report, and the median of the batch.
    const file = join(dir, 'report.jsonl');
    await writeReport(station.database, { kind: 'batch', batchId }, file, {
      format: 'jsonl',
      signal: NEVER_ABORTED,
    });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ ms: result.ms });
  });

  it.each([
    ['back', -2 * HOUR_MS],
    ['on', 24 * HOUR_MS],
  ])('leaves a PASS on the screen for five seconds: %s', async (_name, stepMs) => {
    const { station, batchId } = await startWith(stepMs);
    await station.startUnit({ batchId, serialNumber: 'SN1', operator: 'Li', slot: 1 }).finished;
    const [slot] = station.slots.state.slots;
    expect(slot?.state).toBe('finished');
    // As the clock is now: not hours away, and not over.
    const leftMs = (slot?.clearsAtMs ?? 0) - (Date.now() + stepMs);
    expect(leftMs).toBeGreaterThan(-SOON_MS);
    expect(leftMs).toBeLessThanOrEqual(5000);
  });
});
