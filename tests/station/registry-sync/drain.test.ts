import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { openRegistryStore } from '#registry';
import { type RegistryClient, type Station, STATION_ITSELF } from '#station';
import { finishRun } from '../../../station/execution/executor/finish-run.ts';
import { faultOf } from '../../support/fault-of.ts';
import { startProxy } from '../../kit/registry-proxy.ts';
import { addBatch, PRODUCT } from '../../kit/sample-rows.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { soon } from '../../support/patience.ts';
import { startStation, type TestStation } from '../../kit/station.ts';
import { chipOf } from '../../kit/triples.ts';

interface Service extends AsyncDisposable {
  readonly http: string;
  readonly token: string;
  kill(): Promise<void>;
}

/** The registry in a process of its own, so that it can be killed. */
async function startService(dataDir: string): Promise<Service> {
  const script = join(dataDir, 'serve.mjs');
  const index = new URL('../../../registry/index.ts', import.meta.url).href;
  writeFileSync(
    script,
    `import { createRegistry } from ${JSON.stringify(index)};
     const { http, enrolmentToken } = await createRegistry({ dataDir: ${JSON.stringify(dataDir)} });
     console.log(JSON.stringify({ http, enrolmentToken }));`,
  );
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { http, enrolmentToken } = JSON.parse(line) as Record<'http' | 'enrolmentToken', string>;
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  return { http, token: enrolmentToken, kill, [Symbol.asyncDispose]: kill };
}

/** A station that may lose requests and replies, on a registry of this process with 20 triples. */
async function startLossy(): Promise<TestStation> {
  const setup = await startStation({ registry: 'lossy', triples: 20, lease: 0 });
  addBatch(setup.station.database);
  return setup;
}

function clientOf(station: Station): RegistryClient {
  const client = station.registry();
  if (client === null) throw new Error('no registry');
  return client;
}

/** Units `first` … `last`, each burned and recorded as a run that passed. */
function burn({ database }: Station, first: number, last: number): void {
  for (let n = first; n <= last; n++) {
    const runId = `run-${n}`;
    const because = { at: n, runId, note: '' };
    database.runs.add({
      runId,
      batchId: 'B',
      slot: 1,
      portPath: '/dev/null',
      serialNumber: `SN${n}`,
      station: 'S1',
      operator: 'Li',
      appVersion: '0',
      recipeHash: 'h',
      startedAtMs: n,
    });
    database.transaction(() => {
      const { unitId } = database.units.recordSeen(chipOf(n), null, null, n);
      const free = database.triples.findNextFree(PRODUCT);
      if (free === null) throw new Error('the pool is empty');
      const claimed = database.triples.applyEvent(free, 'claim', because, unitId);
      database.triples.applyEvent(
        database.triples.applyEvent(claimed, 'intend', because),
        'confirm',
        because,
      );
      database.runs.setUnit(runId, unitId);
      database.runs.setTriple(runId, free.tripleId);
    });
    finishRun(database, runId, n + 1, 'PASS', null);
  }
}

async function runsAt(registry: RegistryClient, n: number): Promise<number> {
  return (await registry.unit(chipOf(n), soon()))?.runs.length ?? 0;
}

describe('the outbox', () => {
  it('sends again what was not acknowledged, and everything counts once', async () => {
    await using setup = await startLossy();
    const { station, proxy } = setup;
    const registry = clientOf(station);
    await station.pool.lease(PRODUCT, 6, STATION_ITSELF, soon());
    burn(station, 1, 4);
    for (const fate of ['cut-before', 'cut-after', 'cut-after'] as const) {
      proxy.fates.push(fate);
      expect(await faultOf(() => station.sync.drain(soon()))).toMatchObject({ code: 'registry-unreachable' });
      expect(station.sync.state()).toMatchObject({ connection: 'offline', pending: 4, parked: 0, sent: 0 });
      expect(station.sync.state().nextAttemptAtMs).not.toBeNull();
    }
    burn(station, 5, 6);
    expect(await station.sync.drain(soon())).toMatchObject({
      connection: 'online',
      pending: 0,
      parked: 0,
      sent: 6,
      lastFault: null,
      nextAttemptAtMs: null,
    });
    expect(proxy.seen.filter(({ path }) => path === '/v1/events').map(({ events }) => events)).toEqual([
      4, 4, 4, 6,
    ]);
    for (let n = 1; n <= 6; n++) expect(await runsAt(registry, n)).toBe(1);
    expect(station.database.triples.countByState()[0]?.states.registered).toBe(6);
    // Nothing is left: another drain asks nobody.
    await station.sync.drain(soon());
    expect(proxy.seen.filter(({ path }) => path === '/v1/events')).toHaveLength(4);
  });

  it('outlives a registry that is killed when it has worked and not yet answered', async () => {
    using registryDir = tempDir('registry');
    {
      using database = openRegistryStore(registryDir.path);
      database.seedProduct({ productId: PRODUCT, count: 5 });
    }
    await using first = await startService(registryDir.path);
    await using proxy = await startProxy(first.http);
    await using setup = await startStation();
    const { station } = setup;
    const binding = { url: proxy.url, token: first.token };
    station.settings.configure({ station: 'S1', registry: binding }, STATION_ITSELF);
    addBatch(station.database);
    const registry = clientOf(station);
    await station.pool.lease(PRODUCT, 5, STATION_ITSELF, soon());
    burn(station, 1, 5);
    let killed: Promise<void> = Promise.resolve();
    proxy.onCut = () => void (killed = first.kill());
    proxy.fates.push('cut-after');
    expect(await faultOf(() => station.sync.drain(soon()))).toMatchObject({ code: 'registry-unreachable' });
    await killed;
    expect(await faultOf(() => station.sync.drain(soon()))).toMatchObject({ code: 'registry-unreachable' });
    expect(station.sync.state().pending).toBe(5);
    await using second = await startService(registryDir.path);
    proxy.lead(second.http);
    expect(await station.sync.drain(soon())).toMatchObject({ pending: 0, parked: 0, sent: 5 });
    for (let n = 1; n <= 5; n++) expect(await runsAt(registry, n)).toBe(1);
  });

  it('puts aside what the registry refuses, says why, and goes on', async () => {
    await using setup = await startLossy();
    const { station } = setup;
    const registry = clientOf(station);
    const { database } = station;
    const file = join(setup.dir, 'triples.csv');
    writeFileSync(file, `ProductId,DeviceName,DeviceSecret\n${PRODUCT},stranger,IyXmUW5sU/q1vnb5yzTkeQ==\n`);
    await station.pool.importCsv(file, {}, STATION_ITSELF, soon());
    burn(station, 1, 1);
    await station.pool.lease(PRODUCT, 2, STATION_ITSELF, soon());
    burn(station, 2, 3);
    // One that no registry would take: it must not stand in the way of the others.
    database.transaction(() =>
      database.outbox.add({
        key: 'broken',
        orderKey: 'l',
        kind: 'run.finished',
        payload: '{"runId":1}',
        createdAtMs: 1,
      }),
    );
    expect(await station.sync.drain(soon())).toMatchObject({ pending: 0, parked: 2, sent: 2 });
    expect(database.outbox.listParked().map(({ key, reason }) => [key, reason.split(':')[0]])).toEqual([
      ['run:run-1', 'identity-unknown'],
      ['broken', 'bad-input'],
    ]);
    expect(database.triples.findByName(PRODUCT, 'stranger')?.state).toBe('burned');
    // Parked is parked: it is kept over drains and restarts until somebody sends it again.
    expect(await station.sync.drain(soon())).toMatchObject({ pending: 0, parked: 2 });
    expect(await faultOf(() => station.sync.retry('run:nothing', STATION_ITSELF))).toMatchObject({
      code: 'not-found',
    });
    const triples = [{ deviceName: 'stranger', deviceSecret: 'IyXmUW5sU/q1vnb5yzTkeQ==' }];
    setup.registry.store.seedProduct({ productId: PRODUCT, triples });
    station.sync.retry('run:run-1', STATION_ITSELF);
    expect(await station.sync.drain(soon())).toMatchObject({ pending: 0, parked: 1, sent: 3 });
    expect(database.triples.findByName(PRODUCT, 'stranger')?.state).toBe('registered');
    expect(await runsAt(registry, 1)).toBe(1);
    expect(database.findViolations()).toEqual([]);
  });

  it('waits for a registry to be named', async () => {
    await using setup = await startStation();
    const { sync } = setup.station;
    expect(sync.state().connection).toBe('unconfigured');
    expect(await faultOf(() => sync.drain(soon()))).toMatchObject({ code: 'not-configured' });
  });
});

describe('a lease', () => {
  it('whose answer was lost is asked for again, and does not come twice', async () => {
    await using setup = await startLossy();
    const { station, proxy } = setup;
    const available = (): number => station.database.triples.countByState()[0]?.states.available ?? 0;
    for (const fate of ['cut-after', 'cut-before'] as const) {
      proxy.fates.push(fate);
      expect(await faultOf(() => station.pool.lease(PRODUCT, 5, STATION_ITSELF, soon()))).toMatchObject({
        code: 'registry-unreachable',
      });
    }
    expect(available()).toBe(0);
    expect(station.database.leases.listUnanswered()).toHaveLength(1);
    expect(await station.pool.lease(PRODUCT, 5, STATION_ITSELF, soon())).toBe(5);
    expect(available()).toBe(5);
    // A larger wish is met with what is missing.
    proxy.fates.push('cut-after');
    await faultOf(() => station.pool.lease(PRODUCT, 2, STATION_ITSELF, soon()));
    expect(await station.pool.lease(PRODUCT, 6, STATION_ITSELF, soon())).toBe(6);
    expect(available()).toBe(11);
    // The registry said no: nothing is left to ask for.
    expect(await faultOf(() => station.pool.lease(PRODUCT, 1000, STATION_ITSELF, soon()))).toMatchObject({
      code: 'pool-empty',
    });
    expect(station.database.leases.listUnanswered()).toEqual([]);
    expect(await station.pool.lease(PRODUCT, 9, STATION_ITSELF, soon())).toBe(9);
  });
});
