import type { Db } from './database.ts';

/** Which runs had ended at one moment. */
export interface RunSnapshot {
  /** Whether the run had ended then. */
  had(row: number, runId: string): boolean;
}

/** Returns the function that takes a snapshot. Call it in the same turn of the event loop as the count that it belongs to. */
export function createRunSnapshots(db: Db): () => RunSnapshot {
  const last = db.prepare<[], number | null>('SELECT max(rowid) FROM run').pluck();
  const running = db.prepare<[], string>('SELECT run_id FROM run WHERE outcome IS NULL').pluck();
  return () => {
    const until = last.get() ?? 0;
    const open = new Set(running.all());
    return { had: (row, runId) => row <= until && !open.has(runId) };
  };
}
