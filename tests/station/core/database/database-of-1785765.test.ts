/**
 * A data directory that commit 1785765 made: tests/fixtures/databases/1785765. Its program leased triples, imported others,
 * ran units on simulated modules against a registry, lost the registry, and was killed while it burned. Its units: registered,
 * claimed (the write was refused), burned (one message parked, one pending), in doubt. Its key is for this test only.
 */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  auditIdentity,
  listRecordings,
  readRecording,
  recordedRecipe,
  replayRun,
  type Station,
  verifyAll,
} from '#station';
import { MIGRATIONS } from '../../../../station/core/database/migrations/index.ts';
import { TestSimulator } from '../../../kit/test-simulator.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { openStation } from '../../../kit/station.ts';

const FIXTURE = join(import.meta.dirname, '../../../fixtures/databases/1785765');
const NEWEST = MIGRATIONS.at(-1)?.version ?? 0;
const signal = AbortSignal.timeout(120_000);

let dir: ReturnType<typeof tempDir>;

beforeEach(() => {
  dir = tempDir('database-1785765');
  cpSync(FIXTURE, dir.path, { recursive: true });
  writeFileSync(join(dir.path, 'station.db'), gunzipSync(readFileSync(join(FIXTURE, 'station.db.gz'))));
  rmSync(join(dir.path, 'station.db.gz'));
});
afterEach(() => dir[Symbol.dispose]());

function open(portPath?: string): Promise<Station> {
  return openStation(dir.path, { slots: portPath === undefined ? [] : [{ slot: 1, portPath }] });
}

function versionOf(file: string): number {
  const db = new Database(file, { readonly: true });
  try {
    return Number(db.pragma('user_version', { simple: true }));
  } finally {
    db.close();
  }
}

describe('a data directory of commit 1785765', () => {
  it('is migrated, with a copy of what it was, and holds what it held', async () => {
    const file = join(dir.path, 'station.db');
    const before = versionOf(file);
    expect(before).toBeLessThan(NEWEST);

    const station = await open();
    try {
      const { database } = station;
      expect(versionOf(file)).toBe(NEWEST);
      expect(versionOf(`${file}.before-${NEWEST}`)).toBe(before);
      expect(database.checkIntegrity()).toBeNull();
      expect(database.compareSchema()).toEqual([]);
      expect(database.triples.countByState()).toEqual([
        {
          productId: 'GWDEMO0001',
          states: {
            available: 2,
            claimed: 1,
            burning: 0,
            burned: 2,
            registered: 2,
            'in-doubt': 1,
            quarantined: 0,
            retired: 0,
            returned: 0,
          },
        },
      ]);
      expect(database.outbox.getCounts()).toMatchObject({ pending: 2, parked: 1, sent: 3 });
      expect(station.access.users()).toEqual([
        { name: 'li', role: 'operator' },
        { name: 'wang', role: 'engineer' },
      ]);
      expect(station.settings.station()).toBe('fixture-1');
      expect(station.settings.registry()?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      // Every secret opens with the key that came with the directory.
      expect(station.identities()).toHaveLength(6);
    } finally {
      await station.close();
    }
  });

  it('is copied again, when a copy of an earlier migration is there', async () => {
    const file = join(dir.path, 'station.db');
    const before = versionOf(file);
    const earlier = new Database(`${file}.before-${NEWEST}`);
    earlier.exec('CREATE TABLE earlier (a)');
    earlier.close();
    await (await open()).close();
    expect(versionOf(`${file}.before-${NEWEST}`)).toBe(before);
  });

  it('has no violation of identity, a whole trail and untouched records', async () => {
    await (await open()).close();
    const station = await open();
    try {
      expect(auditIdentity(station.database).violations).toEqual([]);
    } finally {
      await station.close();
    }
    const { trail, records } = await verifyAll(dir.path, () => Promise.resolve(null), signal);
    expect(trail.brokenAt).toBeNull();
    expect(trail.entries).toBeGreaterThan(7);
    expect(records).toMatchObject({ tamperedCount: 0, brokenParts: [], schema: [] });
  });

  it('runs the next unit of its batch, with the oldest free triple', async () => {
    await using simulator = await TestSimulator.start({ count: 1, stateDir: join(dir.path, 'units') });
    const station = await open(simulator.pathOf(1));
    try {
      const batch = station.database.batches.list()[0];
      const { finished, runId } = station.startUnit({
        batchId: batch?.batchId ?? '',
        serialNumber: 'SN000011',
        operator: 'li',
        slot: 1,
      });
      const { outcome } = await finished;
      const { database } = station;
      const run = database.runs.findById(runId);
      // The registry of the directory is gone: the login that the recipe wants cannot be proven.
      expect(run).toMatchObject({ outcome, serialNumber: 'SN000011', deviceName: 'OWN003' });
      const triple = database.triples.findByName('GWDEMO0001', 'OWN003');
      expect(triple?.state).toBe('burned');
      expect(database.outbox.has(`run:${runId}`)).toBe(true);
      expect(auditIdentity(database).violations).toEqual([]);
    } finally {
      await station.close();
    }
  });

  it('replays its recordings as they ended', async () => {
    const recordings = await listRecordings(dir.path);
    const replayed: Record<string, boolean> = {};
    for (const { path, id } of recordings) {
      const recording = readRecording(path);
      const { same } = await replayRun(recording, { recipe: recordedRecipe(recording) }, signal);
      replayed[id] = same;
    }
    expect(replayed).toEqual({
      // Passed.
      '01a226a7-2493-731b-93a2-83f694786702': true,
      // Cut off when the program was killed.
      '01a226a7-eef1-73bb-968a-2692dcac9bdb': true,
    });
  });
});
