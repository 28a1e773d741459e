import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { IdentityEvent } from '#shared/domain/identity.ts';
import { auditIdentity } from '#station';
import { finishRun } from '../../../station/execution/executor/finish-run.ts';
import {
  openStationDatabaseForReading,
  databaseFile,
  type WritableDatabase,
} from '../../../station/core/database/index.ts';
import { beginRun, openSampleStore } from '../../kit/sample-rows.ts';
import { memoryDir } from '../../support/temp-dir.ts';

const CHIP = 'A2B700000001';

/** The first triple of the pool, led so far along its life for one unit, and the run that did it. */
function lead(database: WritableDatabase, ...events: IdentityEvent[]): void {
  beginRun(database, 'run', 'SN1');
  database.transaction(() => {
    const { unitId } = database.units.recordSeen(CHIP, null, null, 1);
    let row = database.triples.findById(1);
    if (row === null) throw new Error('no triple');
    for (const event of events)
      row = database.triples.applyEvent(
        row,
        event,
        { at: 1, runId: 'run', note: '' },
        event === 'claim' ? unitId : row.unitId,
      );
    database.runs.setUnit('run', unitId);
    database.runs.setTriple('run', 1);
  });
  finishRun(database, 'run', 2, 'PASS', null);
}

/** What the audit finds after somebody with the file in hand, and all guards out of the way, has done `sql`. */
function found(sql: string, ...events: IdentityEvent[]): readonly string[] {
  using dir = memoryDir();
  const database = openSampleStore(dir.path);
  if (events.length > 0) lead(database, ...events);
  expect(auditIdentity(database).violations).toEqual([]);
  database.close();
  const db = new Database(databaseFile(dir.path));
  db.pragma('foreign_keys = OFF');
  db.pragma('ignore_check_constraints = ON');
  const guards = db
    .prepare(
      "SELECT type, name FROM sqlite_schema WHERE type = 'trigger' OR name = 'triple_one_live_per_unit'",
    )
    .all() as { type: string; name: string }[];
  for (const { type, name } of guards) db.exec(`DROP ${type} ${name}`);
  db.exec(sql);
  db.close();
  // As `triples audit` beside a running station; a start would refuse some of this at once.
  const after = openStationDatabaseForReading(dir.path);
  const { violations } = auditIdentity(after);
  after.close();
  return violations;
}

const BURNED = ['claim', 'intend', 'confirm'] as const;

describe('the audit of identity', () => {
  it.each<[string, string, readonly IdentityEvent[], RegExp]>([
    [
      'a unit with two triples',
      `UPDATE triple SET state = 'claimed', unit_id = 1 WHERE triple_id = 2`,
      BURNED,
      /holds 2 live triples/,
    ],
    [
      'a triple of a unit in the pool',
      `UPDATE triple SET state = 'available' WHERE triple_id = 1`,
      BURNED,
      /is available but bound/,
    ],
    [
      'a triple in use without a unit',
      `UPDATE triple SET unit_id = NULL WHERE triple_id = 1`,
      BURNED,
      /is burned without a unit/,
    ],
    [
      'a triple that changed its unit',
      `INSERT INTO unit (unit_id, chip_id, first_seen_at, last_seen_at) VALUES (9, 'A2B700000009', 1, 1);
       UPDATE triple SET unit_id = 9 WHERE triple_id = 1`,
      BURNED,
      /is of another unit than it was claimed for/,
    ],
    [
      'a state without its history',
      `UPDATE triple SET state = 'registered' WHERE triple_id = 1`,
      BURNED,
      /its history ends in burned/,
    ],
    [
      'what was burned and never read back',
      `DELETE FROM identity_event WHERE event = 'confirm'`,
      BURNED,
      /although no device was read/,
    ],
    [
      'what was burned without an intent',
      `DELETE FROM identity_event WHERE event = 'intend'`,
      BURNED,
      /although nobody meant to write it/,
    ],
    ['a result that the registry will never hear of', `DELETE FROM outbox`, BURNED, /run run has no message/],
    [
      'a unit that passed with what may not be in it',
      `DELETE FROM identity_event WHERE event = 'confirm';
       INSERT INTO identity_event (triple_id, unit_id, run_id, event, from_state, to_state, at, note)
         VALUES (1, 1, 'run', 'doubt', 'burning', 'in-doubt', 1, '');
       UPDATE triple SET state = 'in-doubt' WHERE triple_id = 1`,
      BURNED,
      /passed while its triple is in-doubt/,
    ],
    [
      'a triple given back without a lease',
      `UPDATE triple SET state = 'returned' WHERE triple_id = 2`,
      [],
      /was given back without a lease/,
    ],
  ])('finds %s', (_what, sql, events, offence) => {
    expect(found(sql, ...events)).toContainEqual(expect.stringMatching(offence));
  });
});
