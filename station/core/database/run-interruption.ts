import type { Db } from './database.ts';

/** Which runs had ended at one moment: the end of any other is news. */
export interface RunSnapshot {
  had(row: number, runId: string): boolean;
}

/** Returns what takes such a cut now. Call it in the same turn as what is to be known from then on. */
export function createRunSnapshots(db: Db): () => RunSnapshot {
  const last = db.prepare<[], number | null>('SELECT max(rowid) FROM run').pluck();
  const running = db.prepare<[], string>('SELECT run_id FROM run WHERE outcome IS NULL').pluck();
  return () => {
    const until = last.get() ?? 0;
    const open = new Set(running.all());
    return { had: (row, runId) => row <= until && !open.has(runId) };
  };
}
