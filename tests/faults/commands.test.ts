import fs, {
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistry, openRegistryStore, type Registry } from '#registry';
import type { Station } from '#station';
import { checkBackup, openStationDatabase, databaseFile } from '../../station/core/database/index.ts';
import { invoke } from '../kit/in-process.ts';
import { PRODUCT } from '../kit/sample-rows.ts';
import { tempDir } from '../support/temp-dir.ts';
import { openStation } from '../kit/station.ts';

let dir: ReturnType<typeof tempDir>;
let registry: Registry;
let names = 0;

beforeAll(async () => {
  dir = tempDir('commands');
  registry = await createRegistry({ dataDir: join(dir.path, 'registry') });
  using books = openRegistryStore(join(dir.path, 'registry'));
  books.seedProduct({ productId: PRODUCT, count: 200 });
});
afterAll(async () => {
  await registry.close();
  dir[Symbol.dispose]();
});

const open = (data: string): Promise<Station> => openStation(data);

/** A data directory with ten triples that is bound to the registry, created by commands. */
async function bound(): Promise<{ readonly data: string; readonly name: string }> {
  const name = `C${(names += 1)}`;
  const data = join(dir.path, name);
  for (const args of [
    [
      'station',
      'configure',
      '--registry',
      registry.http,
      '--token',
      registry.enrolmentToken,
      '--station',
      name,
    ],
    ['triples', 'lease', '--product', PRODUCT, '--count', '10'],
    ['sync', 'drain'],
  ])
    expect((await invoke(...args, '--data', data, '--json')).status).toBe(0);
  return { data, name };
}

describe('backup', () => {
  it('writes a copy that was read to its end, beside a second one elsewhere, and lists what there is', async () => {
    const { data } = await bound();
    const elsewhere = join(dir.path, 'stick', 'copies');
    const made = await invoke('backup', '--data', data, '--to', elsewhere, '--json');
    expect(made.status).toBe(0);
    const { path, copy } = made.events[0] as unknown as { path: string; copy: string };
    expect(made.events[0]).toMatchObject({ event: 'backup.written' });
    for (const file of [path, copy]) expect((await checkBackup(file)).upToMs).not.toBeNull();
    writeFileSync(join(data, 'backups', 'station-19990101T000000.db'), 'torn');
    const listed = await invoke('backup', '--list', '--data', data, '--json');
    expect(listed.events).toMatchObject([
      { event: 'backup', path, ok: true },
      { event: 'backup', ok: false },
    ]);
    const words = await invoke('backup', '--list', '--data', data);
    expect(words.stdout).toContain('BROKEN');
  });

  it('works beside a station that is at work, and says when the second copy cannot be made', async () => {
    const { data } = await bound();
    const station = await open(data);
    expect((await invoke('backup', '--data', data, '--json')).status).toBe(0);
    writeFileSync(join(dir.path, 'a-file'), '');
    const refused = await invoke('backup', '--data', data, '--to', join(dir.path, 'a-file'), '--json');
    expect(refused).toMatchObject({ status: 3, events: [{ event: 'error', code: 'file-denied' }] });
    await station.close();
  });

  it('makes no second copy in the directory of the first', async () => {
    const { data } = await bound();
    mkdirSync(join(data, 'backups'));
    const link = join(dir.path, 'link-to-backups');
    symlinkSync(join(data, 'backups'), link);
    for (const to of [join(data, 'backups'), link]) {
      const refused = await invoke('backup', '--data', data, '--to', to, '--json');
      expect(refused).toMatchObject({ status: 2, events: [{ event: 'error', code: 'bad-input' }] });
    }
    expect(readdirSync(join(data, 'backups'))).not.toEqual([]);
  });

  it('removes a second copy that the disk does not return as it was written, and names another disk as remedy', async () => {
    const { data } = await bound();
    const to = join(dir.path, 'damaging');
    using _ = copyingWith((path) => truncateSync(path, 5000));
    const refused = await invoke('backup', '--data', data, '--to', to, '--json');
    expect(refused).toMatchObject({ status: 3, events: [{ event: 'error', code: 'disk-failing' }] });
    expect(refused.stdout).toContain('another disk');
    expect(readdirSync(to)).toEqual([]);
  });

  it('gives a second copy its name only when it is complete', async () => {
    const { data } = await bound();
    const to = join(dir.path, 'slow');
    const during: string[] = [];
    using _ = copyingWith(() => during.push(...readdirSync(to)));
    expect((await invoke('backup', '--data', data, '--to', to, '--json')).status).toBe(0);
    expect(during).toEqual([expect.stringMatching(/\.part$/)]);
    expect(readdirSync(to)).toEqual([expect.stringMatching(/^station-\w+\.db$/)]);
  });
});

/** Until its end each `copyFileSync` is followed by `then` with the path of the copy. */
function copyingWith(then: (copy: string) => void): Disposable {
  const { copyFileSync } = fs;
  fs.copyFileSync = (from, to, mode) => {
    copyFileSync(from, to, mode);
    then(String(to));
  };
  syncBuiltinESMExports();
  return {
    [Symbol.dispose]() {
      fs.copyFileSync = copyFileSync;
      syncBuiltinESMExports();
    },
  };
}

describe('restore', () => {
  it('says what it did, leaves the old database aside, and the line goes on with new triples', async () => {
    const { data } = await bound();
    const { path } = (await invoke('backup', '--data', data, '--json')).events[0] as unknown as {
      path: string;
    };
    const args = [
      'restore',
      '--data',
      data,
      '--from',
      path,
      '--reason',
      'disk was replaced',
      '--approver',
      'Wang',
    ];
    const done = await invoke(...args, '--json');
    expect(done).toMatchObject({
      status: 0,
      events: [{ event: 'station.restored', from: path, quarantined: 10, droppedLeases: 0, unreadable: [] }],
    });
    const setAside = String(done.events[0]?.['setAside']);
    expect(readdirSync(setAside)).toContain('station.db');
    const audit = await invoke('triples', 'audit', '--data', data, '--json');
    expect(audit.events[0]).toMatchObject({ available: 0, quarantined: 10, violations: [] });
    const leased = await invoke(
      'triples',
      'lease',
      '--product',
      PRODUCT,
      '--count',
      '5',
      '--data',
      data,
      '--json',
    );
    expect(leased.events[0]).toMatchObject({ leased: 5, available: 5 });
    const words = await invoke(...args);
    expect(words.stdout).toContain('quarantined');
    expect(words.stdout).toContain('triples lease');
  });

  it('asks for a reason and an approver, and for a backup that is there', async () => {
    const { data } = await bound();
    expect((await invoke('restore', '--data', data, '--from', 'x')).status).toBe(2);
    const missing = ['--reason', 'r', '--approver', 'a', '--json'];
    const missingBackup = await invoke('restore', '--data', data, '--from', join(data, 'no.db'), ...missing);
    expect(missingBackup).toMatchObject({ status: 3, events: [{ event: 'error', code: 'file-missing' }] });
    expect(existsSync(join(data, 'set-aside'))).toBe(false);
  });

  it('brings back a station whose database is gone', async () => {
    const { data } = await bound();
    const { path } = (await invoke('backup', '--data', data, '--json')).events[0] as unknown as {
      path: string;
    };
    rmSync(databaseFile(data));
    const refused = await invoke('batch', 'list', '--data', data, '--json');
    expect(refused).toMatchObject({ status: 4, events: [{ code: 'database-corrupt' }] });
    const done = await invoke(
      ...['restore', '--data', data, '--from', path, '--reason', 'gone', '--approver', 'Wang', '--json'],
    );
    expect(done).toMatchObject({ status: 0, events: [{ quarantined: 10, auditEntries: 0 }] });
    expect(done.events[0]?.['unreadable']).toContain('triple');
    expect((await invoke('batch', 'list', '--data', data, '--json')).status).toBe(0);
    // It is not known what was imported after the backup.
    const csv = join(data, 'more.csv');
    writeFileSync(csv, `ProductId,DeviceName,DeviceSecret\n${PRODUCT},m1,IyXmUW5sU/q1vnb5yzTkeQ==\n`);
    expect((await invoke('triples', 'import', csv, '--data', data)).status).toBe(2);
    expect((await invoke('triples', 'import', csv, '--never-used', '--data', data)).status).toBe(0);
  });
});

describe('audit verify', () => {
  it('asks the registry, tells a rewritten trail with 4, and is satisfied when somebody has accepted it', async () => {
    const { data, name } = await bound();
    const verify = () => invoke('audit', 'verify', '--data', data, '--json');
    const whole = await verify();
    expect(whole).toMatchObject({
      status: 0,
      events: [{ event: 'audit.verified', registry: 'agrees', brokenAt: null }],
    });
    const seen = Number(whole.events[0]?.['seenUpTo']);
    expect(seen).toBeGreaterThan(1);
    const db = new Database(databaseFile(data));
    const rows = db
      .prepare("SELECT sql FROM sqlite_schema WHERE name = 'audit_kept'")
      .pluck()
      .get() as string;
    db.exec(`DROP TRIGGER audit_kept; DELETE FROM audit WHERE seq > 1; ${rows}`);
    db.close();
    // The mark would detect it as well.
    rmSync(join(data, 'station.mark'));
    const rewritten = await verify();
    expect(rewritten).toMatchObject({
      status: 4,
      events: [{ registry: 'rewritten', brokenAt: null, entries: 1 }],
    });
    expect((await invoke('audit', 'verify', '--data', data)).stdout).toContain('REWRITTEN');
    await invoke('sync', 'drain', '--data', data);
    const books = ['--data', dir.path, '--json'];
    const listed = await invoke('registry', 'audit', ...books);
    expect(listed.status).toBe(4);
    expect(listed.events).toContainEqual(
      expect.objectContaining({ event: 'registry.trail', station: name, open: 1 }),
    );
    expect((await invoke('registry', 'audit', '--accept', name, ...books)).status).toBe(2);
    const accept = ['--accept', name, '--reason', 'a test', '--approver', 'Wang'];
    expect((await invoke('registry', 'audit', ...accept, ...books)).status).toBe(0);
    expect((await invoke('registry', 'audit', ...accept, ...books)).status).toBe(2);
    expect(await verify()).toMatchObject({ status: 0, events: [{ registry: 'agrees' }] });
  });

  it('says when nobody else has seen the trail, or nobody can be asked', async () => {
    const data = join(dir.path, 'alone');
    await invoke('station', 'configure', '--station', 'alone', '--data', data);
    const verify = () => invoke('audit', 'verify', '--data', data, '--json');
    expect(await verify()).toMatchObject({ status: 0, events: [{ registry: 'unbound' }] });
    await invoke('station', 'configure', '--registry', 'http://127.0.0.1:9', '--token', 't', '--data', data);
    expect(await verify()).toMatchObject({ status: 0, events: [{ registry: 'unreachable' }] });
  });
});

describe('station rotate-key', () => {
  it('changes the key, and everything opens as before', async () => {
    const { data } = await bound();
    const done = await invoke('station', 'rotate-key', '--data', data, '--json');
    expect(done.status).toBe(0);
    expect(done.events.at(-1)).toEqual({
      event: 'key.rotated',
      keyId: 2,
      resumed: false,
      resealed: 13,
      unreadable: [],
    });
    const doctor = await invoke('doctor', '--data', data, '--json');
    expect(doctor.events.find((event) => event['name'] === 'secrets')).toMatchObject({
      ok: true,
      level: 'ok',
    });
    expect((await invoke('sync', 'drain', '--data', data)).status).toBe(0);
    const database = openStationDatabase(data);
    expect(database.secretKeys.list().map(({ keyId }) => keyId)).toEqual([2]);
    database.close();
  });

  it('with another key file ends with 4 and changes nothing', async () => {
    const { data } = await bound();
    writeFileSync(join(data, 'station.key'), Buffer.alloc(32, 1));
    expect(await invoke('station', 'rotate-key', '--data', data, '--json')).toMatchObject({
      status: 4,
      events: [{ event: 'error', code: 'secret-unreadable' }],
    });
    const database = openStationDatabase(data);
    expect(database.secretKeys.list().map(({ keyId }) => keyId)).toEqual([1]);
    database.close();
  });
});
