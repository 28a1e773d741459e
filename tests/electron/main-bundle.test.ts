import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { PAGE_POLICY } from '#shared/contract/page-policy.ts';
import { ensureBundle } from '../../scripts/lib/bundles.ts';
import { playScene, ROOT } from './play-scene.ts';

interface Posted {
  channel?: string;
  message: unknown;
  ports: unknown[];
}

beforeAll(async () => {
  await ensureBundle('pages');
  await ensureBundle('electron');
});

describe.concurrent('the built main bundle', () => {
  test('knows nothing of the station: neither its code nor its drivers', () => {
    const source = readFileSync(join(ROOT, 'out/electron/main/index.js'), 'utf8');
    expect(source).not.toMatch(/better-sqlite3|serialport|createStation|openStationDatabase/);
  });

  test('sandboxes, registers its scheme and takes the lock before the first window; the page has no Node', async ({
    expect,
  }) => {
    const seen = await playScene<{
      order: string[];
      schemes: unknown[];
      options: { show: boolean; webPreferences: Record<string, unknown> };
      loaded: string[];
      shownWhenReady: boolean;
      userData: string;
      core: {
        entry: string;
        ioUring: string;
        threads: string;
        node: string;
        runtime: string[];
        said: Posted[];
      };
    }>('launch', {
      args: ['--lang=en', '--disable-gpu'],
      env: { NODE_OPTIONS: '--no-warnings', NODE_EXTRA_CA_CERTS: '/tmp/none.pem' },
    });
    expect(seen.core.runtime).toEqual([]);
    expect(seen.order).toEqual([
      'id io.gongwei.station',
      'lock',
      'sandbox',
      'schemes',
      'power prevent-display-sleep',
      'menu null',
      'fork',
      'window',
    ]);
    expect(seen.schemes).toMatchObject([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
    expect(seen.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      devTools: false,
    });
    expect(seen.options.webPreferences['preload']).toBe(join(ROOT, 'out/electron/preload/index.cjs'));
    expect(seen.loaded).toEqual(['app://gongwei/']);
    expect(seen.shownWhenReady).toBe(true);
    expect(seen.userData).toBe(join(seen.dataDir, 'window'));
    expect(seen.core.entry).toBe(join(ROOT, 'out/electron/core/index.js'));
    expect(seen.core).toMatchObject({ ioUring: '0', threads: '64' });
    expect(seen.core.node).toBe(
      join('/opt/gongwei/resources/node', process.platform === 'win32' ? 'node.exe' : 'node'),
    );
    expect(seen.core.said.map(({ message }) => message)).toEqual([
      {
        t: 'start',
        dataDir: seen.dataDir,
        slots: ['/dev/ttyA', '/dev/ttyB'],
        board: '/dev/ttyR',
        sampleLine: false,
        appVersion: '9.9.9',
        keychain: true,
      },
    ]);
  });

  test.each<[string, { args?: string[]; env?: NodeJS.ProcessEnv }, string]>([
    ['a switch', { args: ['--remote-debugging-port=9222'] }, '"--remote-debugging-port"'],
    ['a switch with one dash', { args: ['-renderer-cmd-prefix=/tmp/x'] }, '"-renderer-cmd-prefix"'],
    ['what stands behind --', { args: ['--', '--data=/tmp'] }, '"--"'],
    ['a variable', { env: { ELECTRON_ENABLE_LOGGING: 'file' } }, 'ELECTRON_ENABLE_LOGGING'],
  ])('ends before anything begins when started with %s, and says why in one line', async (_, how, named) => {
    const seen = await playScene<{ said: string[] }>('foreign', how);
    expect(seen).toMatchObject({ order: ['exit 2'], started: 0 });
    expect(seen.said).toEqual([expect.stringContaining(named)]);
    expect(seen.said[0]).not.toMatch(/\n|9222|tmp/);
  });

  test('lets no page navigate, open, embed, or use a permission, a device or the network', async ({
    expect,
  }) => {
    const { dataDir: _, ...seen } = await playScene<object>('guards');
    expect(seen).toEqual({
      prevented: {
        'will-navigate': true,
        'will-frame-navigate': true,
        'will-redirect': true,
        'will-attach-webview': true,
      },
      opened: ['deny', 'deny'],
      granted: [],
      // A prompt may ask for a photo.
      camera: { camera: true, microphone: false, elsewhere: false },
      checked: false,
      device: false,
      chosen: [''],
      spellChecker: false,
      cancelled: {
        'app://gongwei/': false,
        'app://gongwei/assets/a.js': false,
        'data:image/png;base64,AA': false,
        'app://evil/': true,
        'http://127.0.0.1/': true,
        'https://evil.example/': true,
        'ws://127.0.0.1/': true,
        'file:///etc/passwd': true,
        'app:gongwei': true,
      },
    });
  });

  test('serves the built pages with the policy, and no other file', async () => {
    const seen = await playScene<{
      home: { status: number; headers: Record<string, string>; body: string };
      refused: { url: string; status: number; body: string; headers: Record<string, string> }[];
      post: { status: number };
    }>('pages');
    expect(seen.home.status).toBe(200);
    expect(seen.home.body.toLowerCase()).toContain('<!doctype html>');
    expect(seen.home.headers).toMatchObject({
      'content-security-policy': PAGE_POLICY,
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    expect(seen.refused.map(({ url, status, body }) => ({ url, status, body }))).toEqual(
      seen.refused.map(({ url }) => ({ url, status: 404, body: '' })),
    );
    expect(seen.post.status).toBe(404);
  });

  test('lends ports to its own page alone, and new ones when the core has died and come back', async ({
    expect,
  }) => {
    const seen = await playScene<{
      beforeReady: number;
      first: { page: Posted[]; core: Posted[] };
      afterStrangers: { page: number; stranger: number };
      whileDead: number;
      waitedMs: number;
      told: { title: string }[];
      second: { started: unknown; page: Posted[]; core: Posted[] };
    }>('ports');
    expect(seen.beforeReady).toBe(0);
    expect(seen.first).toEqual({
      page: [{ channel: 'gongwei:port', message: null, ports: ['page end 1'] }],
      core: [{ message: { t: 'page', window: 1 }, ports: ['core end 1'] }],
    });
    expect(seen.afterStrangers).toEqual({ page: 1, stranger: 0 });
    expect(seen.whileDead).toBe(1);
    expect(seen.waitedMs).toBeGreaterThan(400);
    expect(seen.told).toMatchObject([{ title: '工位程序已重新启动' }]);
    expect(seen.second.started).toMatchObject({ t: 'start' });
    expect(seen.second.page).toMatchObject([{ ports: ['page end 2'] }]);
    expect(seen.second.core).toMatchObject([{ message: { t: 'page', window: 1 }, ports: ['core end 2'] }]);
  });

  test('lends a port for each file, asks the core for what is saved, and answers 404 when there is none to ask', async ({
    expect,
  }) => {
    const seen = await playScene<{
      beforeReady: unknown;
      brought: unknown;
      question: unknown;
      saved: { status: number; bytes: number };
      orphan: unknown;
    }>('files');
    const nothing = { status: 404, body: '' };
    expect(seen.beforeReady).toEqual({
      page: [{ channel: 'gongwei:file-port', message: null, ports: [] }],
      get: nothing,
    });
    expect(seen.brought).toEqual({
      page: [{ channel: 'gongwei:file-port', message: null, ports: ['page end 1'] }],
      core: [{ message: { t: 'upload', window: 1 }, ports: ['core end 1'] }],
    });
    expect(seen.question).toMatchObject({ t: 'file', window: 1, fileId: 'abc' });
    expect(seen.saved.status).toBe(200);
    expect(seen.saved.bytes).toBeGreaterThan(1000);
    expect(seen.orphan).toEqual(nothing);
  });

  test('asks a person when the core ends again and again', async ({ expect }) => {
    const seen = await playScene<{ asked: object[]; forks: number }>('deaths');
    expect(seen.forks).toBe(6);
    expect(seen.asked).toMatchObject([{ message: '工位程序反复退出，请联系工程师。' }]);
  });

  test('asks a person when the station cannot open, tries again when told, quits when told', async ({
    expect,
  }) => {
    const seen = await playScene<{ asked: object[]; told: object[]; forks: number; order: string[] }>(
      'failure',
    );
    expect(seen.asked).toHaveLength(2);
    expect(seen.asked[0]).toMatchObject({
      message: '数据库已损坏，请用备份恢复。',
      detail: 'the ledger is damaged\nRestore it.',
    });
    expect(seen.forks).toBe(2);
    expect(seen.told).toEqual([]);
    expect(seen.order.slice(-2)).toEqual(['quit', 'gone']);
  });

  test('wraps keys with the keychain of the system, and says when it does not open them', async ({
    expect,
  }) => {
    const seen = await playScene<object>('keychain');
    expect(seen).toMatchObject({ inClear: false, unwrapped: true, foreign: null });
  });

  test('opens installers of the data directory only, and says what was not opened', async ({ expect }) => {
    const seen = await playScene<object>('installer');
    expect(seen).toMatchObject({
      answers: [
        { t: 'installer', id: 1, isOpened: true },
        { t: 'installer', id: 2, isOpened: false },
        { t: 'installer', id: 3, isOpened: false },
        { t: 'installer', id: 4, isOpened: false },
      ],
      opened: ['/updates/setup.exe', '/updates/broken.exe'],
    });
  });

  test.runIf(process.platform === 'linux')(
    'does not take Chromium’s fixed password for a keychain',
    async () => {
      expect(await playScene<object>('weakKeychain')).toMatchObject({ t: 'start', keychain: false });
    },
  );

  test('started twice on one data directory shows the first window and ends', async () => {
    expect(await playScene<object>('secondInstance')).toMatchObject({
      windows: 0,
      order: ['id io.gongwei.station', 'lock', 'quit', 'gone'],
    });
    const first = await playScene<{ windows: number; order: string[] }>('again');
    expect(first).toMatchObject({ windows: 1 });
    expect(first.order.at(-1)).toBe('focus');
  });

  test('quits only when the core has closed its ledger', async () => {
    const seen = await playScene<{
      asked: { order: string[]; said: unknown };
      order: string[];
      forks: number;
    }>('quit');
    expect(seen.asked.said).toEqual({ t: 'stop' });
    expect(seen.asked.order).not.toContain('gone');
    expect(seen.order.at(-1)).toBe('gone');
    expect(seen.forks).toBe(1);
  });

  test('asks before a closed window stops units under way, and only then', async () => {
    const seen = await playScene<{ seen: object[]; detail: string }>('closing');
    expect(seen.seen).toEqual([
      { asked: 1, closed: false },
      { asked: 2, closed: true },
    ]);
    expect(seen.detail).toBe('3 个产品正在测试。关闭后测试会停止，并记为中止。');
    for (const scene of ['closingIdle', 'closingByQuit'])
      expect(await playScene<object>(scene)).toMatchObject({ asked: 0, order: ['closed'] });
  });

  test('ends a core that says what is no message, and goes on itself; SIGUSR1 opens no inspector', async () => {
    const seen = await playScene<{ threw: string[]; ended: number; said: number; heedsUsr1: boolean }>(
      'garbled',
    );
    expect(seen.threw).toEqual([]);
    expect(seen.ended).toBe(seen.said);
    expect(seen.heedsUsr1).toBe(true);
  });

  test('loads the page again when its process has crashed', async () => {
    const seen = await playScene<Record<string, string>>('crashedPage');
    expect(seen).toMatchObject({ 0: 'app://gongwei/', 1: 'app://gongwei/' });
  });

  test('replaces a core whose words it does not know', async () => {
    expect(await playScene<object>('malformed')).toMatchObject({ said: 1, started: { t: 'start' } });
  });
});
