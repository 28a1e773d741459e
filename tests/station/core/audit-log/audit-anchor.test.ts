import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistry, openRegistryStore, type Registry } from '#registry';
import { type AuditHead, REGISTRY_PATH, stationHeaders } from '#shared/registry-api/index.ts';
import {
  createAuditTrail,
  verifyAudit,
  compareWithRegistry,
} from '../../../../station/core/audit-log/index.ts';
import { createRegistryClient, type RegistryClient } from '../../../../station/registry-sync/client/index.ts';
import {
  openStationDatabase,
  type WritableDatabase,
  databaseFile,
} from '../../../../station/core/database/index.ts';
import { runEvent } from '../../../registry/support/sample-events.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const { signal } = new AbortController();
const clock = manualClock();
let dir: ReturnType<typeof tempDir>;
let registry: Registry;

beforeAll(async () => {
  dir = tempDir('witness');
  registry = await createRegistry({ dataDir: join(dir.path, 'registry') });
});
afterAll(async () => {
  await registry.close();
  dir[Symbol.dispose]();
});

/** A station's trail and its way to the registry, without the station around it. */
class Trail implements Disposable {
  readonly name: string;
  readonly dataDir: string;
  database: WritableDatabase;
  /** What the registry said last about the trail. */
  broken: boolean | null = null;

  constructor(name: string) {
    this.name = name;
    this.dataDir = join(dir.path, name);
    this.database = openStationDatabase(this.dataDir);
  }
  write(count: number, actor = 'Wang'): void {
    const trail = createAuditTrail(this.database, clock);
    for (let n = 0; n < count; n += 1)
      this.database.transaction(() =>
        trail.record({ user: actor, role: 'engineer' }, 'batch.create', `s${n}`),
      );
  }
  /** As a station that was just started: it knows nothing of what the registry keeps. */
  client(): RegistryClient {
    const trail = createAuditTrail(this.database, clock);
    return createRegistryClient({
      baseUrl: registry.http,
      token: registry.enrolmentToken,
      station: this.name,
      audit: { ...trail, onVerified: (broken) => (this.broken = broken) },
    });
  }
  async told(): Promise<this> {
    await this.client().audit.report(signal);
    return this;
  }
  /** Somebody with the file in hand and the triggers out of the way. */
  tamper(sql: string): void {
    this.database.close();
    const db = new Database(databaseFile(this.dataDir));
    db.exec(`DROP TRIGGER IF EXISTS audit_fixed; DROP TRIGGER IF EXISTS audit_kept; ${sql}`);
    db.close();
    this.database = openStationDatabase(this.dataDir);
  }
  /** Writes the trail anew, chained as it should be, with one entry told differently. */
  rechain(changeSeq: number): void {
    const rows = [...this.database.audit.iterate()];
    this.tamper('DELETE FROM audit');
    const trail = createAuditTrail(this.database, clock);
    for (const { seq, actor, role, action, subject } of rows)
      trail.append({
        actor: seq === changeSeq ? 'nobody' : actor,
        role,
        action,
        subject,
        details: {},
      });
  }
  async compared() {
    const kept = await this.client().audit.fetch(signal);
    if (kept === null) throw new Error('the registry keeps no trails');
    return { ...compareWithRegistry(this.database, kept), brokenAt: verifyAudit(this.database).brokenAt };
  }
  [Symbol.dispose](): void {
    this.database.close();
  }
}

describe('comparing with the registry: the audit trail', () => {
  it('agrees with a trail that only grows, across restarts of station and registry', async () => {
    using trail = new Trail('grows');
    await trail.told();
    expect(await trail.compared()).toMatchObject({ seenUpTo: 0, rewrittenAt: null });
    for (const count of [3, 1, 40]) {
      trail.write(count);
      await trail.told();
      trail.tamper('');
    }
    await registry.close();
    registry = await createRegistry({ dataDir: join(dir.path, 'registry') });
    trail.write(2);
    await trail.told();
    expect(trail.broken).toBe(false);
    expect(await trail.compared()).toEqual({
      seenUpTo: 46,
      rewrittenAt: null,
      openBreaks: [],
      brokenAt: null,
    });
  });

  it('hears of the trail with every block of events, and only of its own station', async () => {
    using trail = new Trail('events');
    const client = trail.client();
    trail.write(5);
    expect(await client.sendEvents([runEvent(1, null, { station: 'events' })], signal)).toMatchObject([
      { status: 'applied' },
    ]);
    expect(await trail.compared()).toMatchObject({ seenUpTo: 5, rewrittenAt: null });
    trail.write(2);
    await client.sendEvents([runEvent(2, null)], signal);
    expect(await trail.compared()).toMatchObject({ seenUpTo: 7, rewrittenAt: null });
    using other = new Trail('other');
    expect(await other.compared()).toMatchObject({ seenUpTo: 0, rewrittenAt: null });
  });

  it.each<[string, (trail: Trail) => void, number]>([
    ['an end that was cut off', (t) => t.tamper('DELETE FROM audit WHERE seq > 6'), 8],
    ['all of it gone', (t) => t.tamper('DELETE FROM audit'), 4],
    ['an edit that was chained anew', (t) => t.rechain(2), 4],
    ['an edit of the last entry, chained anew', (t) => t.rechain(8), 8],
    [
      'an end cut off and grown again, longer than before',
      (t) => {
        t.tamper('DELETE FROM audit WHERE seq > 7');
        t.write(5, 'somebody');
      },
      8,
    ],
  ])('alone finds %s', async (what, change, rewrittenAt) => {
    using trail = new Trail(what.slice(0, 60));
    trail.write(4);
    await trail.told();
    trail.write(4);
    await trail.told();
    change(trail);
    // Each entry follows from the one before it.
    expect(await trail.compared()).toMatchObject({ brokenAt: null, rewrittenAt });
    // The next sync tells on it, whatever the station thinks of itself.
    await trail.told();
    expect(trail.broken).toBe(true);
    // And it stays told: growing on does not make it good.
    trail.write(3);
    await trail.told();
    expect(trail.broken).toBe(true);
    expect(await trail.compared()).toMatchObject({ openBreaks: [8] });
  });

  it('takes the results of a station whose trail was rewritten all the same', async () => {
    using trail = new Trail('results');
    trail.write(4);
    await trail.told();
    trail.rechain(1);
    const results = await trail.client().sendEvents([runEvent(3, null, { station: 'results' })], signal);
    expect(results).toMatchObject([{ status: 'applied' }]);
    expect(trail.broken).toBe(true);
  });

  it('goes on watching after a break, until somebody accepts it with a reason; and forgets nothing', async () => {
    using trail = new Trail('accepted');
    trail.write(4);
    await trail.told();
    trail.tamper('DELETE FROM audit WHERE seq > 2');
    trail.write(1);
    await trail.told();
    {
      using books = openRegistryStore(join(dir.path, 'registry'));
      expect(books.acceptTrail('accepted', 'restored from a backup', 'Chen')).toBe(1);
      expect(books.acceptTrail('accepted', 'again', 'Chen')).toBe(0);
      expect(books.trails().find(({ station }) => station === 'accepted')).toMatchObject({
        open: 0,
        breaks: [{ seq: 4, accepted: { reason: 'restored from a backup', approver: 'Chen' } }],
      });
    }
    await trail.told();
    expect(trail.broken).toBe(false);
    expect(await trail.compared()).toMatchObject({ seenUpTo: 3, rewrittenAt: null, openBreaks: [] });
    // The new branch is watched like the first.
    trail.rechain(1);
    await trail.told();
    expect(trail.broken).toBe(true);
    expect(await trail.compared()).toMatchObject({ openBreaks: [3] });
  });

  it('is not confused by a network that delivers late, twice, or in another order', async () => {
    using trail = new Trail('late');
    trail.write(3);
    const headAt = (seq: number): AuditHead => ({
      seq,
      hash: trail.database.audit.findBySeq(seq)?.hash ?? '',
    });
    const post = async (body: unknown): Promise<void> => {
      const reply = await fetch(registry.http + REGISTRY_PATH.audit, {
        method: 'POST',
        headers: { ...stationHeaders(registry.enrolmentToken, 'late'), 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(reply.status).toBe(200);
    };
    const first = { head: headAt(1), seen: null };
    const second = { head: headAt(2), seen: headAt(1) };
    const third = { head: headAt(3), seen: headAt(2) };
    for (const claim of [first, first, second, third, second, first, third, first]) await post(claim);
    expect(await trail.compared()).toMatchObject({ seenUpTo: 3, rewrittenAt: null, openBreaks: [] });
  });

  it('keeps its own books from being changed', () => {
    using trail = new Trail('books');
    trail.write(1);
    const db = new Database(join(dir.path, 'registry', 'registry.db'));
    expect(() => db.exec("UPDATE audit_heads SET hash = 'x'")).toThrow('never changed');
    expect(() => db.exec('DELETE FROM audit_heads')).toThrow('never erased');
    expect(() => db.exec('DELETE FROM audit_breaks')).toThrow('never erased');
    db.close();
  });
});
