import { readBeside, type ReaderBeside } from '#node-kit/sqlite/index.ts';
import type { IdentityState } from '#shared/domain/identity.ts';
import type { UnitIdKind } from '#shared/domain/unit-id.ts';
import { asStationDatabaseFault } from './database-fault.ts';

/** An identity that a batch has issued, as the ledger has it. */
export interface IssuedRow {
  readonly tripleId: number;
  readonly productId: string;
  readonly deviceName: string;
  readonly state: IdentityState;
  /** The unit that the batch issued it for. */
  readonly chipId: string;
  readonly idKind: UnitIdKind | null;
  readonly idText: string | null;
  readonly serialNumber: string | null;
  /** True when the latest claim of the identity is one of this batch. */
  readonly isLatest: 0 | 1;
  /** The latest event of the identity; the one that released it when another batch has issued it since. */
  readonly event: string;
  readonly toState: string;
  readonly at: number;
  readonly note: string;
  readonly runId: string | null;
  /** The unit that has it now; null without one. */
  readonly heldBy: string | null;
  /** Live identities of that unit. */
  readonly live: number;
  /** Whether a device was ever read with it. */
  readonly isConfirmed: 0 | 1;
}

/** A message about a unit that the registry has not acknowledged. */
export interface UnsentIdentityRow {
  readonly productId: string;
  readonly deviceName: string;
  readonly kind: string;
  readonly state: 'pending' | 'parked';
  readonly reason: string | null;
  readonly setAside: string | null;
}

/** What the balance of a batch is made of, at one moment. */
export interface BalanceRows {
  readonly issued: readonly IssuedRow[];
  readonly unsent: readonly UnsentIdentityRow[];
  /** Runs of the batch, and those that have not ended. */
  readonly runs: number;
  readonly running: number;
  /** Units of the batch by their latest run in it. */
  readonly passed: number;
  readonly notPassed: number;
  /** Units whose identity another batch has issued, or none. */
  readonly fromElsewhere: number;
  /** Identities that a run of the batch recorded, and that were never claimed for any unit. */
  readonly unissued: readonly { readonly deviceName: string; readonly runId: string }[];
  /** The newest event of all identities; a later one may change the balance. */
  readonly lastEventId: number;
}

/**
 * Claims, each with the batch that it belongs to: that of its run; for a claim of the returns desk that of the latest claim by a
 * run for the same unit before it, in the order of the records; null when there was none.
 */
const claimsOf = (units: string): string => `
  SELECT e.event_id, e.triple_id, e.unit_id, coalesce(own.batch_id, (
    SELECT r.batch_id FROM identity_event b JOIN run r ON r.run_id = b.run_id
    WHERE b.unit_id = e.unit_id AND b.event = 'claim' AND b.event_id < e.event_id ORDER BY b.event_id DESC LIMIT 1
  )) AS batch_id
  FROM identity_event e LEFT JOIN run own ON own.run_id = e.run_id
  WHERE e.event = 'claim' AND ${units}`;

const ISSUED = `
WITH given AS (SELECT ? AS batch_id),
  of_batch AS (SELECT DISTINCT unit_id FROM run WHERE batch_id = (SELECT batch_id FROM given) AND unit_id IS NOT NULL),
  claimed AS (${claimsOf('e.unit_id IN (SELECT unit_id FROM of_batch)')}),
  own AS (SELECT triple_id, max(event_id) AS event_id FROM claimed WHERE batch_id = (SELECT batch_id FROM given) GROUP BY triple_id),
  told AS (SELECT own.triple_id, own.event_id, c.unit_id, (
      SELECT max(l.event_id) FROM identity_event l WHERE l.triple_id = own.triple_id AND l.event = 'claim') AS latest,
      (SELECT max(l.event_id) FROM identity_event l WHERE l.triple_id = own.triple_id) AS last_id, (
      SELECT min(l.event_id) FROM identity_event l WHERE l.triple_id = own.triple_id AND l.event = 'release'
        AND l.event_id > own.event_id) AS released
    FROM own JOIN identity_event c USING (event_id))
SELECT t.triple_id AS tripleId, t.product_id AS productId, t.device_name AS deviceName, t.state,
  unit.chip_id AS chipId, unit.id_kind AS idKind, unit.id_text AS idText,
  coalesce((SELECT r.serial_number FROM run r WHERE r.unit_id = told.unit_id AND r.triple_id = t.triple_id
    AND r.serial_number IS NOT NULL ORDER BY r.rowid DESC LIMIT 1),
    (SELECT r.serial_number FROM run r WHERE r.unit_id = told.unit_id AND r.batch_id = (SELECT batch_id FROM given)
    AND r.serial_number IS NOT NULL ORDER BY r.rowid DESC LIMIT 1), unit.serial_number) AS serialNumber,
  told.latest = told.event_id AS isLatest, last.event, last.to_state AS toState, last.at, last.note, last.run_id AS runId,
  (SELECT chip_id FROM unit held WHERE held.unit_id = t.unit_id) AS heldBy,
  (SELECT count(*) FROM triple other WHERE other.unit_id = t.unit_id
    AND other.state IN ('claimed','burning','burned','registered','in-doubt')) AS live,
  EXISTS (SELECT 1 FROM identity_event l WHERE l.triple_id = t.triple_id AND l.event = 'confirm') AS isConfirmed
FROM told JOIN triple t ON t.triple_id = told.triple_id JOIN unit ON unit.unit_id = told.unit_id
  JOIN identity_event last ON last.event_id = iif(told.latest = told.event_id, told.last_id, coalesce(told.released, told.last_id))
ORDER BY t.product_id, t.triple_id`;

const UNSENT = `
SELECT productId, deviceName, kind, state, reason, setAside FROM (
  SELECT coalesce(payload ->> '$.identity.productId', payload ->> '$.productId') AS productId,
    coalesce(payload ->> '$.identity.deviceName', payload ->> '$.deviceName') AS deviceName, kind, state, reason,
    set_aside AS setAside, seq FROM outbox WHERE state = 'pending'
  UNION ALL
  SELECT coalesce(payload ->> '$.identity.productId', payload ->> '$.productId'),
    coalesce(payload ->> '$.identity.deviceName', payload ->> '$.deviceName'), kind, state, reason, set_aside, seq
    FROM outbox WHERE state = 'parked')
WHERE deviceName IS NOT NULL ORDER BY seq`;

/** The latest run of each unit in the batch; a run without a serial number counts by its unit. */
const UNITS = `
SELECT sum(outcome = 'PASS') AS passed, sum(outcome <> 'PASS') AS notPassed FROM (
  SELECT outcome, max(rowid) FROM run WHERE batch_id = ? AND outcome IS NOT NULL
  GROUP BY coalesce(serial_number, 'unit ' || unit_id, run_id))`;

const RUNS = 'SELECT count(*) AS runs, sum(outcome IS NULL) AS running FROM run WHERE batch_id = ?';

const ELSEWHERE = `
WITH given AS (SELECT ? AS batch_id),
  of_batch AS (SELECT DISTINCT unit_id FROM run WHERE batch_id = (SELECT batch_id FROM given) AND unit_id IS NOT NULL),
  claimed AS (${claimsOf('e.unit_id IN (SELECT unit_id FROM of_batch)')})
SELECT count(*) AS units FROM triple t WHERE t.unit_id IN (SELECT unit_id FROM of_batch)
  AND t.state IN ('burned','registered')
  AND (SELECT batch_id FROM claimed c WHERE c.triple_id = t.triple_id ORDER BY c.event_id DESC LIMIT 1) IS NOT (SELECT batch_id FROM given)`;

const UNISSUED = `
SELECT DISTINCT t.device_name AS deviceName, run.run_id AS runId FROM run JOIN triple t USING (triple_id)
WHERE batch_id = ? AND NOT EXISTS (
  SELECT 1 FROM identity_event e WHERE e.triple_id = t.triple_id AND e.event IN ('claim', 'conflict', 'retire'))`;

const LAST = 'SELECT coalesce(max(event_id), 0) AS lastEventId FROM identity_event';

/**
 * Reads what the balance of a batch is made of, beside the connection that records runs. Faults: those of SQLite, the signal's
 * reason.
 */
export async function readBalanceRows(
  file: string,
  batchId: string,
  signal: AbortSignal,
): Promise<BalanceRows> {
  return readTogether(file, signal, async (reader) => {
    const issued = await readInPages<IssuedRow>(reader, ISSUED, batchId);
    const unsent = await reader.all<UnsentIdentityRow>(UNSENT);
    const [units] = await reader.all<{ passed: number | null; notPassed: number | null }>(UNITS, batchId);
    const [runs] = await reader.all<{ runs: number; running: number | null }>(RUNS, batchId);
    const [elsewhere] = await reader.all<{ units: number }>(ELSEWHERE, batchId);
    const unissued = await reader.all<{ deviceName: string; runId: string }>(UNISSUED, batchId);
    const [last] = await reader.all<{ lastEventId: number }>(LAST);
    return {
      issued,
      unsent,
      passed: units?.passed ?? 0,
      notPassed: units?.notPassed ?? 0,
      runs: runs?.runs ?? 0,
      running: runs?.running ?? 0,
      fromElsewhere: elsewhere?.units ?? 0,
      unissued,
      lastEventId: last?.lastEventId ?? 0,
    };
  });
}

/** Identities of the ledger by state and by the batch of their latest claim; null for one that no batch has issued. */
export interface IssuedCount {
  readonly batchId: string | null;
  readonly state: IdentityState;
  readonly identities: number;
}

/** Each identity of the ledger once: those of batches by batch, and those that were never claimed, such as the pool. */
export async function countIssued(file: string, signal: AbortSignal): Promise<IssuedCount[]> {
  return readTogether(file, signal, (reader) =>
    reader.all<IssuedCount>(`
      WITH claimed AS (${claimsOf('true')}),
        latest AS (SELECT triple_id, batch_id, max(event_id) FROM claimed GROUP BY triple_id)
      SELECT CASE WHEN t.state IN ('available', 'returned') THEN NULL ELSE latest.batch_id END AS batchId, t.state, count(*) AS identities
      FROM triple t LEFT JOIN latest USING (triple_id) GROUP BY 1, 2 ORDER BY 1, 2`),
  );
}

/** Rows that arrive from the thread of a reader in one turn of the event loop, in a millisecond or two. */
const PAGE_ROWS = 1000;

/** The rows of a query, which would take hundreds of milliseconds to arrive together. */
async function readInPages<Row>(reader: ReaderBeside, sql: string, batchId: string): Promise<Row[]> {
  // The temporary table is of this connection alone; the database itself is only read.
  await reader.all(`CREATE TEMP TABLE paged AS SELECT * FROM (${sql})`, batchId);
  const rows: Row[] = [];
  for (;;) {
    const page = await reader.all<Row>(
      'SELECT * FROM temp.paged WHERE rowid > ? ORDER BY rowid LIMIT ?',
      rows.length,
      PAGE_ROWS,
    );
    for (const row of page) rows.push(row);
    if (page.length < PAGE_ROWS) return rows;
  }
}

/** All queries of `read` see the database at one moment. */
async function readTogether<T>(
  file: string,
  signal: AbortSignal,
  read: (reader: ReaderBeside) => Promise<T>,
): Promise<T> {
  try {
    await using reader = readBeside(file, signal);
    await reader.all('BEGIN');
    const rows = await read(reader);
    await reader.all('COMMIT');
    return rows;
  } catch (error) {
    throw asStationDatabaseFault(error, file);
  }
}
