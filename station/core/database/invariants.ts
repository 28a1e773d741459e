import { readBeside } from '#node-kit/sqlite/index.ts';
import { asStationDatabaseFault } from './database-fault.ts';
import type { Db } from './database.ts';

/**
 * The invariants of the ledger, checked on the data and not by the constraints that enforce them. Each query lists
 * violations in words.
 */
const INVARIANTS: readonly string[] = [
  `SELECT 'unit ' || chip_id || ' holds ' || count(*) || ' live triples' AS offence FROM triple JOIN unit USING (unit_id)
   WHERE state IN ('claimed','burning','burned','registered','in-doubt') GROUP BY unit_id HAVING count(*) > 1`,
  `SELECT device_name || ' is available but bound to a unit' AS offence FROM triple WHERE state = 'available' AND unit_id IS NOT NULL`,
  `SELECT device_name || ' is ' || state || ' without a unit' AS offence FROM triple
   WHERE state IN ('claimed','burning','burned','registered','in-doubt') AND unit_id IS NULL`,
  `SELECT product_id || '/' || device_name || ' exists ' || count(*) || ' times' AS offence FROM triple
   GROUP BY product_id, device_name HAVING count(*) > 1`,
  `SELECT device_name || ' was given back but bound to a unit' AS offence FROM triple WHERE state = 'returned' AND unit_id IS NOT NULL`,
  // A triple that ever belonged to a unit is not returned: the registry would lease it to another station.
  `SELECT device_name || ' was given back although it was claimed before' AS offence FROM triple WHERE state = 'returned'
   AND EXISTS (SELECT 1 FROM identity_event e WHERE e.triple_id = triple.triple_id AND event = 'claim')`,
  `SELECT device_name || ' was given back without a lease' AS offence FROM triple
   WHERE state = 'returned' AND (lease IS NULL OR return_id IS NULL)`,
  // The history of a triple ends in its state.
  `SELECT device_name || ' is ' || state || ' but its history ends in ' || last AS offence FROM (
     SELECT device_name, state, coalesce((SELECT to_state FROM identity_event e WHERE e.triple_id = t.triple_id
       ORDER BY event_id DESC LIMIT 1), 'available') AS last FROM triple t) WHERE state <> last`,
  // Each burned triple was read back, and each write has an intent before it.
  `SELECT device_name || ' is ' || state || ' although no device was read' AS offence FROM triple t
   WHERE state IN ('burned','registered') AND NOT EXISTS (
     SELECT 1 FROM identity_event e WHERE e.triple_id = t.triple_id AND event = 'confirm')`,
  `SELECT device_name || ' is ' || state || ' although nobody meant to write it' AS offence FROM triple t
   WHERE state IN ('burned','registered') AND NOT EXISTS (
     SELECT 1 FROM identity_event e WHERE e.triple_id = t.triple_id AND event = 'intend')`,
  // A live triple belongs to the unit of its history.
  `SELECT device_name || ' is of another unit than it was claimed for' AS offence FROM triple t
   WHERE state IN ('claimed','burning','burned','registered','in-doubt') AND unit_id IS NOT (
     SELECT unit_id FROM identity_event e WHERE e.triple_id = t.triple_id AND event = 'claim' ORDER BY event_id DESC LIMIT 1)`,
  // One secret has one name; quarantined and retired triples are not counted.
  `SELECT t.device_name || ' has the secret of ' || twin.device_name AS offence
   FROM triple t JOIN triple twin ON twin.triple_id = t.same_secret_as WHERE t.state NOT IN ('quarantined','retired')`,
  // A reserved triple is in no other unit, and its unit has no other triple.
  `SELECT device_name || ' is for unit ' || bound_mac || ' and in unit ' || chip_id AS offence
   FROM triple JOIN unit USING (unit_id) WHERE bound_mac <> chip_id`,
  `SELECT 'unit ' || chip_id || ' holds ' || held.device_name || ' although ' || own.device_name || ' is for it' AS offence
   FROM triple own JOIN unit ON unit.chip_id = own.bound_mac JOIN triple held USING (unit_id)
   WHERE own.state <> 'retired' AND held.triple_id <> own.triple_id
     AND held.state IN ('claimed','burning','burned','registered','in-doubt')`,
  // Every finished run has a message for the registry.
  `SELECT 'run ' || run_id || ' has no message for the registry' AS offence FROM run
   WHERE outcome IS NOT NULL AND NOT EXISTS (SELECT 1 FROM outbox WHERE key = 'run:' || run_id)`,
  `SELECT 'run ' || run_id || ' passed while its triple is ' || state AS offence FROM run JOIN triple USING (triple_id)
   WHERE outcome = 'PASS' AND state IN ('available','claimed','burning','in-doubt') AND NOT EXISTS (
     SELECT 1 FROM identity_event e WHERE e.triple_id = triple.triple_id AND e.event_id > coalesce((
       SELECT max(event_id) FROM identity_event own WHERE own.triple_id = run.triple_id AND own.run_id = run.run_id), 0))`,
];

/** All violations as sentences; empty without one. */
export function findViolations(db: Db): string[] {
  return INVARIANTS.flatMap((sql) =>
    db
      .prepare<[], { offence: string }>(sql)
      .all()
      .map((row) => row.offence),
  );
}

/** As `findViolations`, of a database file, in a thread of its own. Faults: those of SQLite, the signal's reason. */
export async function findViolationsBeside(file: string, signal: AbortSignal): Promise<string[]> {
  try {
    await using reader = readBeside(file, signal);
    const found: string[] = [];
    for (const sql of INVARIANTS)
      for (const { offence } of await reader.all<{ offence: string }>(sql)) found.push(offence);
    return found;
  } catch (error) {
    throw asStationDatabaseFault(error, file);
  }
}
