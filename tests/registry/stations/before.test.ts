import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRegistry, openRegistryStore } from '#registry';
import { stationHeaders } from '#shared/registry-api/index.ts';
import { MIGRATIONS } from '../../../registry/store/migrations/index.ts';
import { openDatabase } from '../../../registry/store/open-database.ts';
import { PRODUCT } from '../support/registry-fixture.ts';
import { tempDir } from '../../support/temp-dir.ts';

/** A registry as it was before stations had tokens: they are known by name only. */
function makeOld(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true });
  const db = openDatabase(
    join(dataDir, 'registry.db'),
    MIGRATIONS.filter(({ version }) => version <= 50),
  );
  db.exec(`
    INSERT INTO products VALUES ('${PRODUCT}', 'lamp', 1);
    INSERT INTO devices (id, product_id, device_name, client_id, sealed_secret, state, leased_to, chip_id, created_ms)
      VALUES (1, '${PRODUCT}', 'd1', '${PRODUCT}d1', x'00', 'leased', 'OLD', NULL, 1),
             (2, '${PRODUCT}', 'd2', '${PRODUCT}d2', x'00', 'bound', NULL, 'A2B700000001', 1);
    INSERT INTO leases VALUES ('L', 'OLD', 'r', '${PRODUCT}', 1, 1, NULL);
    INSERT INTO events VALUES ('k', 'S7', 'run.finished', 'l', 1, 1, x'00');
    INSERT INTO runs (run_id, event_key, station, batch_id, batch_name, recipe_hash, app_version, operator, outcome,
      started_at_ms, finished_at_ms, device_id) VALUES ('r', 'k', 'S7', 'b', 'b', 'h', '0', 'Li', 'PASS', 1, 2, 2);`);
  db.close();
}

describe('a registry of an older version', () => {
  it('keeps its stations working, each until it has a token of its own', async () => {
    using dir = tempDir();
    makeOld(dir.path);
    await using registry = await createRegistry({ dataDir: dir.path });
    const ask = async (token: string, path: string, body?: unknown) => {
      const response = await fetch(registry.http + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { ...stationHeaders(token, 'OLD'), 'content-type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    using store = openRegistryStore(dir.path);
    expect(store.stations()).toMatchObject([
      { name: 'OLD', state: 'no-token' },
      { name: 'S7', state: 'no-token' },
    ]);
    const shared = registry.enrolmentToken;
    expect(await ask(shared, '/v1/leases')).toMatchObject({
      status: 200,
      body: { leases: [{ leaseId: 'L' }] },
    });
    // What was bound without a lease is of the station that bound it.
    expect((await ask(shared, `/v1/devices/${PRODUCT}/d2`)).body).toMatchObject({ leasedTo: 'S7' });
    const tokenSha256 = createHash('sha256').update('own').digest('hex');
    expect(await ask(shared, '/v1/enrol', { tokenSha256 })).toMatchObject({
      status: 200,
      body: { station: 'OLD', token: 'enrolled' },
    });
    expect(await ask(shared, '/v1/leases')).toMatchObject({ status: 403 });
    expect(await ask('own', '/v1/leases')).toMatchObject({
      status: 200,
      body: { leases: [{ leaseId: 'L' }] },
    });
  });
});
