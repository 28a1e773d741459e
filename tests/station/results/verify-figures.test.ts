import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '#shared/domain/outcome.ts';
import { openStationDatabase, type WritableDatabase } from '../../../station/core/database/index.ts';
import { FactKeeper, verifyFigures, writeFacts } from '../../../station/results/figures/index.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { addRuns, addSampleBatch, type SampleRun } from './reports/sample-batch.ts';

const RUNS = 230;
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Units with several runs, all outcomes, small and large values, in two batches. */
function sampleRuns(): SampleRun[] {
  return Array.from({ length: RUNS }, (_, n): SampleRun => {
    const outcome = n % 7 === 0 ? (OUTCOMES[n % OUTCOMES.length] ?? 'FAIL') : 'PASS';
    return {
      runId: `r${n}`,
      batchId: n % 3 === 0 ? 'C' : 'B',
      serialNumber: n % 11 === 0 ? null : `SN${n % 90}`,
      startedAtMs: 1_000 + n * 60_000,
      ms: 5_000 + (n % 13) * 100,
      outcome,
      ...(outcome === 'PASS' ? {} : { failure: { code: 'limit-exceeded', phase: 'test', step: 'rssi' } }),
      slot: 1 + (n % 4),
      operator: n % 2 === 0 ? 'Li' : 'Wang',
      steps: [
        {
          step: 'rssi',
          measured: [
            { name: 'rssi', value: -40 - Math.sin(n) * 9, low: -80, high: -20 },
            { name: 'frequency', value: 2_402_000 + Math.sin(n) * 9, low: 2_401_900, high: 2_402_100 },
            { name: 'current', value: 1e-6 * (1 + Math.cos(n) / 7), high: 1e-3 },
          ],
        },
      ],
    };
  });
}

/** A station whose facts were written in parts of different sizes, as happens between starts. */
function withFigures(dir: string): WritableDatabase {
  const database = openStationDatabase(dir);
  addSampleBatch(database);
  addSampleBatch(database, 'C', 'another');
  addRuns(database, sampleRuns());
  for (let part = 1; database.runFacts.getProgress() < RUNS - 10; part = (part * 2) % 37)
    writeFacts(database, part);
  return database;
}

/** Changes one entry of the moments of all values near 2,402,000, whose spread is less than a hundred-thousandth of them. */
const forgedMoment = (entry: string, change: string): string =>
  `UPDATE series_cell SET sums = (
     SELECT json_group_object(json_each.key, json(CASE WHEN json_each.value -> '${entry.split('[')[0]}' ->> 1 > 1e6
       THEN json_set(json_each.value, '$.${entry}', (json_each.value ->> '$.${entry}') ${change}) ELSE json_each.value END))
     FROM json_each(series_cell.sums)) WHERE hour < 0`;

const FORGED: readonly (readonly [what: string, sql: string, table: string])[] = [
  ['an outcome in the list of runs', 'UPDATE run_fact SET outcome = 0 WHERE row = 8', 'run_fact'],
  ['a slot in the list of runs', 'UPDATE run_fact SET slot = slot + 1 WHERE row = 40', 'run_fact'],
  ['a serial number in the list of runs', "UPDATE run_fact SET names = 'SN999' WHERE row = 41", 'run_fact'],
  ['a removed run', 'DELETE FROM run_fact WHERE row = 42', 'run_fact'],
  ['an invented run', "INSERT INTO run_fact SELECT 9999, batch, slot, origin, outcome, cause, started_at, finished_at, NULL, NULL, 0, 'X' FROM run_fact WHERE row = 1", 'run_fact'],
  ['the state of a unit', 'UPDATE run_fact SET state = (SELECT max(state) FROM fact_unit_state) WHERE row = 2', 'run_fact'],
  ['the meaning of a state', 'UPDATE fact_unit_state SET passed = passed + 8', 'run_fact'],
  ['the passed units of a batch', 'UPDATE batch_fact SET passed = passed + 1 WHERE batch = 1', 'batch_fact'],
  ['units of an hour', 'UPDATE unit_cell SET units = units + 1 WHERE hour = 1', 'unit_cell'],
  ['failed runs', 'DELETE FROM run_cell WHERE outcome <> 0', 'run_cell'],
  ['durations', 'UPDATE duration_cell SET runs = runs + 1 WHERE duration = 50', 'duration_cell'],
  ['a measured sum', `UPDATE series_cell SET sums = replace(sums, '"place":', '"place":1') WHERE hour < 0`, 'series_cell'],
  ['a spread that is small beside its values', forgedMoment('values[2]', '* 0'), 'series_cell'],
  ['a spread, by a hundredth', forgedMoment('values[2]', '* 1.01'), 'series_cell'],
  ['a mean, by a part of the spread', forgedMoment('values[1]', '+ 0.5'), 'series_cell'],
  ['a least value, by a millionth', forgedMoment('values[3]', '+ 1'), 'series_cell'],
  ['all sums of a batch', 'DELETE FROM series_cell WHERE batch = 2', 'series_cell'],
  ['sums that are no JSON', "UPDATE series_cell SET sums = 'none' WHERE batch = 2", 'series_cell'],
  ['the name of an operator', "UPDATE fact_origin SET operator = 'Zhao' WHERE operator = 'Li'", 'fact_origin'],
  ['the name of a step', "UPDATE fact_cause SET step = 'x'", 'fact_cause'],
  ['the name of a phase', "UPDATE fact_phase SET phase = 'x' WHERE batch = 1", 'fact_phase'],
  ['the name of a measurement', "UPDATE fact_series SET names = replace(names, 'rssi', 'snr')", 'fact_series'],
  ['more progress than there are runs', 'UPDATE fact_progress SET row = 100000', 'run_fact'],
  ['less progress than there are facts', 'UPDATE fact_progress SET row = row - 20', 'run_fact'],
]; // prettier-ignore

describe('kept figures', () => {
  it('agree with the records, in whatever parts they were written, and while others wait', async () => {
    using dir = tempDir('verify-figures');
    using stack = new DisposableStack();
    const database = withFigures(dir.path);
    stack.defer(() => database.close());
    const steps: number[] = [];
    const report = await verifyFigures(dir.path, NEVER_ABORTED, (done) => steps.push(done));
    expect(report).toEqual({ differences: [], runs: database.runFacts.getProgress() });
    expect(report.runs).toBeGreaterThan(RUNS - 40);
    expect(steps.length).toBeGreaterThan(1);
    expect(database.runFacts.getLastReady()).toBe(RUNS);
  });

  it.each(FORGED)(
    'are found when %s was changed by hand, and are right again when made anew',
    async (_, sql, table) => {
      using dir = tempDir('verify-figures');
      withFigures(dir.path).close();
      const db = new Database(join(dir.path, 'station.db'));
      const { changes } = db.prepare(sql).run();
      db.close();
      expect(changes).toBeGreaterThan(0);
      const { differences } = await verifyFigures(dir.path, NEVER_ABORTED);
      expect(differences.map((difference) => difference.table)).toContain(table);

      const database = openStationDatabase(dir.path);
      const keeper = new FactKeeper(database, SILENT);
      await keeper.whenWritten();
      keeper.remake(() => undefined);
      await keeper.whenWritten();
      await keeper.close();
      database.close();
      expect(await verifyFigures(dir.path, NEVER_ABORTED)).toEqual({ differences: [], runs: RUNS });
    },
  );

  it('are compared until the caller cancels', async () => {
    using dir = tempDir('verify-figures');
    withFigures(dir.path).close();
    await expect(verifyFigures(dir.path, AbortSignal.abort(new Error('enough')))).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
