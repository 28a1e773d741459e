import Database from 'better-sqlite3';
import {
  BATCH,
  chipOf,
  finishedAtMsOf,
  nameOf,
  PRODUCT,
  runIdOf,
  serialOf,
  startedAtMsOf,
  STATION,
} from '../lib/sample-runs.ts';

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
    const begun = ids[n];
    if (begun === undefined) throw new Error(`run ${n} was not begun`);
    const { tripleId, unitId } = begun;
    const [runId, atMs] = [runIdOf(n), finishedAtMsOf(n)];
    triple.run(atMs, tripleId);
    event.run(tripleId, unitId, runId, atMs);
    run.run(atMs, runId);
    unit.run(serialOf(n), unitId);
    outbox.run(`run:${runId}`, chipOf(n), payload, atMs);
  });
  const add = db.transaction((n: number, payload: string) => {
    outbox.run(`message:${n}`, chipOf(n), payload, finishedAtMsOf(n));
  });
  return {
    endRun: (n) => void end.immediate(n, payloadOf(n)),
    add: (n, payload) => void add.immediate(n, payload),
    [Symbol.dispose]: () => void db.close(),
  };
}

/** The message of a station for run `n`. */
export function payloadOf(n: number): string {
  return JSON.stringify(messageOf(n));
}

export function messageOf(n: number): object {
  return {
    runId: runIdOf(n),
    station: STATION,
    batchId: BATCH,
    batchName: 'bench',
    recipeHash: 'a'.repeat(64),
    firmwareSha256: null,
    appVersion: '0.1.0',
    operator: 'Li',
    serialNumber: serialOf(n),
    chipId: chipOf(n),
    outcome: 'PASS',
    startedAtMs: startedAtMsOf(n),
    finishedAtMs: finishedAtMsOf(n),
    firstFailure: null,
    identity: {
      productId: PRODUCT,
      deviceName: nameOf(n),
      state: 'burned',
      proof: { readBack: 'bcc8', online: 'registry' },
    },
  };
}
