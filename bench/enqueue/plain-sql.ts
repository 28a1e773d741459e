import Database from 'better-sqlite3';
import { BATCH, chipOf, runIdOf } from '../lib/sample-runs.ts';

/**
 * Writes only the rows of an ended run: prepared statements in one transaction, without reads and without checks besides
 * those of the schema. The database is a station's, opened without its code.
 */
export interface PlainSql extends Disposable {
  endRun(n: number): void;
  /** Adds only the message. */
  add(n: number, payload: string): void;
}

export function openPlainSql(file: string): PlainSql {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  const ids = db
    .prepare<[], { tripleId: number; unitId: number }>(
      `SELECT triple_id AS tripleId, unit_id AS unitId FROM triple WHERE state = 'burning' ORDER BY triple_id`,
    )
    .all();
  const first = ids[0]?.tripleId ?? 0;
  const triple = db.prepare(`UPDATE triple SET state = 'burned', changed_at = ? WHERE triple_id = ?`);
  const event = db.prepare(
    `INSERT INTO identity_event (triple_id, unit_id, run_id, event, from_state, to_state, at, note)
     VALUES (?, ?, ?, 'confirm', 'burning', 'burned', ?, 'read back (bcc8)')`,
  );
  const run = db.prepare(`UPDATE run SET finished_at = ?, outcome = 'PASS', failure = NULL WHERE run_id = ?`);
  const unit = db.prepare('UPDATE unit SET serial_number = ? WHERE unit_id = ?');
  const outbox = db.prepare(
    `INSERT INTO outbox (key, lane, kind, payload, created_at) VALUES (?, ?, 'run.finished', ?, ?)`,
  );
  const end = db.transaction((n: number, payload: string) => {
    const { tripleId, unitId } = ids[n] ?? { tripleId: first + n, unitId: 0 };
    const runId = runIdOf(n);
    triple.run(2, tripleId);
    event.run(tripleId, unitId, runId, 2);
    run.run(2, runId);
    unit.run(`SN${String(n).padStart(8, '0')}`, unitId);
    outbox.run(`run:${runId}`, chipOf(n), payload, 2);
  });
  const add = db.transaction((n: number, payload: string) => {
    outbox.run(`message:${n}`, chipOf(n), payload, 2);
  });
  return {
    endRun: (n) => void end.immediate(n, payloadOf(n)),
    add: (n, payload) => void add.immediate(n, payload),
    [Symbol.dispose]: () => void db.close(),
  };
}

/** A message as long as that of a station for such a run. */
export function payloadOf(n: number): string {
  return JSON.stringify(messageOf(n));
}

export function messageOf(n: number): object {
  return {
    runId: runIdOf(n),
    station: 'L3-07',
    batchId: BATCH,
    batchName: 'bench',
    recipeHash: 'a'.repeat(64),
    firmwareSha256: null,
    appVersion: '0.1.0',
    operator: 'Li',
    serialNumber: `SN${String(n).padStart(8, '0')}`,
    chipId: chipOf(n),
    outcome: 'PASS',
    startedAtMs: 1_700_000_000_000 + n,
    finishedAtMs: 1_700_000_030_000 + n,
    firstFailure: null,
    identity: {
      productId: 'CS0SLTKSYA',
      deviceName: `dev${String(n).padStart(6, '0')}`,
      state: 'burned',
      proof: { readBack: 'bcc8', online: 'registry' },
    },
  };
}
