import type { FaultCode } from '#shared/domain/fault.ts';
import type { Outcome } from '#shared/domain/outcome.ts';
import type { Db } from './database.ts';
import { type RawRun, reviveRun, RUN_SELECT, type RunRow } from './runs.ts';

/** Conditions of a search for runs; an omitted one matches every run. */
export interface RunSearch {
  readonly batchId?: string | undefined;
  readonly serialNumber?: string | undefined;
  /** `running` for a run that has not ended. */
  readonly outcome?: Outcome | 'running' | undefined;
  /** Code of its first failure. */
  readonly failure?: FaultCode | undefined;
  /** Started then or later, and before, in Unix milliseconds by the station's clock. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly limit: number;
}

/** Finds runs of all batches, the newest first, in the order of their rows. */
export function createRunSearch(db: Db) {
  return {
    /** At most `limit` runs that meet all given conditions. */
    find({ batchId, serialNumber, outcome, failure, fromMs, toMs, limit }: RunSearch): RunRow[] {
      const wanted: readonly [string, string | number | undefined][] = [
        ['run.batch_id = ?', batchId],
        ['run.serial_number = ?', serialNumber],
        ['run.outcome = ?', outcome === 'running' ? undefined : outcome],
        ["run.failure ->> 'code' = ?", failure],
        ['run.started_at >= ?', fromMs],
        ['run.started_at < ?', toMs],
      ];
      const given = wanted.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]));
      const conditions = [
        ...given.map(({ sql }) => sql),
        ...(outcome === 'running' ? ['run.outcome IS NULL'] : []),
      ];
      const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
      const statement = db.prepare<(string | number)[], RawRun>(
        `${RUN_SELECT} ${where} ORDER BY run.rowid DESC LIMIT ?`,
      );
      return statement.all(...given.map(({ value }) => value), limit).map(reviveRun);
    },
  };
}
