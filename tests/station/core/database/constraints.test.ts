import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WritableDatabase, databaseFile } from '../../../../station/core/database/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { addTriples, beginRun, openSampleStore, PRODUCT } from '../../../kit/sample-rows.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const because = { at: 2, runId: null, note: 'test' };

/** What the data itself forbids, asked with plain SQL: whatever the code above it does, it cannot get past. */
describe('the ledger’s tables', () => {
  let dir: ReturnType<typeof tempDir>;
  let database: WritableDatabase;
  let db: Database.Database;

  beforeEach(() => {
    dir = tempDir();
    database = openSampleStore(dir.path);
    database.transaction(() => {
      const [one, two] = [
        database.units.recordSeen('AA01', null, null, 1),
        database.units.recordSeen('AA02', null, null, 1),
      ];
      database.triples.applyEvent(database.triples.findNextFree(PRODUCT)!, 'claim', because, one.unitId);
      database.triples.applyEvent(database.triples.findNextFree(PRODUCT)!, 'claim', because, two.unitId);
    });
    beginRun(database, 'open');
    beginRun(database, 'done');
    database.transaction(() => {
      database.runs.finish('done', 5, 'PASS', null);
      database.outbox.add({
        key: 'run:done',
        orderKey: 'l',
        kind: 'run.finished',
        payload: '{}',
        createdAtMs: 5,
      });
    });
    db = new Database(databaseFile(dir.path));
    db.pragma('foreign_keys = ON');
  });
  afterEach(() => {
    db.close();
    database.close();
    dir[Symbol.dispose]();
  });

  it.each<[string, string, RegExp]>([
    [
      'a second live triple on one unit',
      "UPDATE triple SET state = 'claimed', unit_id = 1 WHERE triple_id = 3",
      /UNIQUE/,
    ],
    ['moving a triple to another unit', 'UPDATE triple SET unit_id = 2 WHERE triple_id = 1', /never moves/],
    ['renaming a triple', "UPDATE triple SET device_name = 'x' WHERE triple_id = 1", /never changes/],
    ['erasing a triple', 'DELETE FROM triple WHERE triple_id = 4', /never erased/],
    ['a pooled triple with a unit', 'UPDATE triple SET unit_id = 2 WHERE triple_id = 4', /CHECK/],
    ['a claimed triple without a unit', "UPDATE triple SET state = 'claimed' WHERE triple_id = 4", /CHECK/],
    ['a state that is none', "UPDATE triple SET state = 'lost' WHERE triple_id = 4", /CHECK/],
    [
      'a name twice',
      "INSERT INTO triple (product_id, device_name, secret, state, source, created_at, changed_at) SELECT product_id, device_name, secret, 'available', 'x', 1, 1 FROM triple WHERE triple_id = 4",
      /UNIQUE/,
    ],
    ['a unit that is none', 'UPDATE triple SET unit_id = 99 WHERE triple_id = 1', /never moves|FOREIGN/],
    ['changing history', "UPDATE identity_event SET note = 'x'", /never changed/],
    ['erasing history', 'DELETE FROM identity_event', /never erased/],
    [
      'overwriting a finished run',
      "UPDATE run SET outcome = 'FAIL' WHERE run_id = 'done'",
      /never overwritten/,
    ],
    [
      'another unit for a finished run',
      "UPDATE run SET unit_id = 2 WHERE run_id = 'done'",
      /never overwritten/,
    ],
    ['erasing a finished run', "DELETE FROM run WHERE run_id = 'done'", /never erased/],
    ['erasing a run under way', "DELETE FROM run WHERE run_id = 'open'", /never erased/],
    ['an end without an outcome', "UPDATE run SET finished_at = 9 WHERE run_id = 'open'", /CHECK/],
    [
      'an outcome that is none',
      "UPDATE run SET finished_at = 9, outcome = 'GOOD' WHERE run_id = 'open'",
      /CHECK/,
    ],
    ['erasing an unsent message', 'DELETE FROM outbox', /never erased/],
    [
      'one key for two messages',
      'INSERT INTO outbox (key, lane, kind, payload, created_at) SELECT key, lane, kind, payload, 9 FROM outbox',
      /UNIQUE/,
    ],
    [
      'text where a number belongs',
      "UPDATE unit SET last_seen_at = 'now' WHERE unit_id = 1",
      /cannot store TEXT/,
    ],
    ['one serial number on two units', "UPDATE unit SET serial_number = 'SN1'", /UNIQUE/],
    ['a run of no batch', "UPDATE run SET batch_id = 'none' WHERE run_id = 'open'", /FOREIGN/],
  ])('forbid %s', (_what, sql, why) => {
    const dump = (): unknown =>
      ['triple', 'identity_event', 'run', 'outbox', 'unit'].map((t) =>
        db.prepare(`SELECT * FROM ${t}`).all(),
      );
    const before = dump();
    expect(() => db.exec(sql)).toThrow(why);
    expect(dump()).toEqual(before);
  });

  it('keep a retired triple retired', () => {
    database.transaction(() => database.triples.applyEvent(database.triples.findById(1)!, 'retire', because));
    expect(() => db.exec("UPDATE triple SET state = 'claimed' WHERE triple_id = 1")).toThrow(
      /never used again/,
    );
    // Its unit may have another now, and it stays where it was.
    database.transaction(() =>
      database.triples.applyEvent(database.triples.findById(3)!, 'claim', because, 1),
    );
    expect(database.triples.findById(1)).toMatchObject({ state: 'retired', unitId: 1 });
    expect(database.findViolations()).toEqual([]);
  });

  it('take no event that the table of the domain does not know, and write nothing of it', async () => {
    const fault = await faultOf(() =>
      database.transaction(() => {
        database.meta.set('half', 'done');
        database.triples.applyEvent(database.triples.findById(1)!, 'confirm', because);
      }),
    );
    expect(fault.code).toBe('ledger-violation');
    expect(database.meta.get('half')).toBeNull();
    expect(database.triples.listHistory(1)).toHaveLength(1);
  });

  it('know a name forever: what was there is not added again', () => {
    const before = database.triples.countByState();
    addTriples(database, 4);
    expect(database.triples.countByState()).toEqual(before);
  });
});

/** The audit looks at the data and not at the constraints: it must see what only a broken database could hold. */
describe('the audit', () => {
  it.each<[string, string[], RegExp]>([
    [
      'two live triples on one unit',
      [
        'DROP INDEX triple_one_live_per_unit',
        "UPDATE triple SET state = 'claimed', unit_id = 1 WHERE triple_id IN (1, 2)",
      ],
      /2 live triples/,
    ],
    [
      'a state that its history does not lead to',
      ["UPDATE triple SET state = 'burned', unit_id = 1 WHERE triple_id = 1"],
      /history ends in/,
    ],
    ['a finished run without a message', ["UPDATE run SET finished_at = 9, outcome = 'FAIL'"], /no message/],
  ])('sees %s', (_what, sql, offence) => {
    using dir = tempDir();
    const database = openSampleStore(dir.path);
    database.units.recordSeen('AA01', null, null, 1);
    beginRun(database, 'R');
    expect(database.findViolations()).toEqual([]);
    const db = new Database(databaseFile(dir.path));
    for (const statement of sql) db.exec(statement);
    db.close();
    expect(database.findViolations().join('\n')).toMatch(offence);
    database.close();
  });
});
