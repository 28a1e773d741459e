import type { AttachmentSource, MediaType } from '#shared/domain/attachment.ts';
import type { Db } from './database.ts';

/** A file that a step of a run has made. */
export interface NewAttachment {
  /** As people see it, unique in its run. */
  readonly name: string;
  readonly mediaType: MediaType;
  readonly bytes: number;
  /** Lower-case hex; the name of the file in the folder of attachments. */
  readonly sha256: string;
  readonly madeAtMs: number;
  readonly madeBy: AttachmentSource;
}

export interface AttachmentRow extends NewAttachment {
  readonly runId: string;
  readonly stepSeq: number;
  readonly seq: number;
  /** When its file was removed because of its age; `null` while it is there. */
  readonly removedAtMs: number | null;
}

export interface AttachmentTotals {
  readonly files: number;
  readonly bytes: number;
  readonly oldestAtMs: number | null;
}

const SELECT = `SELECT run_id AS runId, step_seq AS stepSeq, seq, name, media_type AS mediaType, bytes, sha256, made_at AS madeAtMs,
  made_by AS madeBy, removed_at AS removedAtMs FROM attachment LEFT JOIN removed_attachment USING (run_id, step_seq, seq)`;

/** The attachments of runs; `RunRepository.addStep` adds them with their step. */
export function createAttachmentRepository(db: Db) {
  const ofRun = db.prepare<[string], AttachmentRow>(`${SELECT} WHERE run_id = ? ORDER BY step_seq, seq`);
  const count = db.prepare<[string], number>('SELECT count(*) FROM attachment WHERE run_id = ?').pluck();
  const find = db.prepare<[string, number, number], AttachmentRow>(
    `${SELECT} WHERE run_id = ? AND step_seq = ? AND seq = ?`,
  );
  const named = db.prepare<[string, string], AttachmentRow>(`${SELECT} WHERE run_id = ? AND name = ?`);
  const isPresent = db
    .prepare<[string, string], number>(
      `SELECT 1 FROM attachment a WHERE sha256 = ? AND NOT EXISTS (SELECT 1 FROM removed_attachment r
         WHERE r.run_id = a.run_id AND r.step_seq = a.step_seq AND r.seq = a.seq)
       UNION ALL SELECT 1 FROM foreign_attachment WHERE sha256 = ? AND is_here = 1 LIMIT 1`,
    )
    .pluck();
  const any = db.prepare<[], number>('SELECT 1 FROM attachment LIMIT 1').pluck();
  const present = db.prepare<[], AttachmentRow>(
    `SELECT * FROM (${SELECT} WHERE removed_at IS NULL
       UNION ALL SELECT run_id, 0, seq, name, media_type, bytes, sha256, made_at, made_by, NULL
       FROM foreign_attachment WHERE is_here = 1)
     ORDER BY sha256, runId, stepSeq, seq`,
  );
  const older = db.prepare<[number, number], AttachmentRow>(
    `${SELECT} WHERE removed_at IS NULL AND made_at < ? ORDER BY made_at, run_id, step_seq, seq LIMIT ?`,
  );
  const totals = db.prepare<[number], AttachmentTotals>(
    `SELECT count(*) AS files, coalesce(sum(bytes), 0) AS bytes, min(made_at) AS oldestAtMs FROM (
       SELECT bytes, min(made_at) AS made_at FROM attachment LEFT JOIN removed_attachment USING (run_id, step_seq, seq)
       WHERE removed_at IS NULL GROUP BY sha256 HAVING max(made_at) < ?)`,
  );
  const remove = db.prepare<[string, number, number, number]>(
    'INSERT INTO removed_attachment (run_id, step_seq, seq, removed_at) VALUES (?, ?, ?, ?)',
  );
  return {
    /** Whether any run has an attachment. */
    hasAny: (): boolean => any.get() !== undefined,
    /** In the order of the run. */
    listOfRun: (runId: string): AttachmentRow[] => ofRun.all(runId),
    /** How many files a run has, with those that were removed because of their age. */
    countOfRun: (runId: string): number => count.get(runId) ?? 0,
    find: (runId: string, stepSeq: number, seq: number): AttachmentRow | null =>
      find.get(runId, stepSeq, seq) ?? null,
    findByName: (runId: string, name: string): AttachmentRow | null => named.get(runId, name) ?? null,
    /** True when an attachment with this content was not removed, or an imported run has one. */
    hasContent: (sha256: string): boolean => isPresent.get(sha256, sha256) !== undefined,
    /** Those that were not removed, and those of imported runs, by content. */
    iteratePresent: () => present.iterate(),
    /** Those made before this time that were not removed, the oldest first. */
    listOlder: (beforeMs: number, limit: number): AttachmentRow[] => older.all(beforeMs, limit),
    /** The files whose every attachment was made before this time. */
    countOlder: (beforeMs: number): AttachmentTotals =>
      totals.get(beforeMs) ?? { files: 0, bytes: 0, oldestAtMs: null },
    markRemoved: (
      { runId, stepSeq, seq }: Pick<AttachmentRow, 'runId' | 'stepSeq' | 'seq'>,
      atMs: number,
    ): void => void remove.run(runId, stepSeq, seq, atMs),
  };
}
export type AttachmentRepository = ReturnType<typeof createAttachmentRepository>;
