import type { AuditBreak, AuditHead } from '#shared/registry-api/index.ts';
import type { Db } from './open-database.ts';

/** Reported heads of the stations' audit trails. A branch begins at a break; its number is the break's id, 0 for the first. */
export interface AuditTable {
  /** The newest head of the newest branch. */
  newest(station: string): (AuditHead & { readonly branch: number }) | null;
  /** The number of the newest branch, also when it has no head yet. */
  currentBranch(station: string): number;
  /** Heads of one branch, newest first. */
  heads(station: string, branch: number, limit: number): AuditHead[];
  addHead(station: string, branch: number, head: AuditHead, nowMs: number): void;
  /** Returns the break's id. */
  addBreak(station: string, seq: number, kept: string, shown: string | null, nowMs: number): number;
  /** Newest first. */
  breaks(station: string): AuditBreak[];
  openBreaks(station: string): number;
  /** Stations with a trail, with the number of their open breaks. */
  stations(): { station: string; seq: number; open: number }[];
  /** Accepts the open breaks of a station; returns their number. */
  accept(station: string, reason: string, approver: string, nowMs: number): number;
}

interface BreakRow {
  readonly breakId: number;
  readonly seq: number;
  readonly kept: string;
  readonly shown: string | null;
  readonly atMs: number;
  readonly reason: string | null;
  readonly approver: string | null;
  readonly acceptedMs: number | null;
}

export function auditTable(db: Db): AuditTable {
  const newestBreak = db
    .prepare<[string], number>('SELECT coalesce(max(break_id), 0) FROM audit_breaks WHERE station = ?')
    .pluck();
  const heads = db.prepare<[string, number, number], AuditHead>(
    'SELECT seq, hash FROM audit_heads WHERE station = ? AND branch = ? ORDER BY seq DESC LIMIT ?',
  );
  const addHead = db.prepare<[string, number, number, string, number]>(
    'INSERT INTO audit_heads (station, branch, seq, hash, received_ms) VALUES (?, ?, ?, ?, ?)',
  );
  const addBreak = db.prepare<[string, number, string, string | null, number]>(
    'INSERT INTO audit_breaks (station, seq, kept, shown, at_ms) VALUES (?, ?, ?, ?, ?)',
  );
  const breaks = db.prepare<[string], BreakRow>(
    `SELECT break_id AS breakId, seq, kept, shown, at_ms AS atMs, reason, approver, accepted_ms AS acceptedMs
     FROM audit_breaks WHERE station = ? ORDER BY break_id DESC`,
  );
  const open = db
    .prepare<[string], number>('SELECT count(*) FROM audit_breaks WHERE station = ? AND accepted_ms IS NULL')
    .pluck();
  const stations = db.prepare<[], { station: string; seq: number; open: number }>(
    `SELECT station, max(seq) AS seq, (SELECT count(*) FROM audit_breaks b
       WHERE b.station = audit_heads.station AND accepted_ms IS NULL) AS open
     FROM audit_heads GROUP BY station ORDER BY station`,
  );
  const accept = db.prepare<[string, string, number, string]>(
    `UPDATE audit_breaks SET reason = ?, approver = ?, accepted_ms = ?
     WHERE station = ? AND accepted_ms IS NULL`,
  );
  const currentBranch = (station: string): number => newestBreak.get(station) ?? 0;

  return {
    newest(station) {
      const branch = currentBranch(station);
      const [head] = heads.all(station, branch, 1);
      return head === undefined ? null : { ...head, branch };
    },
    currentBranch,
    heads: (station, branch, limit) => heads.all(station, branch, limit),
    addHead: (station, branch, head, nowMs) => void addHead.run(station, branch, head.seq, head.hash, nowMs),
    addBreak: (station, seq, kept, shown, nowMs) =>
      Number(addBreak.run(station, seq, kept, shown, nowMs).lastInsertRowid),
    breaks: (station) => breaks.all(station).map(breakOf),
    openBreaks: (station) => open.get(station) ?? 0,
    stations: () => stations.all(),
    accept: (station, reason, approver, nowMs) => accept.run(reason, approver, nowMs, station).changes,
  };
}

function breakOf({ reason, approver, acceptedMs, ...row }: BreakRow): AuditBreak {
  const accepted =
    reason === null || approver === null || acceptedMs === null
      ? null
      : { reason, approver, atMs: acceptedMs };
  return { ...row, accepted };
}
