import { createHmac } from 'node:crypto';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openRegistryStore } from '#registry';
import { eventsReply, type RegistryEvent, secretProofText } from '#shared/registry-api/index.ts';
import { faultOf } from '../support/fault-of.ts';
import {
  type RegistrySetup,
  lease,
  type LeasedTriple,
  PRODUCT,
  startRegistry,
} from './support/registry-fixture.ts';
import { retireEvent, runEvent } from './support/sample-events.ts';

const why = { reason: 'the disk was lost', approver: 'Wang' };

function copyAside(dataDir: string): string {
  const copy = join(dataDir, 'copy.db');
  const db = new Database(join(dataDir, 'registry.db'));
  db.prepare('VACUUM INTO ?').run(copy);
  db.close();
  return copy;
}

function putBack(dataDir: string, copy: string): void {
  for (const part of ['', '-wal', '-shm']) rmSync(join(dataDir, `registry.db${part}`), { force: true });
  copyFileSync(copy, join(dataDir, 'registry.db'));
}

async function tell(setup: RegistrySetup, station: string, event: unknown): Promise<string | undefined> {
  const { body } = await setup.post('/v1/events', { events: [event] }, station);
  const [result] = eventsReply.parse(body).results;
  return result?.code ?? result?.status;
}

/** As a station sends it that has the secret of the triple. */
function withProof(station: string, event: RegistryEvent, triple: LeasedTriple | undefined): RegistryEvent {
  const text = secretProofText(station, event.key, {
    productId: PRODUCT,
    deviceName: triple?.deviceName ?? '',
  });
  const secretProof = createHmac('sha256', triple?.deviceSecret ?? '')
    .update(text)
    .digest('hex');
  return { ...event, secretProof };
}

describe('a registry that was restored from a backup', () => {
  it('leases no triple again that it leased since, makes no name twice, and accepts a station with the secret', async () => {
    await using setup = await startRegistry({ count: 4 });
    const { dataDir } = setup;
    const before = await lease(setup, 1);
    const copy = copyAside(dataDir);
    const since = await lease(setup, 2);
    {
      using store = openRegistryStore(dataDir);
      store.seedProduct({ productId: PRODUCT, count: 3, prefix: 'Dev' });
      store.seedProduct({ productId: PRODUCT, count: 2, prefix: 'New' });
    }
    const [late] = (await lease(setup, 6)).slice(-1);
    const run = runEvent(1, since[0]?.deviceName ?? '');
    expect(await tell(setup, 'S1', run)).toBe('applied');
    await setup.registry.close();

    putBack(dataDir, copy);
    expect(await faultOf(() => setup.restart())).toMatchObject({ code: 'database-corrupt' });
    {
      using store = openRegistryStore(dataDir);
      const seed = { productId: PRODUCT, count: 1, prefix: 'Dev' };
      expect(await faultOf(() => store.seedProduct(seed))).toMatchObject({ code: 'database-corrupt' });
      expect(await faultOf(() => store.withholdUnleased({ ...why, reason: ' ' }))).toMatchObject({
        code: 'bad-input',
      });
      expect(store.withholdUnleased(why)).toMatchObject({ devices: 3 });
      expect(store.seedProduct({ productId: PRODUCT, count: 1, prefix: 'Dev' })).toMatchObject({
        available: 1,
      });
      store.seedProduct({ productId: PRODUCT, count: 1, prefix: 'New' });
    }
    await setup.restart();
    // Another station gets what nobody ever had.
    const other = (await lease(setup, 2, 'S2')).map(({ deviceName }) => deviceName);
    const known = [...before, ...since, late].map((triple) => triple?.deviceName);
    expect(other.filter((name) => known.includes(name) || /^New00000[12]$/.test(name))).toEqual([]);
    const { status } = await setup.post('/v1/leases', { requestId: 'r', productId: PRODUCT, count: 1 }, 'S2');
    expect(status).toBe(409);
    // What was told and forgotten is told again; whose lease it was nobody knows, so who has the secret is believed.
    const [, spare] = since;
    for (const made of [run, retireEvent('r1', spare?.deviceName ?? '', null)])
      expect(await tell(setup, 'S1', made)).toBe('identity-leased-elsewhere');
    expect(await tell(setup, 'S2', withProof('S1', run, since[0]))).toBe('bad-input');
    expect(await tell(setup, 'S1', withProof('S2', run, since[0]))).toBe('identity-leased-elsewhere');
    expect(await tell(setup, 'S1', withProof('S1', run, since[0]))).toBe('applied');
    const retired = retireEvent('r2', spare?.deviceName ?? '', null);
    expect(await tell(setup, 'S1', withProof('S1', retired, spare))).toBe('applied');
    expect(await tell(setup, 'S1', run)).toBe('repeated');
    expect(await tell(setup, 'S2', runEvent(2, since[0]?.deviceName ?? '', { station: 'S2' }))).toBe(
      'identity-bound-elsewhere',
    );
    expect(await tell(setup, 'S2', runEvent(3, before[0]?.deviceName ?? '', { station: 'S2' }))).toBe(
      'identity-leased-elsewhere',
    );
    expect(await tell(setup, 'S1', runEvent(4, before[0]?.deviceName ?? ''))).toBe('applied');
    // The same backup once more is seen again.
    await setup.registry.close();
    putBack(dataDir, copy);
    expect(await faultOf(() => setup.restart())).toMatchObject({ code: 'database-corrupt' });
  });
});
