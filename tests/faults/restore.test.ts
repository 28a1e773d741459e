import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openRegistryStore } from '#registry';
import {
  createNodePlatform,
  type RestoreReport,
  restoreStation,
  type Station,
  STATION_ITSELF,
} from '#station';
import { verifyAudit } from '../../station/core/audit-log/index.ts';
import { openStationDatabase, databaseFile } from '../../station/core/database/index.ts';
import { faultOf } from '../support/fault-of.ts';
import { addTriples, openSampleStore, PRODUCT } from '../kit/sample-rows.ts';
import { tempDir } from '../support/temp-dir.ts';
import { dieBefore } from './support/dying-disk.ts';
import { soon } from '../support/patience.ts';
import { openStation, startStation, type TestStation } from '../kit/station.ts';
import { simulated, type SimulatedUnits, serialOf } from '../kit/units.ts';
import { moduleRecipe } from '../kit/recipes.ts';
import { LONG } from '../support/depth.ts';

const by = { user: 'Chen', role: 'support' } as const;
const restore = (dataDir: string, from: string): Promise<RestoreReport> =>
  restoreStation(createNodePlatform(dataDir), { from, reason: 'a page is torn', approver: 'Wang', by });

const stationOf = (dataDir: string, setup?: TestStation<SimulatedUnits>): Promise<Station> =>
  openStation(dataDir, {
    slots:
      setup?.units.simulator.inner.units.map((_, n) => ({
        slot: n + 1,
        portPath: setup.units.simulator.pathOf(n + 1),
      })) ?? [],
  });

/** Overwrites every page of a table, as a failing disk does. */
function tear(file: string, table: string): void {
  const db = new Database(file);
  db.pragma('wal_checkpoint(TRUNCATE)');
  const size = Number(db.pragma('page_size', { simple: true }));
  const pages = db.prepare('SELECT pageno FROM dbstat WHERE name = ?').pluck().all(table) as number[];
  db.close();
  const bytes = readFileSync(file);
  for (const page of pages) bytes.fill(0xee, (page - 1) * size, page * size);
  writeFileSync(file, bytes);
}

describe('a restore', () => {
  it('never hands out what may be burned already: real units, a real registry, and a page that is torn', async () => {
    await using setup = await startStation({
      units: simulated(3),
      registry: 'real',
      recipe: moduleRecipe(),
      triples: 6,
    });
    const { station, dataDir } = setup;
    const backup = await station.health.backUp('20260101T000000', by);
    // After the backup two triples are burned, one of them reported to the registry, and a block is leased.
    expect(await setup.run(1)).toMatchObject({ outcome: 'PASS', deviceName: 'dev1' });
    await station.sync.drain(soon());
    expect(await setup.run(2)).toMatchObject({ outcome: 'PASS', deviceName: 'dev2' });
    await station.close();
    tear(databaseFile(dataDir), 'measurement');
    const refused = await faultOf(() => stationOf(dataDir));
    expect(refused).toMatchObject({ code: 'database-corrupt' });
    expect(refused.hint).toContain(`restore --from ${backup}`);

    const report = await restore(dataDir, backup);
    expect(report).toMatchObject({
      quarantined: 6,
      triples: 0,
      messages: 1,
      unreadable: [],
      runsLeftBehind: 2,
    });
    expect(readdirSync(report.setAside)).toContain('station.db');
    const reopened = await stationOf(dataDir, setup);
    try {
      expect(verifyAudit(reopened.database)).toMatchObject({ brokenAt: null });
      expect(reopened.database.triples.listInState('available')).toEqual([]);
      // The pool is empty until the registry gives new ones, and those are others.
      const startRequest = (slot: number) => ({
        batchId: setup.batchId,
        serialNumber: serialOf(slot),
        operator: 'Li',
        slot,
      });
      const batch = reopened.batches.state().batches[0];
      expect(batch?.batchId).toBe(setup.batchId);
      expect(await reopened.startUnit(startRequest(3)).finished).toMatchObject({
        failure: { code: 'pool-empty' },
      });
      reopened.slots.acknowledge(3);
      // A unit that was burned in between holds a quarantined triple: its run stops, and nothing is written to it.
      expect(await reopened.startUnit(startRequest(2)).finished).toMatchObject({
        failure: { code: 'identity-conflict' },
      });
      reopened.slots.acknowledge(2);
      // The result that only the torn database knew reaches the registry, once.
      const sent = await reopened.sync.drain(soon());
      expect(sent).toMatchObject({ pending: 0, parked: 0 });
      const registry = reopened.registry();
      const storedUnit = await registry?.unit(chipOf(setup, 2), soon());
      expect(storedUnit?.device).toMatchObject({ deviceName: 'dev2' });
      expect(storedUnit?.runs.filter(({ outcome }) => outcome === 'PASS')).toHaveLength(1);
      // Support re-issues another; the registry, which had the old one bound to this unit, accepts it.
      const justification = { reason: 'restored', approver: 'Wang' };
      {
        using data = openRegistryStore(join(setup.dir, 'registry'));
        data.seedProduct({ productId: PRODUCT, count: 1, prefix: 'new' });
      }
      await reopened.pool.lease(PRODUCT, 1, STATION_ITSELF, soon());
      const request = { slot: 2, action: 'reissue', ...justification } as const;
      await reopened.returns.act(request, { user: 'Chen', role: 'support' }, soon());
      const after = await reopened.sync.drain(soon());
      expect(after).toMatchObject({ pending: 0, parked: 0 });
      const now = await registry?.unit(chipOf(setup, 2), soon());
      expect(now).toMatchObject({ device: { state: 'bound' }, retired: [{ deviceName: 'dev2' }] });
      expect(reopened.database.triples.findByName(PRODUCT, 'dev2')?.state).toBe('retired');
      // The audit trail is complete for the registry too: entries after the backup were merged.
      expect((await registry?.audit.fetch(soon()))?.breaks).toEqual([]);
      expect(reopened.database.findViolations()).toEqual([]);
    } finally {
      await reopened.close();
    }
  });

  it('does not ask again for a lease whose answer may have been used', async () => {
    using dir = tempDir('restore');
    const database = openSampleStore(dir.path);
    database.transaction(() => database.leases.addRequest('asked', PRODUCT, 100, 1));
    const backup = await database.backup('20260101T000000');
    database.close();
    expect(await restore(dir.path, backup)).toMatchObject({ droppedLeases: 1, quarantined: 4 });
    const after = openStationDatabase(dir.path);
    expect(after.leases.listUnanswered()).toEqual([]);
    const notes = [...after.audit.iterate()].map(({ action, actor, details }) => ({
      action,
      actor,
      ...(JSON.parse(details) as object),
    }));
    expect(notes).toMatchObject([
      {
        action: 'station.restore',
        actor: 'Chen',
        reason: 'a page is torn',
        approver: 'Wang',
        quarantined: 4,
      },
    ]);
    after.close();
  });

  it('knows every name that was here, so that no file brings one of them as new', async () => {
    using dir = tempDir('restore');
    const database = openSampleStore(dir.path);
    const backup = await database.backup('20260101T000000');
    addTriples(database, 7);
    database.close();
    const report = await restore(dir.path, backup);
    expect(report).toMatchObject({ triples: 3, quarantined: 7, unreadable: [] });
    const after = openStationDatabase(dir.path);
    expect(after.triples.findByName(PRODUCT, 'd7')).toMatchObject({ state: 'quarantined' });
    expect(after.findViolations()).toEqual([]);
    after.close();
  });

  it('that could not read every name lets no file in until somebody vouches for it', async () => {
    using dir = tempDir('restore');
    const station = await stationOf(dir.path);
    addTriples(station.database, 900);
    const backup = await station.health.backUp('20260101T000000', by);
    await station.close();
    tear(databaseFile(dir.path), 'triple');
    expect((await restore(dir.path, backup)).unreadable).toContain('triple');
    const csv = join(dir.path, 'new.csv');
    writeFileSync(csv, `ProductId,DeviceName,DeviceSecret\n${PRODUCT},new1,IyXmUW5sU/q1vnb5yzTkeQ==\n`);
    const reopened = await stationOf(dir.path);
    const signal = soon();
    const refused = await faultOf(() => reopened.pool.importCsv(csv, {}, STATION_ITSELF, signal));
    expect(refused).toMatchObject({ code: 'bad-input' });
    expect(refused.hint).toContain('--never-used');
    expect(await reopened.pool.importCsv(csv, { dryRun: true }, STATION_ITSELF, signal)).toMatchObject({
      added: 1,
    });
    expect(reopened.database.triples.findByName(PRODUCT, 'new1')).toBeNull();
    expect(await reopened.pool.importCsv(csv, { neverUsed: true }, by, signal)).toMatchObject({ added: 1 });
    await reopened.close();
  });

  it.each<[string, (dir: string, backup: string) => string, string]>([
    ['that is not there', (dir) => join(dir, 'nothing.db'), 'file-missing'],
    [
      'with a torn page',
      (_dir, backup) => {
        tear(backup, 'triple');
        return backup;
      },
      'database-corrupt',
    ],
    [
      'that is cut short',
      (_dir, backup) => {
        writeFileSync(backup, readFileSync(backup).subarray(0, 20_000));
        return backup;
      },
      'database-corrupt',
    ],
    [
      'of another program',
      (dir) => {
        const file = join(dir, 'other.db');
        const db = new Database(file);
        db.exec('CREATE TABLE cookies (host TEXT)');
        db.close();
        return file;
      },
      'database-corrupt',
    ],
    ['that is the database itself', (dir) => databaseFile(dir), 'bad-input'],
  ])('of a backup %s changes nothing', async (_what, make, code) => {
    using dir = tempDir('restore');
    const database = openSampleStore(dir.path);
    const backup = await database.backup('20260101T000000');
    database.close();
    const from = make(dir.path, backup);
    const before = readFileSync(databaseFile(dir.path));
    const fault = await faultOf(() => restore(dir.path, from));
    expect(fault.code).toBe(code);
    expect(readFileSync(databaseFile(dir.path)).equals(before)).toBe(true);
    expect(existsSync(join(dir.path, 'set-aside'))).toBe(false);
    expect(readdirSync(dir.path).filter((name) => name.includes('restore'))).toEqual([]);
  });

  it('is refused while the station runs and without a reason; with a key that does not open the backup it says so', async () => {
    using dir = tempDir('restore');
    const station = await stationOf(dir.path);
    const backup = await station.health.backUp('20260101T000000', by);
    expect(await faultOf(() => restore(dir.path, backup))).toMatchObject({ code: 'data-busy' });
    await station.close();
    const restoreRequest = { from: backup, reason: ' ', approver: 'Wang', by };
    expect(await faultOf(() => restoreStation(createNodePlatform(dir.path), restoreRequest))).toMatchObject({
      code: 'bad-input',
    });
    writeFileSync(join(dir.path, 'station.key'), Buffer.alloc(32, 9));
    expect(await restore(dir.path, backup)).toMatchObject({
      key: 'none',
      settingsLost: [],
      // Nothing was ever signed.
      signingKeyLost: false,
    });
    await (await stationOf(dir.path)).close();
  });

  // Writes dozens of databases: seconds, or minutes on a busy machine.
  it.runIf(LONG)(
    'killed at any moment leaves the old database or the new one, or says that it was cut off',
    async () => {
      using dir = tempDir('restore');
      const first = join(dir.path, 'first');
      const database = openSampleStore(first);
      const firstBackup = await database.backup('20260101T000000');
      database.transaction(() => database.meta.set('later', 'yes'));
      database.close();
      const ways = new Set<string>();
      for (let kill = 1; !ways.has('done'); kill += 1) {
        const data = join(dir.path, String(kill));
        cpSync(first, data, { recursive: true });
        const backup = join(data, relative(first, firstBackup));
        {
          using disk = dieBefore(kill);
          await restore(data, backup).catch(() => undefined);
          if (!disk.died) ways.add('done');
        }
        const fault = await faultOf(() => openStationDatabase(data).close()).catch(() => null);
        if (fault !== null) {
          expect(fault).toMatchObject({ code: 'database-corrupt' });
          expect(fault.hint).toContain('restore');
          ways.add('said');
          // The same command finishes it, and the old database was set aside.
          const { setAside } = await restore(data, backup);
          const aside = new Database(join(setAside, 'station.db'), { readonly: true });
          expect(aside.prepare("SELECT value FROM meta WHERE key = 'later'").pluck().get()).toBe('yes');
          aside.close();
        }
        const after = openStationDatabase(data);
        expect(readdirSync(data).filter((name) => name.includes('.restored'))).toEqual([]);
        const isOld = after.meta.get('later') === 'yes';
        expect(after.triples.listInState('quarantined')).toHaveLength(isOld ? 0 : 4);
        ways.add(isOld ? 'old' : 'new');
        after.close();
        rmSync(data, { recursive: true });
      }
      expect([...ways].sort()).toEqual(['done', 'new', 'old', 'said']);
    },
  );
});

describe('a database that is gone', () => {
  it('is not replaced by an empty one that knows nothing of what was burned', async () => {
    using dir = tempDir('gone');
    await (await stationOf(dir.path)).close();
    rmSync(databaseFile(dir.path));
    const fault = await faultOf(() => stationOf(dir.path));
    expect(fault).toMatchObject({ code: 'database-corrupt' });
    expect(fault.hint).toContain('restore');
    expect(existsSync(databaseFile(dir.path))).toBe(false);
  });
});

function chipOf(setup: TestStation<SimulatedUnits>, slot: number): string {
  return (setup.units.simulator.inner.units[slot - 1]?.mac ?? '').replaceAll(':', '').toUpperCase();
}
