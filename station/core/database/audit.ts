import type { Db } from './database.ts';

export interface AuditRow {
  readonly seq: number;
  readonly at: number;
  readonly actor: string;
  readonly role: string;
  readonly action: string;
  readonly subject: string;
  /** JSON, as it was hashed. */
  readonly details: string;
  readonly hash: string;
}

/** The rows of the audit trail. `station/core/audit-log` computes their hashes. */
export function createAuditRepository(db: Db) {
  const last = db.prepare<[], AuditRow>('SELECT * FROM audit ORDER BY seq DESC LIMIT 1');
  const add = db.prepare(
    `INSERT INTO audit (seq, at, actor, role, action, subject, details, hash)
     VALUES (:seq, :at, :actor, :role, :action, :subject, :details, :hash)`,
  );
  const all = db.prepare<[], AuditRow>('SELECT * FROM audit ORDER BY seq');
  const at = db.prepare<[number], AuditRow>('SELECT * FROM audit WHERE seq = ?');
  const lastOf = db.prepare<[string], AuditRow>(
    'SELECT * FROM audit WHERE action IN (SELECT value FROM json_each(?)) ORDER BY seq DESC LIMIT 1',
  );
  const ofSubject = db.prepare<[string], AuditRow>('SELECT * FROM audit WHERE subject = ? ORDER BY seq');
  return {
    findLast: () => last.get() ?? null,
    findBySeq: (seq: number) => at.get(seq) ?? null,
    add: (row: AuditRow): void => void add.run(row),
    /** The newest entry of any of these actions. */
    findLastOf: (actions: readonly string[]) => lastOf.get(JSON.stringify(actions)) ?? null,
    iterate: () => all.iterate(),
    listOfSubject: (subject: string) => ofSubject.all(subject),
  };
}
