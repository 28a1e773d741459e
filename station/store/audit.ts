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

/** The audit trail's rows; what a hash covers is the business of `station/audit`. */
export function createAuditTable(db: Db) {
  const last = db.prepare<[], AuditRow>('SELECT * FROM audit ORDER BY seq DESC LIMIT 1');
  const add = db.prepare(
    `INSERT INTO audit (seq, at, actor, role, action, subject, details, hash)
     VALUES (:seq, :at, :actor, :role, :action, :subject, :details, :hash)`,
  );
  const all = db.prepare<[], AuditRow>('SELECT * FROM audit ORDER BY seq');
  const at = db.prepare<[number], AuditRow>('SELECT * FROM audit WHERE seq = ?');
  const ofSubject = db.prepare<[string], AuditRow>('SELECT * FROM audit WHERE subject = ? ORDER BY seq');
  return {
    last: () => last.get() ?? null,
    at: (seq: number) => at.get(seq) ?? null,
    add: (row: AuditRow): void => void add.run(row),
    inOrder: () => all.iterate(),
    ofSubject: (subject: string) => ofSubject.all(subject),
  };
}
