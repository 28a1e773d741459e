import type { Db } from './database.ts';
import type { RunFactRepository } from './run-facts.ts';
import { createRunSnapshots, type RunSnapshot } from './run-snapshots.ts';

export interface BatchProgressRow {
  readonly runs: number;
  /** Units whose latest finished run in the batch passed. */
  readonly passed: number;
  readonly notPassed: number;
}

interface EndedRun {
  readonly row: number;
  readonly batchId: string;
  readonly serialNumber: string | null;
  readonly unitId: number | null;
  readonly passed: number;
}

interface LatestRun {
  readonly row: number;
  readonly passed: number;
}

const NO_PROGRESS: BatchProgressRow = { runs: 0, passed: 0, notPassed: 0 };
/** With more runs without facts a batch is counted from its runs. */
const MAX_WITHOUT_FACTS = 2000;

/**
 * The progress of batches. A unit counts once, by its latest finished run in the batch (by row, because clocks can be set back). A
 * unit is identified by its serial number, as a work order counts it, else by its chip id, else each run counts.
 *
 * A batch is read from its facts once, with the latest runs that have none; after that each finished run updates the figures.
 */
export function createBatchProgress(db: Db, facts: RunFactRepository) {
  const count = db.prepare<[string], BatchProgressRow>(`
    WITH latest AS (
      -- The outcome that stands beside max() is that of its row.
      SELECT outcome, max(rowid), count(*) AS runs FROM run WHERE batch_id = ? AND outcome IS NOT NULL
      GROUP BY coalesce(serial_number, 'unit ' || unit_id, run_id))
    SELECT coalesce(sum(runs), 0) AS runs, coalesce(sum(outcome = 'PASS'), 0) AS passed,
      coalesce(sum(outcome <> 'PASS'), 0) AS notPassed FROM latest`);
  const ended = db.prepare<[string], EndedRun>(
    `SELECT rowid AS row, batch_id AS batchId, serial_number AS serialNumber, unit_id AS unitId, outcome = 'PASS' AS passed
     FROM run WHERE run_id = ? AND outcome IS NOT NULL`,
  );
  // The pluses keep every index away but that of the one unit.
  const other = (unit: string) =>
    `SELECT rowid AS row, outcome = 'PASS' AS passed FROM run
     WHERE ${unit} AND +batch_id = ? AND outcome IS NOT NULL AND +rowid <> ? ORDER BY +rowid DESC LIMIT 1`;
  const otherOfSerial = db.prepare<[string, string, number], LatestRun>(other('serial_number = ?'));
  const otherOfUnit = db.prepare<[number, string, number], LatestRun>(
    other('unit_id = ? AND serial_number IS NULL'),
  );
  const cut = createRunSnapshots(db);
  const cache = new Map<string, { figures: BatchProgressRow; readonly at: RunSnapshot }>();

  function otherRunOf({ serialNumber, unitId, batchId, row }: EndedRun): LatestRun | undefined {
    if (serialNumber !== null) return otherOfSerial.get(serialNumber, batchId, row);
    return unitId === null ? undefined : otherOfUnit.get(unitId, batchId, row);
  }

  function read(batchId: string): BatchProgressRow {
    const [stored, last, batch] = [facts.getProgress(), facts.getLastRow(), facts.findBatchRow(batchId)];
    if (batch === null || last - stored > MAX_WITHOUT_FACTS) return recount(batchId);
    let { runs, passed, notPassed }: BatchProgressRow = facts.findBatch(batch) ?? NO_PROGRESS;
    for (const run of facts.listEnded(stored, last, batchId)) {
      const was = facts.findPassedBefore(run);
      runs += 1;
      passed += Number(run.outcome === 'PASS') - Number(was === true);
      notPassed += Number(run.outcome !== 'PASS') - Number(was === false);
    }
    return { runs, passed, notPassed };
  }
  const recount = (batchId: string): BatchProgressRow => count.get(batchId) ?? NO_PROGRESS;

  return {
    get(batchId: string): BatchProgressRow {
      const counted = cache.get(batchId);
      if (counted !== undefined) return counted.figures;
      const figures = read(batchId);
      cache.set(batchId, { figures, at: cut() });
      return figures;
    },
    /** From the runs themselves, as after a restart. */
    recount,
    /** Called once for each finished run, after its end is durable. */
    addFinishedRun(runId: string): void {
      const run = ended.get(runId);
      const counted = run === undefined ? undefined : cache.get(run.batchId);
      if (run === undefined || counted === undefined || counted.at.had(run.row, runId)) return;
      const before = otherRunOf(run);
      const { runs, passed, notPassed } = counted.figures;
      const isPassed = run.passed === 1;
      if (before !== undefined && before.row > run.row) {
        counted.figures = { runs: runs + 1, passed, notPassed };
        return;
      }
      const was = before === undefined ? null : before.passed === 1;
      counted.figures = {
        runs: runs + 1,
        passed: passed + Number(isPassed) - Number(was === true),
        notPassed: notPassed + Number(!isPassed) - Number(was === false),
      };
    },
  };
}
