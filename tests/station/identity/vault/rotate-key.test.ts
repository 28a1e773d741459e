import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createNodePlatform, type Station, STATION_ITSELF } from '#station';
import { createAuditTrail } from '../../../../station/core/audit-log/index.ts';
import { createVault, openKeyRing, ownerOf, rotateKey } from '../../../../station/identity/index.ts';
import { openStationDatabase, type WritableDatabase } from '../../../../station/core/database/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { PRODUCT } from '../../../kit/sample-rows.ts';
import { memoryDir, tempDir } from '../../../support/temp-dir.ts';
import { openStation } from '../../../kit/station.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

const by = { user: 'Chen', role: 'engineer' } as const;
const TOKEN = 'registry.token';
const nothing = (): void => undefined;

/** A ledger with sealed secrets, opened as a station opens it. */
async function open(dataDir: string) {
  const database = openStationDatabase(dataDir);
  const platform = createNodePlatform(dataDir);
  const ring = await openKeyRing(database, platform);
  const vault = createVault(ring, platform.random);
  const audit = createAuditTrail(database, platform.clock);
  const rotate = (stop = NEVER_ABORTED) =>
    rotateKey({ database, ring, vault, platform, audit, settings: [TOKEN] }, nothing, by, stop);
  return { database, ring, vault, rotate };
}
type Opened = Awaited<ReturnType<typeof open>>;

function fill({ database, vault }: Opened, from: number, count: number): void {
  database.transaction(() => {
    for (let n = from; n < from + count; n += 1) {
      const name = { productId: PRODUCT, deviceName: `d${n}` };
      const sealed = vault.seal(secretOf(n), ownerOf(name));
      database.triples.add({ ...name, sealed, source: 'test', lease: null }, 1);
    }
    database.meta.set(TOKEN, Buffer.from(vault.seal('the token', TOKEN)).toString('base64'));
  });
}
const secretOf = (n: number): string => `secret number ${n}`;

/** Every secret as it comes out; a fault when one does not. */
function allSecrets({ database, vault }: Opened): string[] {
  const rows = database.sealedSecrets.listAfter(0, 100_000);
  const token = Buffer.from(database.meta.get(TOKEN) ?? '', 'base64');
  return [
    ...rows.map((row) => vault.reveal(row.secret, ownerOf(row), (secret) => secret)),
    vault.reveal(token, TOKEN, (secret) => secret),
  ];
}
const expected = (count: number): string[] => [
  ...Array.from({ length: count }, (_, n) => secretOf(n + 1)),
  'the token',
];

describe('changing the data key', () => {
  it('seals everything anew, leaves one key, and says who did it', async () => {
    using dir = tempDir('rotate');
    const station = await open(dir.path);
    fill(station, 1, 1234);
    const wrappedBefore = station.database.secretKeys.list()[0]?.wrapped.toString('hex') ?? '';
    const before = station.database.sealedSecrets
      .listAfter(0, 1)
      .map(({ secret }) => Buffer.from(secret).toString('hex'));
    expect(await station.rotate()).toEqual({ keyId: 2, resumed: false, resealed: 1235, unreadable: [] });
    expect(station.ring.all).toEqual([2]);
    expect(allSecrets(station)).toEqual(expected(1234));
    const actions = [...station.database.audit.iterate()].map(({ action, actor }) => `${actor} ${action}`);
    expect(actions).toEqual(['Chen secrets.rotate-begin', 'Chen secrets.rotate-end']);
    station.database.close();
    // Neither the old key nor what it sealed is left in a free page or in the log of writes.
    for (const name of readdirSync(dir.path)) {
      const hex = readFileSync(join(dir.path, name)).toString('hex');
      for (const old of [wrappedBefore, ...before]) expect(hex.includes(old), name).toBe(false);
    }
    const again = await open(dir.path);
    expect(allSecrets(again)).toEqual(expected(1234));
    again.database.close();
  });

  it('cut off at any write leaves every secret readable, and done again it finishes', async () => {
    using dir = memoryDir();
    let cutOff = 0;
    for (let dieAt = 1; ; dieAt += 1) {
      const data = join(dir.path, String(dieAt));
      const first = await open(data);
      fill(first, 1, 600);
      let writes = 0;
      const real = first.database.transaction;
      const died = new Error('the power failed');
      (first.database as { transaction: WritableDatabase['transaction'] }).transaction = (work) => {
        if ((writes += 1) === dieAt) throw died;
        return real(work);
      };
      const ended = await first.rotate().then(
        () => true,
        (error: unknown) => {
          expect(error).toBe(died);
          return false;
        },
      );
      first.database.close();
      if (ended) break;
      cutOff += 1;
      const second = await open(data);
      expect(allSecrets(second)).toEqual(expected(600));
      // A run goes on in between: what is sealed now is sealed with the newest key.
      fill(second, 601, 1);
      const report = await second.rotate();
      expect(report.unreadable).toEqual([]);
      expect(second.ring.all).toEqual([report.keyId]);
      expect(allSecrets(second)).toEqual(expected(601));
      second.database.close();
      rmSync(data, { recursive: true });
    }
    // A new key, the token, two blocks, the end.
    expect(cutOff).toBe(5);
  });

  it('stopped by hand keeps both keys, and new secrets that come meanwhile are not forgotten', async () => {
    using dir = memoryDir();
    const station = await open(dir.path);
    fill(station, 1, 1200);
    const stop = new AbortController();
    stop.abort();
    expect(await faultOf(() => station.rotate(stop.signal))).toMatchObject({ code: 'cancelled' });
    expect(station.ring.all).toEqual([1, 2]);
    expect(allSecrets(station)).toEqual(expected(1200));
    expect(await station.rotate()).toMatchObject({ keyId: 2, resumed: true, resealed: 1200 });
    station.database.close();
  });

  it('names a secret that does not open, changes the others, and keeps the old key', async () => {
    using dir = memoryDir();
    const station = await open(dir.path);
    fill(station, 1, 5);
    const row = station.database.triples.findByName(PRODUCT, 'd3');
    const torn = Buffer.from(row?.secret ?? []);
    torn[torn.length - 1] = (torn[torn.length - 1] ?? 0) ^ 1;
    station.database.sealedSecrets.setSecret(row?.tripleId ?? 0, torn);
    const report = await station.rotate();
    expect(report).toMatchObject({ resealed: 5, unreadable: [`triple/${PRODUCT}/d3`] });
    expect(station.ring.all).toEqual([1, 2]);
    station.database.close();
  });
});

describe('the key file', () => {
  const stationIn = (dataDir: string): Promise<Station> => openStation(dataDir);

  async function configured(dataDir: string): Promise<string> {
    const station = await stationIn(dataDir);
    station.settings.configure(
      { station: 'S1', registry: { url: 'http://127.0.0.1:1', token: 'tok' } },
      STATION_ITSELF,
    );
    await station.close();
    return join(dataDir, 'station.key');
  }

  it('is made for its owner alone', async () => {
    using dir = tempDir('key');
    expect(statSync(await configured(dir.path)).mode & 0o777).toBe(0o600);
  });

  it('that others could read is closed, and that is said and kept on record', async () => {
    using dir = tempDir('key');
    const file = await configured(dir.path);
    chmodSync(file, 0o640);
    const station = await stationIn(dir.path);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const last = station.database.audit.findLast();
    expect(last).toMatchObject({ action: 'secrets.key-exposed', actor: 'station' });
    expect(last?.details).toContain('rotate-key');
    await station.close();
    // Said once: closed, it is a key file like any other.
    const again = await stationIn(dir.path);
    expect(again.database.audit.findLast()).toEqual(last);
    await again.close();
  });

  it.each<[string, (file: string) => void]>([
    ['of another station', (file) => writeFileSync(file, randomBytes(32))],
    ['that is gone', (file) => rmSync(file)],
    ['cut short', (file) => writeFileSync(file, randomBytes(31))],
    ['that is empty', (file) => writeFileSync(file, '')],
  ])('%s opens nothing, and nothing is changed', async (_what, change) => {
    using dir = tempDir('key');
    const file = await configured(dir.path);
    const database = (): Buffer => readFileSync(join(dir.path, 'station.db'));
    change(file);
    const before = { files: readdirSync(dir.path).sort(), database: database() };
    for (let n = 0; n < 2; n += 1) {
      const fault = await faultOf(() => stationIn(dir.path));
      expect(fault).toMatchObject({ code: 'secret-unreadable', class: 'integrity' });
      expect(fault.message).toContain(file);
      expect(fault.hint).toContain('key file');
    }
    expect(readdirSync(dir.path).sort()).toEqual(before.files);
    expect(database().equals(before.database)).toBe(true);
  });
});
