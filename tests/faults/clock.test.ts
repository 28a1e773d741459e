import { describe, expect, it } from 'vitest';
import { createNodeClock } from '../../station/drivers/node/clock.ts';
import { createLockOut } from '../../station/access/lock-out.ts';
import { faultOf } from '../station/support/fault-of.ts';
import { manualClock } from '../station/support/manual-clock.ts';
import { PRODUCT } from '../station/support/sample-store.ts';
import { eventOf, serialOf, startLine } from '../station/support/station-line.ts';

const HOUR = 3_600_000;

/** The computer's own clock, as somebody sets it by so much. */
function settableClock() {
  const real = createNodeClock();
  let offsetMs = 0;
  return { ...real, nowMs: () => real.nowMs() + offsetMs, set: (ms: number) => void (offsetMs += ms) };
}

describe('a clock that is set back', () => {
  it('in the middle of a run makes no run end before it began, and no duration negative', async () => {
    const clock = settableClock();
    await using line = await startLine({ units: 1, platform: { clock } });
    const testing = eventOf(line.station, 1, 'phase', ({ phase }) => phase.name === 'test');
    const run = line.run(1);
    await testing;
    clock.set(-5 * HOUR);
    const result = await run;
    expect(result.outcome).toBe('PASS');
    expect(result.finishedAtMs).toBeGreaterThanOrEqual(result.startedAtMs);
    expect(result.ms).toBeGreaterThan(0);
    expect(result.ms).toBeLessThan(HOUR);
    for (const step of line.station.store.runs.steps(result.runId)) {
      expect(step.ms).toBeGreaterThanOrEqual(0);
      expect(step.ms).toBeLessThan(HOUR);
    }
    expect(line.station.store.findViolations()).toEqual([]);
  }, 30_000);

  it('between runs: the later run counts, a serial that passed stays passed, messages go in their order', async () => {
    const clock = settableClock();
    await using line = await startLine({ units: 1, triples: 2, platform: { clock } });
    const { station } = line;
    // Without its cable it fails; an hour earlier by the clock, but later, it passes.
    await line.bench.bench.cable(1, false);
    expect((await line.run(1)).outcome).not.toBe('PASS');
    await line.plug(1);
    clock.set(-HOUR);
    const passed = await line.run(1);
    expect(passed.outcome).toBe('PASS');
    const [first, second] = station.store.runs.ofSerial(serialOf(1));
    expect(first?.startedAt).toBeGreaterThan(second?.startedAt ?? Infinity);
    expect(second?.runId).toBe(passed.runId);
    expect(station.batches.get(line.batchId)).toMatchObject({ passed: 1, notPassed: 0 });
    clock.set(-HOUR);
    expect(await faultOf(() => line.run(1))).toMatchObject({ code: 'serial-passed' });
    // In the order they were written, whatever the clock said.
    const keys = station.store.outbox.pending(10).map(({ key }) => key);
    expect(keys).toEqual([`run:${first?.runId}`, `run:${second?.runId}`]);
    expect(await station.sync.drain(AbortSignal.timeout(10_000))).toMatchObject({ pending: 0, parked: 0 });
    expect(station.sync.state.oldestMs).toBeNull();
    expect(station.store.findViolations()).toEqual([]);
  }, 30_000);

  it('lets nobody try PINs faster, and keeps nobody locked out longer', async () => {
    const clock = manualClock();
    const lockOut = createLockOut(clock, new Map());
    for (let n = 0; n < 5; n += 1) lockOut.wrong('Li');
    clock.jump(24 * HOUR);
    expect(await faultOf(() => lockOut.check('Li'))).toMatchObject({ code: 'pin-locked' });
    clock.jump(-48 * HOUR);
    await clock.pass(30_000);
    lockOut.check('Li');
  });

  it('keeps the audit trail and the history of a unit in the order in which things happened', async () => {
    const clock = settableClock();
    await using line = await startLine({ units: 1, platform: { clock } });
    const { station } = line;
    const soon = AbortSignal.timeout(15_000);
    await station.pool.giveBack(null, soon);
    clock.set(-HOUR);
    const registry = { url: line.registry.http, token: line.registry.stationToken };
    station.settings.configure({ station: 'S2', registry });
    clock.set(-HOUR);
    station.settings.configure({ station: 'S3', registry });
    const names = [...station.store.audit.inOrder()]
      .filter(({ action }) => action === 'settings.station')
      .map(({ details, at }) => ({ to: (JSON.parse(details) as { to: string }).to, at }));
    expect(names.map(({ to }) => to)).toEqual(['S1', 'S2', 'S3']);
    expect(names[2]?.at).toBeLessThan(names[0]?.at ?? 0);
    await station.pool.lease(PRODUCT, 1, soon);
    const run = await line.run(1);
    expect(run.outcome).toBe('PASS');
    const triple = station.store.triples.byName(run.productId ?? '', run.deviceName ?? '');
    expect(station.store.triples.history(triple?.tripleId ?? 0).map(({ event }) => event)).toEqual([
      'give-back',
      'lease-again',
      'claim',
      'intend',
      'confirm',
    ]);
  }, 30_000);
});
