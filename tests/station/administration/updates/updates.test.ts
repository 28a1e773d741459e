import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { hostSystem } from '#node-kit/host-system/index.ts';
import { contract, type StationContract, type UpdateState } from '#shared/contract/index.ts';
import { type Client, connect, createInMemoryTransports, type Role, Session } from '#shared/rpc/index.ts';
import { checkBackup } from '#station';
import { simulated } from '../../../kit/units.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { until } from '../../../support/until.ts';
import { publish } from './publish.ts';

const RUNNING = '1.4.0';
const INSTALLER = Buffer.alloc(3_000_000, 'installer of Gongwei ');
const NAME = 'gongwei_1.5.0_amd64.deb';

let stack: AsyncDisposableStack;
let dir: string;
let feed: string;
beforeEach(() => {
  stack = new AsyncDisposableStack();
  dir = stack.use(tempDir('updates')).path;
  feed = join(dir, 'feed');
  mkdirSync(feed);
});
afterEach(() => stack.disposeAsync());

type Offered = Partial<Parameters<typeof publish>[1]>;
const offer = (more: Offered = {}): Promise<void> =>
  publish(feed, {
    system: 'LINUX',
    ...(process.arch === 'arm64' ? { arch: 'arm64' as const } : {}),
    version: '1.5.0',
    files: { [process.arch === 'arm64' ? NAME.replace('amd64', 'arm64') : NAME]: INSTALLER },
    ...more,
  });
const name = process.arch === 'arm64' ? NAME.replace('amd64', 'arm64') : NAME;

/** A server of files whose replies a test may change; `hold` keeps the rest of each file back. */
async function serve(): Promise<{ url: string; requests: string[]; hold: boolean; held: ServerResponse[] }> {
  const served = { url: '', requests: [] as string[], hold: false, held: [] as ServerResponse[] };
  const server = createServer(({ url }, reply) => {
    const file = decodeURIComponent(basename(url ?? ''));
    served.requests.push(file);
    const path = join(feed, file);
    if (!existsSync(path)) return void reply.writeHead(404).end();
    const bytes = readFileSync(path);
    if (!served.hold || file.endsWith('.yml')) return void reply.end(bytes);
    reply.write(bytes.subarray(0, 1_000_000));
    served.held.push(reply);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stack.defer(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  served.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/gongwei/`;
  return served;
}

interface Setup {
  readonly setup: TestStation;
  readonly page: Client<StationContract>;
  readonly states: UpdateState[];
  readonly opened: string[];
}

async function open(options: Parameters<typeof startStation>[0] = {}, canOpen = false): Promise<Setup> {
  const opened: string[] = [];
  const openInstaller = (path: string): Promise<void> => {
    opened.push(path);
    return Promise.resolve();
  };
  const config = { appVersion: RUNNING, ...(canOpen ? { openInstaller } : {}), ...options.config };
  const setup = stack.use(await startStation({ ...options, config }));
  const page = clientOf(setup);
  const states: UpdateState[] = [];
  page.watch('updates', { onState: (state) => states.push(state), onFault: () => undefined });
  return { setup, page, states, opened };
}

function clientOf({ station }: TestStation, role: Role = 'engineer'): Client<StationContract> {
  const [here, there] = createInMemoryTransports();
  station.serve(there, new Session({ role, user: '陈静' }));
  return connect(contract, here);
}

const trail = ({ station }: TestStation): string[] =>
  [...station.database.audit.iterate()].map(({ action }) => action);
const ready = ({ states }: Setup): Promise<UpdateState> =>
  until(() => states.findLast((state) => state.ready !== null), 'the installer');
const failed = ({ states }: Setup): Promise<UpdateState> =>
  until(() => states.findLast((state) => state.fault !== null), 'the fault');

describe.runIf(hostSystem().kind === 'linux')('updates of the program', () => {
  test.each(['folder', 'address'])(
    'are found, downloaded, verified and handed over, from a %s',
    async (kind) => {
      await offer({ notes: 'Prints labels.' });
      const server = kind === 'address' ? await serve() : null;
      const all = await open({}, true);
      const { page, setup, opened } = all;
      expect((await faultOf(() => page.call('updates.check', {}))).code).toBe('not-configured');
      await page.call('updates.setSource', { source: server?.url ?? feed });
      const checked = await page.call('updates.check', {});
      expect(checked.running.version).toBe(RUNNING);
      expect(checked.running.data).toBeGreaterThan(0);
      expect(checked.offer).toMatchObject({
        version: '1.5.0',
        verdict: 'newer',
        notes: 'Prints labels.',
        fileName: name,
        sizeBytes: INSTALLER.length,
      });
      await page.call('updates.download', {});
      const { ready: installer } = await ready(all);
      expect(readFileSync(installer?.path ?? '').equals(INSTALLER)).toBe(true);
      expect(all.states.some(({ download }) => (download?.bytes ?? 0) > 0)).toBe(true);
      const installed = await page.call('updates.install', {});
      expect(installed).toMatchObject({ isOpened: true, path: installer?.path });
      expect(opened).toEqual([installer?.path]);
      await checkBackup(join(setup.dataDir, 'backups', installed.backup));
      const entries = trail(setup).filter((action) => /update/.test(action));
      expect(entries).toEqual(['settings.updates', 'update.download', 'update.install']);
    },
  );

  test('in a browser are opened by a person, who is told the path', async () => {
    await offer();
    const all = await open();
    await all.page.call('updates.setSource', { source: feed });
    expect((await all.page.call('updates.check', {})).canOpenInstaller).toBe(false);
    await all.page.call('updates.download', {});
    const { ready: installer } = await ready(all);
    const installed = await all.page.call('updates.install', {});
    expect(installed).toMatchObject({ isOpened: false, path: installer?.path });
  });

  test('that are older or the same are shown as such, and are refused', async () => {
    const all = await open();
    await all.page.call('updates.setSource', { source: feed });
    for (const [version, verdict] of [
      ['1.3.9', 'older'],
      [RUNNING, 'same'],
      [`${RUNNING}-rc.1`, 'older'],
    ]) {
      await offer({ version: version ?? '' });
      expect((await all.page.call('updates.check', {})).offer).toMatchObject({ version, verdict });
      const fault = await faultOf(() => all.page.call('updates.download', {}));
      expect(fault.toView()).toMatchObject({ code: 'update-older', details: { version, running: RUNNING } });
    }
    expect((await faultOf(() => all.page.call('updates.install', {}))).code).toBe('not-found');
  });

  test.each([
    ['was exchanged', (path: string) => writeFileSync(path, Buffer.alloc(INSTALLER.length, 'x'))],
    ['is longer', (path: string) => appendFileSync(path, 'more')],
    ['is shorter', (path: string) => writeFileSync(path, INSTALLER.subarray(0, 1000))],
  ])('whose file %s than described are refused, and nothing is kept', async (_, change) => {
    await offer();
    change(join(feed, name));
    const all = await open();
    await all.page.call('updates.setSource', { source: feed });
    await all.page.call('updates.check', {});
    await all.page.call('updates.download', {});
    expect((await failed(all)).fault?.code).toBe('update-invalid');
    expect(readdirSync(join(all.setup.dataDir, 'updates'))).toEqual([]);
    expect(trail(all.setup)).not.toContain('update.download');
  });

  test('that were changed after the download are not installed', async () => {
    await offer();
    const all = await open({}, true);
    await all.page.call('updates.setSource', { source: feed });
    await all.page.call('updates.check', {});
    await all.page.call('updates.download', {});
    const { ready: installer } = await ready(all);
    writeFileSync(installer?.path ?? '', Buffer.alloc(INSTALLER.length, 'x'));
    const fault = await faultOf(() => all.page.call('updates.install', {}));
    expect(fault.code).toBe('update-invalid');
    expect(all.opened).toEqual([]);
    expect(existsSync(installer?.path ?? '')).toBe(false);
    expect((await until(() => all.states.at(-1), 'a state')).ready).toBeNull();
  });

  test('are not installed when the file is changed during the backup, and no other is downloaded then', async () => {
    await offer();
    const all = await open({}, true);
    await all.page.call('updates.setSource', { source: feed });
    await all.page.call('updates.check', {});
    await all.page.call('updates.download', {});
    const { ready: installer } = await ready(all);
    const { health } = all.setup.station;
    const backUp = health.backUp.bind(health);
    const others: string[] = [];
    const spy = vi.spyOn(health, 'backUp').mockImplementation(async (...args) => {
      const made = await backUp(...args);
      others.push((await faultOf(() => all.page.call('updates.download', {}))).code);
      writeFileSync(installer?.path ?? '', Buffer.alloc(INSTALLER.length, 'x'));
      return made;
    });
    const fault = await faultOf(() => all.page.call('updates.install', {}));
    expect([fault.code, ...others]).toEqual(['update-invalid', 'data-busy']);
    expect(all.opened).toEqual([]);
    expect(trail(all.setup)).not.toContain('update.install');
    // The next download is whole, and is installed.
    spy.mockRestore();
    await all.page.call('updates.download', {});
    await until(() => all.states.at(-1)?.ready ?? undefined, 'the installer');
    await all.page.call('updates.install', {});
    expect(all.opened).toEqual([installer?.path]);
  });

  test('of a folder in which a pipe has the name of the description are refused, and the next check answers', async () => {
    const all = await open();
    const description = join(feed, process.arch === 'arm64' ? 'latest-linux-arm64.yml' : 'latest-linux.yml');
    execFileSync('mkfifo', [description]);
    await all.page.call('updates.setSource', { source: feed });
    expect((await faultOf(() => all.page.call('updates.check', {}))).code).toBe('update-unreachable');
    rmSync(description);
    await offer();
    expect((await all.page.call('updates.check', {})).offer?.version).toBe('1.5.0');
  });

  test('are downloaded with their progress, and a cancelled download leaves nothing', async () => {
    await offer();
    const server = await serve();
    server.hold = true;
    const all = await open();
    await all.page.call('updates.setSource', { source: server.url });
    await all.page.call('updates.check', {});
    await all.page.call('updates.download', {});
    await until(
      () => all.states.some(({ download }) => (download?.bytes ?? 0) >= 500_000),
      'a part of the installer',
    );
    expect((await faultOf(() => all.page.call('updates.download', {}))).code).toBe('data-busy');
    await all.page.call('updates.cancel', {});
    await until(() => all.states.at(-1)?.download === null, 'the end of the download');
    expect(all.states.at(-1)).toMatchObject({ fault: null, ready: null });
    expect(readdirSync(join(all.setup.dataDir, 'updates'))).toEqual([]);
    server.hold = false;
    await all.page.call('updates.download', {});
    await ready(all);
  });

  test('of a server that breaks off in the middle are not kept', async () => {
    await offer();
    const server = await serve();
    server.hold = true;
    const all = await open();
    await all.page.call('updates.setSource', { source: server.url });
    await all.page.call('updates.check', {});
    await all.page.call('updates.download', {});
    (await until(() => server.held[0], 'the request')).destroy();
    expect((await failed(all)).fault?.code).toBe('update-unreachable');
    expect(readdirSync(join(all.setup.dataDir, 'updates'))).toEqual([]);
  });

  test('without sizes are bounded all the same, and descriptions that are none are refused', async () => {
    await offer({ withSizes: false });
    const all = await open();
    await all.page.call('updates.setSource', { source: feed });
    expect((await all.page.call('updates.check', {})).offer?.sizeBytes).toBeNull();
    await all.page.call('updates.download', {});
    await ready(all);
    const description = join(feed, process.arch === 'arm64' ? 'latest-linux-arm64.yml' : 'latest-linux.yml');
    const good = readFileSync(description, 'utf8');
    for (const bad of [
      '<html>not found</html>',
      '',
      good.replaceAll(name, '../../../etc/passwd'),
      good.replace(/version: .*/, 'version: newest'),
      good.replaceAll(/sha512: .*/g, 'sha512: AAAA'),
      `${good}\n# ${'x'.repeat(300_000)}`,
    ]) {
      writeFileSync(description, bad);
      expect((await faultOf(() => all.page.call('updates.check', {}))).code, bad.slice(0, 80)).toBe(
        'update-invalid',
      );
    }
  });

  test("come from an encrypted address or a whole path only, and are an engineer's", async () => {
    const { page, setup } = await open();
    for (const source of ['http://updates.example/', 'ftp://x/', 'updates', 'https://li:secret@x/'])
      expect((await faultOf(() => page.call('updates.setSource', { source }))).code, source).toBe(
        'bad-input',
      );
    expect((await page.call('updates.setSource', { source: 'https://updates.example/gongwei' })).source).toBe(
      'https://updates.example/gongwei/',
    );
    for (const role of ['operator', 'support'] as const) {
      const other = clientOf(setup, role);
      for (const call of ['updates.check', 'updates.download', 'updates.install', 'updates.cancel'] as const)
        expect((await faultOf(() => other.call(call, {}))).code).toBe('forbidden');
    }
    await page.call('updates.setSource', { source: join(dir, 'nothing') });
    expect((await faultOf(() => page.call('updates.check', {}))).code).toBe('update-unreachable');
  });

  test('wait until no unit is tested', async () => {
    await offer();
    const all = await open({ units: simulated(1) });
    await all.page.call('updates.setSource', { source: feed });
    await all.page.call('updates.check', {});
    await all.page.call('updates.download', {});
    await ready(all);
    const inUse = all.setup.station.slots.acquire(1);
    expect((await faultOf(() => all.page.call('updates.install', {}))).code).toBe('slot-busy');
    expect(trail(all.setup)).not.toContain('update.install');
    inUse[Symbol.dispose]();
    expect(await all.page.call('updates.install', {})).toMatchObject({ isOpened: false });
  });
});
