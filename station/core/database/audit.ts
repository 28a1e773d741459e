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

/** Which entries are meant; what is left out is not restricted. */
export interface AuditFilter {
  readonly actor?: string | undefined;
  /** The first part of the action. */
  readonly kind?: string | undefined;
  readonly fromMs?: number | undefined;
  /** Up to, not including. */
  readonly toMs?: number | undefined;
}

interface Bindings {
  readonly seq: number;
  readonly limit: number;
  readonly actor: string | null;
  readonly kind: string | null;
  readonly fromMs: number;
  readonly toMs: number;
}

function bindingsOf({ actor, kind, fromMs, toMs }: AuditFilter, seq: number, limit: number): Bindings {
  return {
    seq,
    limit,
    actor: actor ?? null,
    kind: kind ?? null,
    fromMs: fromMs ?? 0,
    toMs: toMs ?? Number.MAX_SAFE_INTEGER,
  };
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
  const filters = db.prepare<[], { actor: string; kind: string }>(
    "SELECT DISTINCT actor, substr(action, 1, instr(action, '.') - 1) AS kind FROM audit",
  );
  const filtered = `(:actor IS NULL OR actor = :actor)
     AND (:kind IS NULL OR substr(action, 1, instr(action, '.') - 1) = :kind)
     AND at >= :fromMs AND at < :toMs`;
  const newest = db.prepare<[Bindings], AuditRow>(
    `SELECT * FROM audit WHERE seq < :seq AND ${filtered} ORDER BY seq DESC LIMIT :limit`,
  );
  const following = db.prepare<[Bindings], AuditRow>(
    `SELECT * FROM audit WHERE seq > :seq AND ${filtered} ORDER BY seq LIMIT :limit`,
  );
  const ofSubject = db.prepare<[string], AuditRow>('SELECT * FROM audit WHERE subject = ? ORDER BY seq');
  return {
    findLast: () => last.get() ?? null,
    findBySeq: (seq: number) => at.get(seq) ?? null,
    add: (row: AuditRow): void => void add.run(row),
    /** The newest entry of any of these actions. */
    findLastOf: (actions: readonly string[]) => lastOf.get(JSON.stringify(actions)) ?? null,
    /** Newest first, before the entry `before` if it is given. */
    listBefore: (filter: AuditFilter, before: number | null, limit: number) =>
      newest.all(bindingsOf(filter, before ?? Number.MAX_SAFE_INTEGER, limit)),
    /** Oldest first, after the entry `after`. */
    listAfter: (filter: AuditFilter, after: number, limit: number) =>
      following.all(bindingsOf(filter, after, limit)),
    /** The people and the kinds of actions that have an entry, each once and in order. */
    listFilters() {
      const rows = filters.all();
      return {
        actors: [...new Set(rows.map(({ actor }) => actor))].sort(),
        kinds: [...new Set(rows.map(({ kind }) => kind))].sort(),
      };
    },
    iterate: () => all.iterate(),
    listOfSubject: (subject: string) => ofSubject.all(subject),
  };
}
