import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditEntry, createAuditTrail, verifyAudit } from '../../../../station/core/audit-log/index.ts';
import {
  openStationDatabase,
  type WritableDatabase,
  databaseFile,
} from '../../../../station/core/database/index.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { depth } from '../../../support/depth.ts';

const entry = (n: number): AuditEntry => ({
  actor: 'Wang',
  role: 'engineer',
  action: 'person.add',
  subject: `P${n}`,
  details: { role: 'support', n },
});

function fill(database: WritableDatabase, count: number): void {
  const audit = createAuditTrail(database, manualClock());
  for (let n = 1; n <= count; n += 1) database.transaction(() => audit.append(entry(n)));
}

/** Somebody with the file in hand and the triggers out of the way. */
function tamper(dataDir: string, sql: string): void {
  const db = new Database(databaseFile(dataDir));
  db.exec(`DROP TRIGGER audit_fixed; DROP TRIGGER audit_kept; ${sql}`);
  db.close();
}

describe('the audit trail', () => {
  it('is complete without an edit, empty or not', () => {
    using dir = tempDir();
    const database = openStationDatabase(dir.path);
    expect(verifyAudit(database)).toEqual({ entries: 0, head: '0'.repeat(64), brokenAt: null });
    fill(database, 20);
    const { entries, head, brokenAt } = verifyAudit(database);
    expect({ entries, brokenAt }).toEqual({ entries: 20, brokenAt: null });
    expect(createAuditTrail(database, manualClock()).head()).toEqual({ seq: 20, hash: head });
    database.close();
  });

  it('is complete for arbitrary texts, also with half a character', () => {
    using dir = tempDir();
    const database = openStationDatabase(dir.path);
    const audit = createAuditTrail(database, manualClock());
    const half = '\ud83d';
    for (const text of [half, `a${half}`, `\udc00b`, 'a\u0000b', '王😀', '__proto__'])
      database.transaction(() =>
        audit.append({ actor: text, role: text, action: 'x.y', subject: text, details: { [text]: text } }),
      );
    expect(verifyAudit(database)).toMatchObject({ entries: 6, brokenAt: null });
    expect(verifyAudit(database).head).toBe(audit.head().hash);
    database.close();
  });

  it('records an entry together with its action, or neither', () => {
    using dir = tempDir();
    const database = openStationDatabase(dir.path);
    const audit = createAuditTrail(database, manualClock());
    const attempt = (): void =>
      database.transaction(() => {
        audit.append(entry(1));
        throw new Error('what it tells could not be done');
      });
    expect(attempt).toThrow('could not be done');
    expect(verifyAudit(database).entries).toBe(0);
    database.close();
  });

  it('cannot be changed or shortened through the database', () => {
    using dir = tempDir();
    const database = openStationDatabase(dir.path);
    fill(database, 3);
    database.close();
    const db = new Database(databaseFile(dir.path));
    expect(() => db.exec("UPDATE audit SET actor = 'nobody' WHERE seq = 2")).toThrow('never changed');
    expect(() => db.exec('DELETE FROM audit WHERE seq = 3')).toThrow('never erased');
    db.close();
  });

  it.each([
    ['an edit of who', "UPDATE audit SET actor = 'Li' WHERE seq = 7", 7],
    ['an edit of the role', "UPDATE audit SET role = 'support' WHERE seq = 7", 7],
    ['an edit of when', 'UPDATE audit SET at = at + 1 WHERE seq = 7', 7],
    ['an edit of what', "UPDATE audit SET action = 'person.remove' WHERE seq = 7", 7],
    ['an edit of the details', `UPDATE audit SET details = '{"role":"engineer","n":7}' WHERE seq = 7`, 7],
    [
      'an edit that moves text from one field to the next',
      "UPDATE audit SET actor = 'Wa', role = 'ngengineer' WHERE seq = 7",
      7,
    ],
    ['a hash put right for an edit', "UPDATE audit SET hash = 'ff' WHERE seq = 7", 7],
    ['a removal', 'DELETE FROM audit WHERE seq = 7', 7],
    [
      'a removal with the numbers closed up',
      'DELETE FROM audit WHERE seq = 7; UPDATE audit SET seq = seq - 1 WHERE seq > 7',
      7,
    ],
    ['a removal of the beginning', 'DELETE FROM audit WHERE seq < 4; UPDATE audit SET seq = seq - 3', 1],
    [
      'two entries changed over',
      'UPDATE audit SET seq = 99 WHERE seq = 7; UPDATE audit SET seq = 7 WHERE seq = 8; UPDATE audit SET seq = 8 WHERE seq = 99',
      7,
    ],
    [
      'an entry put in',
      "UPDATE audit SET seq = -seq WHERE seq > 7; UPDATE audit SET seq = 1 - seq WHERE seq < 0; INSERT INTO audit SELECT 8, at, actor, role, action, 'X', details, hash FROM audit WHERE seq = 7",
      8,
    ],
  ])('shows %s', (_, sql, brokenAt) => {
    using dir = tempDir();
    const database = openStationDatabase(dir.path);
    fill(database, 12);
    database.close();
    tamper(dir.path, sql);
    const reopened = openStationDatabase(dir.path);
    expect(verifyAudit(reopened).brokenAt).toBe(brokenAt);
    reopened.close();
  });

  it('with its end cut off has another head than the one that somebody kept', () => {
    using dir = tempDir();
    const database = openStationDatabase(dir.path);
    fill(database, 12);
    const kept = createAuditTrail(database, manualClock()).head();
    database.close();
    tamper(dir.path, 'DELETE FROM audit WHERE seq > 10');
    const reopened = openStationDatabase(dir.path);
    expect(verifyAudit(reopened)).toMatchObject({ entries: 10, brokenAt: null });
    expect(verifyAudit(reopened).head).not.toBe(kept.hash);
    reopened.close();
  });

  it('tells any two histories apart by their heads', () => {
    using dir = tempDir();
    const text = fc.string({ maxLength: 6, unit: fc.constantFrom('a', '"', ',', '[', ']', '工') });
    const history = fc.array(
      fc.record({ actor: text, role: text, action: text, subject: text, details: fc.constant({}) }),
      { minLength: 1, maxLength: 3 },
    );
    let n = 0;
    const headOf = (entries: readonly AuditEntry[]): string => {
      const database = openStationDatabase(`${dir.path}/${(n += 1)}`);
      const audit = createAuditTrail(database, manualClock());
      database.transaction(() => entries.forEach(audit.append));
      const { head } = verifyAudit(database);
      database.close();
      return head;
    };
    fc.assert(
      fc.property(history, history, (one, two) => {
        expect(headOf(one) === headOf(two)).toBe(JSON.stringify(one) === JSON.stringify(two));
      }),
      { numRuns: depth({ short: 8, long: 20 }) },
    );
  });
});
