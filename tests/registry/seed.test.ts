import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createRegistry, openRegistryStore } from '#registry';
import { checkHighWaterMark, raiseHighWaterMark } from '../../registry/store/high-water-mark.ts';
import { deviceTable } from '../../registry/store/devices.ts';
import { lease, PRODUCT, startRegistry } from './support/registry-fixture.ts';
import { tempDir } from '../support/temp-dir.ts';

const SECRET = 'IyXmUW5sU/q1vnb5yzTkeQ==';
const OTHER = 'EAECAwQFBgcICQoLDA0ODw==';

describe('seeding', () => {
  it('adds new triples with names that continue the numbering', async () => {
    await using setup = await startRegistry({ count: 3 });
    using store = openRegistryStore(setup.dataDir);
    expect(store.seedProduct({ productId: PRODUCT, count: 2, prefix: 'Dev' })).toEqual({
      productId: PRODUCT,
      added: 2,
      skipped: 0,
      available: 5,
    });
    const triples = await lease(setup, 5);
    expect(triples.map((triple) => triple.deviceName)).toEqual([1, 2, 3, 4, 5].map((n) => `Dev00000${n}`));
    expect(new Set(triples.map((triple) => triple.deviceSecret)).size).toBe(5);
  });

  it('refuses a secret under another name, of another product too, with the line of the file', () => {
    using dir = tempDir();
    using store = openRegistryStore(dir.path);
    store.seedProduct({ productId: 'P', triples: [{ deviceName: 'dev1', deviceSecret: SECRET }] });
    const triples = [
      { line: 2, deviceName: 'dev2', deviceSecret: OTHER },
      { line: 3, deviceName: 'dev3', deviceSecret: SECRET },
    ];
    for (const productId of ['P', 'Q'])
      expect(() => store.seedProduct({ productId, triples })).toThrow(
        expect.objectContaining({
          code: 'identity-conflict',
          message: `line 3: the DeviceSecret of ${productId}/dev3 is that of P/dev1`,
        }),
      );
    const twice = [
      { deviceName: 'dev4', deviceSecret: OTHER },
      { deviceName: 'dev5', deviceSecret: OTHER },
    ];
    expect(() => store.seedProduct({ productId: 'P', triples: twice })).toThrow(/is that of P\/dev4/);
    expect(store.seedProduct({ productId: 'P', count: 1 })).toMatchObject({ added: 1, available: 2 });
  });

  it('leases no triple whose secret another device has, from an older version', async () => {
    await using setup = await startRegistry({ count: 3 });
    const file = join(setup.dataDir, 'registry.db');
    {
      using store = openRegistryStore(setup.dataDir);
      store.seedProduct({ productId: PRODUCT, triples: [{ deviceName: 'dev1', deviceSecret: SECRET }] });
    }
    const db = new Database(file);
    db.exec(`UPDATE devices SET secret_digest = NULL, same_secret_as = (SELECT id FROM devices WHERE device_name = 'dev1')
      WHERE device_name = (SELECT min(device_name) FROM devices WHERE device_name <> 'dev1')`);
    db.close();
    using store = openRegistryStore(setup.dataDir);
    expect(store.seedProduct({ productId: PRODUCT, triples: [] }).available).toBe(3);
    expect(await lease(setup, 3)).toHaveLength(3);
  });

  it('withholds the unused one of two with one secret, from an older version', async () => {
    await using setup = await startRegistry({ count: 2 });
    const digest = Buffer.alloc(32, 7);
    const db = new Database(join(setup.dataDir, 'registry.db'));
    const ids = db.prepare<[], number>('SELECT id FROM devices ORDER BY id').pluck().all();
    db.exec(`UPDATE devices SET secret_digest = NULL`);
    db.exec(`UPDATE devices SET state = 'retired' WHERE id = ${ids[1] ?? 0}`);
    const devices = deviceTable(db);
    expect(ids.map((id) => devices.setDigest(id, digest))).toEqual([true, false]);
    expect(devices.countAvailable(PRODUCT)).toBe(0);
    db.close();
  });

  it('adds a list, skips known rows, and refuses the whole list for another secret of a known name', () => {
    using dir = tempDir();
    using store = openRegistryStore(dir.path);
    const list = [
      { deviceName: 'dev1', deviceSecret: SECRET },
      { deviceName: 'gw000001', deviceSecret: OTHER },
    ];
    expect(store.seedProduct({ productId: 'P', triples: list })).toMatchObject({ added: 2, skipped: 0 });
    expect(store.seedProduct({ productId: 'P', triples: list })).toMatchObject({
      added: 0,
      skipped: 2,
      available: 2,
    });
    const conflicting = [
      { deviceName: 'dev2', deviceSecret: 'BBBBBBBBBBBBBBBBBBBBBA==' },
      { deviceName: 'dev1', deviceSecret: 'AAAAAAAAAAAAAAAAAAAAAA==' },
    ];
    expect(() => store.seedProduct({ productId: 'P', triples: conflicting })).toThrow(
      expect.objectContaining({ code: 'identity-conflict' }),
    );
    // A generated name steps aside for a listed one.
    expect(store.seedProduct({ productId: 'P', count: 1 })).toMatchObject({ added: 1, available: 3 });
    const bad = [{ deviceName: 'dev 3', deviceSecret: SECRET }];
    expect(() => store.seedProduct({ productId: 'P', triples: bad })).toThrow(
      expect.objectContaining({ code: 'bad-input' }),
    );
    expect(() => store.seedProduct({ productId: 'P P', count: 1 })).toThrow(
      expect.objectContaining({ code: 'bad-input' }),
    );
    // "PX" + "1" would log in to MQTT as "P" + "X1" does.
    store.seedProduct({
      productId: 'P',
      triples: [{ deviceName: 'X1', deviceSecret: 'CCCCCCCCCCCCCCCCCCCCCA==' }],
    });
    expect(() =>
      store.seedProduct({
        productId: 'PX',
        triples: [{ deviceName: '1', deviceSecret: 'DDDDDDDDDDDDDDDDDDDDDA==' }],
      }),
    ).toThrow(expect.objectContaining({ code: 'identity-conflict' }));
  });

  it('works from other processes while the service runs and they all seed at once', async () => {
    await using setup = await startRegistry({ count: 1 });
    const script = join(setup.dataDir, 'seed.mjs');
    const index = new URL('../../registry/index.ts', import.meta.url).href;
    writeFileSync(
      script,
      `import { openRegistryStore } from ${JSON.stringify(index)};
       using store = openRegistryStore(${JSON.stringify(setup.dataDir)});
       for (let i = 0; i < 10; i += 1) store.seedProduct({ productId: ${JSON.stringify(PRODUCT)}, count: 20, prefix: 'Dev' });`,
    );
    const children = [1, 2].map(
      () =>
        new Promise((resolve) => {
          const child = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'pipe'] });
          let stderr = '';
          child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
          child.on('close', (status) => resolve({ status, stderr }));
        }),
    );
    const well = { status: 0, stderr: '' };
    expect(await Promise.all(children)).toEqual([well, well]);
    expect((await setup.get(`/v1/products/${PRODUCT}`)).body).toMatchObject({ counts: { available: 401 } });
  });
});

describe('the high-water mark', () => {
  it('is not above a database that another process raises while both are read', () => {
    using dir = tempDir();
    const file = join(dir.path, 'registry.db');
    const progress = { leases: 1, numbers: 20 };
    raiseHighWaterMark(file, progress);
    const readWhileRaised = () => {
      raiseHighWaterMark(file, { leases: 1, numbers: 40 });
      return progress;
    };
    expect(() => checkHighWaterMark(file, readWhileRaised)).not.toThrow();
    expect(() => checkHighWaterMark(file, () => progress)).toThrow(
      expect.objectContaining({ code: 'database-corrupt' }),
    );
  });
});

describe('the data directory', () => {
  it('has keys that only its owner can read', async () => {
    await using setup = await startRegistry();
    for (const file of ['registry.key', 'station.token']) {
      expect(statSync(join(setup.dataDir, file)).mode & 0o777).toBe(0o600);
    }
    expect(readFileSync(join(setup.dataDir, 'station.token'), 'utf8').trim()).toBe(
      setup.registry.enrolmentToken,
    );
  });

  it('belongs to one service at a time, and to the next after it has ended', async () => {
    using dir = tempDir();
    const first = await createRegistry({ dataDir: dir.path });
    await expect(createRegistry({ dataDir: dir.path })).rejects.toMatchObject({ code: 'data-busy' });
    await first.close();
    await first.close();
    await using second = await createRegistry({ dataDir: dir.path });
    expect(second.enrolmentToken).toBe(first.enrolmentToken);
  });

  it('without its key, or with another, is refused before a triple is leased', async () => {
    using dir = tempDir();
    {
      using store = openRegistryStore(dir.path);
      store.seedProduct({ productId: 'P', count: 1 });
    }
    const key = join(dir.path, 'registry.key');
    const text = readFileSync(key, 'utf8');
    rmSync(key);
    await expect(createRegistry({ dataDir: dir.path })).rejects.toMatchObject({ code: 'secret-unreadable' });
    for (const wrong of [Buffer.alloc(32, 1).toString('base64'), 'short', '']) {
      writeFileSync(key, wrong);
      chmodSync(key, 0o600);
      expect(() => openRegistryStore(dir.path)).toThrow(
        expect.objectContaining({ code: 'secret-unreadable' }),
      );
    }
    writeFileSync(key, text);
    openRegistryStore(dir.path).close();
  });

  it('reports a port that is in use', async () => {
    await using setup = await startRegistry();
    using dir = tempDir();
    const port = Number(new URL(setup.registry.http).port);
    for (const ports of [{ httpPort: port }, { mqttPort: port }]) {
      await expect(createRegistry({ dataDir: dir.path, ...ports })).rejects.toMatchObject({
        code: 'port-busy',
        message: expect.stringContaining(String(port)) as string,
      });
    }
    // Nothing was left open or locked by the failed starts.
    await using later = await createRegistry({ dataDir: dir.path });
    expect(later.http).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});
