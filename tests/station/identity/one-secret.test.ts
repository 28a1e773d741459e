import { createHash, createHmac, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import Database from 'better-sqlite3';
import { auditIdentity, createNodePlatform, type Station, STATION_ITSELF } from '#station';
import { openKeyRing } from '../../../station/identity/vault/key-ring.ts';
import { createSecretDigest } from '../../../station/identity/vault/secret-digest.ts';
import { createVault, ownerOf } from '../../../station/identity/vault/vault.ts';
import { databaseFile } from '../../../station/core/database/index.ts';
import { PRODUCT } from '../../kit/sample-rows.ts';
import { memoryDir } from '../../support/temp-dir.ts';
import { soon } from '../../support/patience.ts';
import { openStation } from '../../kit/station.ts';

const secret = (): string => randomBytes(16).toString('base64');
let dir: ReturnType<typeof memoryDir>;
let station: Station;
const data = (): string => join(dir.path, 'data');
const open = async (): Promise<void> => {
  station = await openStation(data());
};
beforeEach(async () => {
  dir = memoryDir();
  await open();
});
afterEach(async () => {
  await station.close();
  dir[Symbol.dispose]();
});

async function bring(...rows: readonly (readonly string[])[]) {
  const file = join(dir.path, 'triples.csv');
  writeFileSync(file, ['ProductId,DeviceName,DeviceSecret,MAC', ...rows.map((row) => row.join())].join('\n'));
  const report = await station.pool.importCsv(file, {}, STATION_ITSELF, soon());
  return report.rejected.map(({ line, reason }) => `${line}: ${reason}`);
}

describe('a secret that the ledger has', () => {
  it('is refused under another name, of another product, after a change of the key and a restart', async () => {
    const [one, two] = [secret(), secret()];
    expect(await bring([PRODUCT, 'd1', one, ''])).toEqual([]);
    const refused = [`2: DeviceSecret is that of ${PRODUCT}/d1 in the ledger (available)`];
    expect(await bring(['OTHER', 'd1', one, ''], [PRODUCT, 'd2', two, ''])).toEqual(refused);
    await station.rotateKey(() => undefined, { user: 'Li', role: 'engineer' }, soon());
    await station.close();
    await open();
    expect(await bring([PRODUCT, 'd9', one, ''])).toEqual(refused);
    // Nothing on disk is a hash of the secret that could be tried without the key.
    const db = new Database(databaseFile(data()), { readonly: true });
    const kept = db.prepare<[], Buffer>('SELECT secret_digest FROM triple').pluck().all();
    db.close();
    for (const algorithm of ['sha256', 'sha512'])
      expect(kept).not.toContainEqual(createHash(algorithm).update(one).digest().subarray(0, 32));
  });

  it('of an older version is known from the next start on; where it was there twice, the audit says so', async () => {
    const [one, two] = [secret(), secret()];
    await bring([PRODUCT, 'd1', one, ''], [PRODUCT, 'd2', two, ''], [PRODUCT, 'd3', secret(), '']);
    // As an older version left it, with d2's secret once more under the name of d3.
    const { database } = station;
    const [first, second, third] = ['d1', 'd2', 'd3'].map((name) =>
      database.triples.findByName(PRODUCT, name),
    );
    await station.close();
    const db = new Database(databaseFile(data()));
    db.exec(`UPDATE triple SET secret_digest = NULL`);
    db.close();
    await open();
    expect(await bring([PRODUCT, 'd9', one, ''])).toHaveLength(1);
    expect(auditIdentity(station.database).violations).toEqual([]);
    const { tripleId } = third ?? { tripleId: 0 };
    station.database.transaction(() => {
      station.database.sealedSecrets.removeDigests();
      const digest = randomBytes(32);
      for (const row of [first, second, third])
        expect(
          station.database.sealedSecrets.setDigest(
            row?.tripleId ?? 0,
            row === first ? randomBytes(32) : digest,
          ),
        ).toBe(row?.tripleId !== tripleId);
    });
    expect(auditIdentity(station.database).violations).toEqual(['d3 has the secret of d2']);
  });

  it('of an older version that stands there twice goes to one unit at most', async () => {
    const [one, two] = [secret(), secret()];
    await bring(...['a1', 'a2', 'b1', 'b2'].map((name) => [PRODUCT, name, secret(), '']));
    const { database } = station;
    const platform = createNodePlatform(data());
    const vault = createVault(await openKeyRing(database, platform), platform.random);
    // As an older version left it: a1 and a2 are free with one secret; b2 has that of b1 and is in a unit.
    database.transaction(() => {
      database.sealedSecrets.removeDigests();
      for (const [deviceName, text] of [
        ...['a1', 'a2'].map((name) => [name, one]),
        ...['b1', 'b2'].map((name) => [name, two]),
      ] as [string, string][]) {
        const owner = ownerOf({ productId: PRODUCT, deviceName });
        const { tripleId } = database.triples.findByName(PRODUCT, deviceName) ?? { tripleId: 0 };
        database.sealedSecrets.setSecret(tripleId, vault.sealBytes(Buffer.from(text), owner));
      }
      const { unitId } = database.units.recordSeen('A2B700000009', null, null, 1);
      const row = database.triples.findByName(PRODUCT, 'b2');
      if (row !== null) database.triples.applyEvent(row, 'claim', { at: 1, runId: null, note: '' }, unitId);
    });
    await station.close();
    await open();
    const states = ['a1', 'a2', 'b1', 'b2'].map(
      (name) => station.database.triples.findByName(PRODUCT, name)?.state,
    );
    expect(states).toEqual(['available', 'quarantined', 'quarantined', 'claimed']);
  });

  it('that a lease brings under another name is put in quarantine, and the rest is taken', () => {
    const digests = [randomBytes(32), randomBytes(32)];
    const { database } = station;
    const told = database.transaction(() => {
      database.leases.addRequest('r1', PRODUCT, 3, 1);
      return ['d1', 'd2', 'd3'].map((deviceName, n) =>
        database.triples.add(
          {
            productId: PRODUCT,
            deviceName,
            sealed: new Uint8Array(8),
            source: 'lease',
            lease: 'r1',
            secretDigest: digests[n % 2],
          },
          1,
        ),
      );
    });
    expect(told).toEqual(['added', 'added', 'twin']);
    expect(database.triples.findByName(PRODUCT, 'd3')).toMatchObject({ state: 'quarantined', unitId: null });
    expect(
      database.triples.listHistory(database.triples.findByName(PRODUCT, 'd3')?.tripleId ?? 0),
    ).toMatchObject([{ event: 'conflict', note: 'its secret is that of d1' }]);
    expect(station.pool.state().products[0]?.counts).toMatchObject({ available: 2, quarantined: 1 });
    expect(auditIdentity(database).violations).toEqual([]);
  });
});

it('a name that a lease brings with another secret than a file did is put in quarantine, unless a unit has it', () => {
  const { database } = station;
  const of = (deviceName: string, lease: string | null, secretDigest: Uint8Array) => ({
    ...{ productId: PRODUCT, deviceName, sealed: new Uint8Array(8), source: 't', lease, secretDigest },
  });
  const [one, two, three] = [randomBytes(32), randomBytes(32), randomBytes(32)];
  const told = database.transaction(() => {
    database.leases.addRequest('r1', PRODUCT, 3, 1);
    for (const [name, digest] of [
      ['d1', one],
      ['d2', two],
      ['d3', three],
    ] as const)
      database.triples.add(of(name, null, digest), 1);
    const { unitId } = database.units.recordSeen('A2B700000007', null, null, 1);
    const row = database.triples.findByName(PRODUCT, 'd3');
    if (row !== null) database.triples.applyEvent(row, 'claim', { at: 1, runId: null, note: '' }, unitId);
    return [of('d1', 'r1', one), of('d2', 'r1', randomBytes(32)), of('d3', 'r1', randomBytes(32))].map(
      (triple) => database.triples.add(triple, 1),
    );
  });
  expect(told).toEqual(['known', 'contradicted', 'known']);
  expect(['d1', 'd2', 'd3'].map((name) => database.triples.findByName(PRODUCT, name)?.state)).toEqual([
    'available',
    'quarantined',
    'claimed',
  ]);
  expect(auditIdentity(database).violations).toEqual([]);
});

describe('a row for a unit', () => {
  it('is refused when the ledger has one for it, or the unit holds another', async () => {
    expect(await bring([PRODUCT, 'd1', secret(), 'a2:b7:00:00:00:01'])).toEqual([]);
    expect(station.pool.state().products[0]).toMatchObject({ bound: 1, counts: { available: 1 } });
    const { database } = station;
    database.transaction(() => {
      const { unitId } = database.units.recordSeen('A2B700000002', null, null, 1);
      database.triples.add(
        { productId: PRODUCT, deviceName: 'x', sealed: new Uint8Array(8), source: 't', lease: null },
        1,
      );
      const row = database.triples.findByName(PRODUCT, 'x');
      if (row !== null) database.triples.applyEvent(row, 'claim', { at: 1, runId: null, note: '' }, unitId);
    });
    expect(
      await bring([PRODUCT, 'd2', secret(), 'A2B700000001'], [PRODUCT, 'd3', secret(), 'A2-B7-00-00-00-02']),
    ).toEqual([
      '2: a row for its unit is in the ledger already: d1 (available)',
      '3: its unit has x already (claimed)',
    ]);
  });
});

it('the digest is HMAC-SHA-256, and the same for hex digits of either case', () => {
  const key = randomBytes(32);
  const digest = createSecretDigest(key);
  for (const text of ['IyXmUW5sU/q1vnb5yzTkeQ==', '', 'ABCDEF0123456789abcdef0123456789', 'x'.repeat(200)]) {
    const lower = /^[0-9a-f]{32}$/i.test(text) ? text.toLowerCase() : text;
    expect(digest(Buffer.from(text))).toEqual(createHmac('sha256', key).update(lower).digest());
  }
});
