import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '#shared/domain/outcome.ts';
import { openStationDatabase, type WritableDatabase } from '../../station/core/database/index.ts';
import { addRuns, addSampleBatch, type SampleRun } from '../station/results/reports/sample-batch.ts';
import { tempDir } from '../support/temp-dir.ts';
import { invoke } from '../kit/in-process.ts';

const at = (time: string): number => Date.parse(`2026-11-21T${time}:00Z`);

/** A run of the table in docs/yield.md. */
function run(
  row: number,
  time: string,
  serial: string | null,
  chip: string | null,
  outcome: Outcome,
): SampleRun {
  return {
    runId: `r${row}`,
    serialNumber: serial,
    ...(chip === null ? {} : { chipId: chip }),
    startedAtMs: at(time),
    outcome,
    slot: row === 3 ? 1 : 2,
  };
}

const TABLE: readonly SampleRun[] = [
  run(1, '07:30', 'G', 'G1', 'FAIL'),
  run(2, '08:00', 'A', 'A1', 'PASS'),
  run(3, '08:05', 'B', null, 'FAIL'),
  run(4, '08:10', 'B', 'B1', 'PASS'),
  run(5, '08:15', 'C', 'C1', 'FAIL'),
  run(6, '08:20', 'C', 'C1', 'FAIL'),
  run(7, '08:25', 'D', 'D1', 'PASS'),
  run(8, '08:30', 'E', 'E1', 'ERROR'),
  run(9, '08:35', 'E', 'E1', 'ABORTED'),
  run(10, '08:40', 'E', 'E1', 'PASS'),
  run(11, '08:45', 'F', 'F1', 'FAIL'),
  run(12, '09:00', 'G', 'G1', 'PASS'),
  run(13, '11:00', null, 'H1', 'TIMEOUT'),
  run(14, '11:05', null, 'H1', 'FAIL'),
  run(15, '11:10', null, null, 'FAIL'),
  run(16, '12:30', 'C', 'C1', 'PASS'),
  run(17, '12:40', 'I', 'I1', 'PASS'),
  run(18, '13:00', 'D', 'D1', 'FAIL'),
  run(19, '13:10', null, 'H1', 'FAIL'),
  run(20, '13:20', null, 'H1', 'PASS'),
  run(21, '13:30', 'F', 'F1', 'PASS'),
];

/** A voltage that climbs, from a step that is tried twice. */
function measuredRun(n: number): SampleRun {
  const value = 3.3 + ((n * 7) % 5) * 0.005 - 0.01 + n * 0.001;
  const limits = { unit: 'V', low: 3.1, high: 3.5 };
  return {
    runId: `m${String(n).padStart(3, '0')}`,
    batchId: 'M',
    serialNumber: `SN${n}`,
    startedAtMs: at('08:00') + n,
    steps: [
      { phase: 'power', step: 'supply', outcome: 'FAIL', measured: [{ name: 'vcc', value: 9, ...limits }] },
      { phase: 'power', step: 'supply', attempt: 2, measured: [{ name: 'vcc', value, ...limits }] },
      { phase: 'radio', step: 'scan' },
    ],
  };
}

/** Its owner is at work meanwhile: the sample's recipe is none that a station could open. */
function closing(database: WritableDatabase): Disposable {
  return { [Symbol.dispose]: () => database.close() };
}

describe('yield', () => {
  it('equals the hand-computed table for a morning, with and without station errors', async () => {
    using dir = tempDir('cli-yield');
    const data = join(dir.path, 'data');
    const database = openStationDatabase(data);
    addSampleBatch(database);
    addRuns(database, TABLE);
    using _open = closing(database);
    const common = ['--data', data, '--json'];
    const morning = ['--from', '2026-11-21T08:00Z', '--to', '2026-11-21T12:00Z'];

    const counted = await invoke('yield', 'B', ...morning, ...common);
    expect(counted.status).toBe(0);
    expect(counted.events[0]).toMatchObject({
      event: 'yield',
      batch: 'B',
      units: 7,
      runs: 14,
      fpy: 2 / 7,
      spy: 4 / 7,
      tpy: 6 / 7,
      lpy: 6 / 7,
      try: 5 / 14,
      firstPassYield: 2 / 7,
      finalYield: 6 / 7,
      unnamedRuns: 1,
      unitsBegunOutside: 1,
      filter: { fromMs: at('08:00'), toMs: at('12:00') },
    });
    const pareto = counted.events.filter(({ event }) => event === 'yield.pareto');
    expect(pareto).toMatchObject([{ runs: 9, share: 1, cumulative: 1, phase: 'main', step: 'read' }]);

    const without = await invoke('yield', 'B', '--no-count-station-errors', ...morning, ...common);
    expect(without.events[0]).toMatchObject({ units: 7, runs: 12, firstPass: 3, secondPass: 5, try: 5 / 12 });
    const slot = await invoke('yield', 'B', '--slot', '1', ...common);
    expect(slot.events[0]).toMatchObject({ units: 1, runs: 1, fpy: 0, spy: 1, lpy: 1, try: 0 });
    const nobody = await invoke('yield', 'B', '--operator', 'Wu', ...common);
    expect(nobody.events).toMatchObject([{ units: 0, runs: 0, fpy: null, rty: null, try: null }]);
    addSampleBatch(database, 'C', 'WO-18');
    addRuns(database, [
      { runId: 'c1', batchId: 'C', serialNumber: 'A', startedAtMs: at('15:00') },
      { runId: 'c2', batchId: 'C', serialNumber: 'B', startedAtMs: at('15:01'), outcome: 'FAIL' },
    ]);
    const rolled = await invoke('yield', 'B', 'C', ...common);
    expect(rolled.events.filter(({ event }) => event === 'yield')).toMatchObject([
      { fpy: 3 / 9 },
      { fpy: 0.5 },
    ]);
    expect(rolled.events.at(-1)).toEqual({ event: 'yield.rolled', batches: ['B', 'C'], rty: 3 / 18 });
    const words = await invoke('yield', 'B', ...morning, '--data', data);
    expect(words.stdout).toMatch(/passed by the second run +4 +57\.14 % +SPY/);
    expect(words.stdout).toContain('1 more unit was first run outside of what was asked for');
    const wrong = await invoke('yield', 'B', '--from', 'yesterday', ...common);
    expect(wrong).toMatchObject({ status: 2 });
    expect(wrong.stdout).toContain('yesterday is not a time like');
  });

  it('prints capability and drift of each measurement', async () => {
    using dir = tempDir('cli-yield');
    const data = join(dir.path, 'data');
    const database = openStationDatabase(data);
    addSampleBatch(database, 'M');
    addRuns(
      database,
      Array.from({ length: 100 }, (_, n) => measuredRun(n)),
    );
    using _open = closing(database);
    const { events } = await invoke('yield', 'M', '--data', data, '--json');
    expect(events.filter(({ event }) => event === 'yield.phase')).toMatchObject([
      { phase: 'power', units: 100, fpy: 1 },
      { phase: 'radio', units: 100, fpy: 1 },
    ]);
    const [capability, more] = events.filter(({ event }) => event === 'yield.capability');
    expect(more).toBeUndefined();
    expect(capability).toMatchObject({
      batch: 'M',
      phase: 'power',
      step: 'supply',
      name: 'vcc',
      unit: 'V',
      n: 100,
      low: 3.1,
      high: 3.5,
      driftRules: ['WE1', 'WE2', 'WE3', 'WE4'],
      reachesLimit: 3.5,
    });
    const { cp, cpk, mean, sigma, reachesInUnits } = capability as Record<string, number>;
    expect(mean).toBeCloseTo(3.3495, 4);
    expect(cp).toBeCloseTo(0.4 / 6 / (sigma ?? 0), 9);
    expect(cpk).toBeCloseTo((3.5 - 3.3495) / 3 / (sigma ?? 0), 4);
    expect(reachesInUnits).toBeGreaterThan(90);
    expect(reachesInUnits).toBeLessThan(115);
    const words = await invoke('yield', 'M', '--data', data);
    expect(words.stdout).toMatch(/power\/supply\.vcc drifts: reaches 3\.5 V in about \d+ units/);
  });
});
