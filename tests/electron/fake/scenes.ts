import { once } from 'node:events';
import { connect, launch, type Load, nextFork, preventable, ready, settled } from './acts.ts';
import * as electron from './electron.ts';

export const SCENES: Readonly<Record<string, (load: Load) => Promise<unknown>>> = {
  async launch(load) {
    const { window, child } = await launch(load);
    const hidden = !window.shown;
    window.emit('ready-to-show');
    return {
      order: electron.order,
      schemes: electron.schemes,
      options: window.options,
      loaded: window.loaded,
      shownWhenReady: hidden && window.shown,
      userData: electron.app.paths['userData'],
      core: {
        entry: child.entry,
        ioUring: child.options.env?.['UV_USE_IO_URING'],
        threads: child.options.env?.['UV_THREADPOOL_SIZE'],
        node: child.options.env?.['GONGWEI_NODE'],
        runtime: Object.keys(child.options.env ?? {}).filter((name) =>
          /^(NODE|ELECTRON|OPENSSL)_/.test(name),
        ),
        said: child.posted,
      },
    };
  },

  async foreign(load) {
    await load();
    electron.app.ready.resolve();
    await settled();
    return {
      order: electron.order,
      said: electron.asked.map(({ message, detail }) => `${message}: ${detail}`),
      started: electron.BrowserWindow.all.length + electron.children.length,
    };
  },

  async guards(load) {
    const { window } = await launch(load);
    const contents = window.webContents;
    const prevented: Record<string, boolean> = {};
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
      const event = preventable({ url: 'https://evil.example/' });
      contents.emit(name, event);
      prevented[name] = event.prevented;
    }
    const other = new electron.FakeContents();
    electron.app.emit('web-contents-created', {}, other);
    const { set } = electron.session.defaultSession;
    const chosen: string[] = [];
    contents.emit('select-bluetooth-device', preventable({}), [{ deviceId: 'x' }], (id: string) =>
      chosen.push(id),
    );
    const permission = (name: string, details: object = {}): boolean => {
      let granted = true;
      const answer = ((yes: boolean) => void (granted = yes)) as never;
      set['permissionRequest']?.(contents as never, name as never, answer, {
        requestingUrl: 'app://gongwei/',
        ...details,
      } as never);
      return granted;
    };
    const cancelled = (url: string): boolean => {
      let cancel = false;
      const answer = ((decision: { cancel: boolean }) => void (cancel = decision.cancel)) as never;
      set['beforeRequest']?.({ url } as never, answer);
      return cancel;
    };
    return {
      prevented,
      opened: [contents, other].map((it) => it.openHandler?.({ url: 'https://evil.example/' }).action),
      granted: ['media', 'serial', 'usb', 'notifications', 'openExternal', 'clipboard-read'].filter((name) =>
        permission(name),
      ),
      camera: {
        camera: permission('media', { mediaTypes: ['video'] }),
        microphone: permission('media', { mediaTypes: ['video', 'audio'] }),
        elsewhere: permission('media', { mediaTypes: ['video'], requestingUrl: 'https://evil.example/' }),
      },
      checked: set['permissionCheck']?.(
        contents as never,
        'media' as never,
        'https://evil.example/' as never,
        { mediaType: 'video' } as never,
      ),
      device: set['devicePermission']?.(),
      chosen,
      spellChecker: electron.session.defaultSession.spellChecker,
      cancelled: Object.fromEntries(
        [
          'app://gongwei/',
          'app://gongwei/assets/a.js',
          'data:image/png;base64,AA',
          'app://evil/',
          'http://127.0.0.1/',
          'https://evil.example/',
          'ws://127.0.0.1/',
          'file:///etc/passwd',
          'app:gongwei',
        ].map((url) => [url, cancelled(url)]),
      ),
    };
  },

  async pages(load) {
    await launch(load);
    const get = async (url: string, method = 'GET') => {
      const response = await electron.handlers['app']!(new Request(url, { method }));
      const body = await response.text();
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: body.slice(0, 200),
      };
    };
    const home = await get('app://gongwei/');
    const refused = [
      'app://gongwei/../electron/main/index.js',
      'app://gongwei/%2e%2e/electron/main/index.js',
      'app://gongwei/..%2felectron%2fmain%2findex.js',
      'app://gongwei/assets/..%2f..%2f..%2fpackage.json',
      'app://gongwei/..%5c..%5cpackage.json',
      'app://gongwei/%00',
      'app://gongwei/%zz',
      'app://gongwei/assets',
      'app://gongwei/nothing.js',
      'app://evil/index.html',
    ];
    return {
      home,
      refused: await Promise.all(refused.map(async (url) => ({ url, ...(await get(url)) }))),
      post: await get('app://gongwei/', 'POST'),
    };
  },

  async ports(load) {
    const { window, child } = await launch(load);
    const page = window.webContents;
    connect(page);
    const beforeReady = page.posted.length;
    ready(child);
    const first = { page: [...page.posted], core: child.posted.slice(1) };

    const stranger = new electron.FakeContents();
    stranger.mainFrame.url = 'app://gongwei/';
    connect(stranger);
    connect(page, { url: 'app://gongwei/' });
    connect(page, null);
    page.mainFrame.url = 'https://evil.example/';
    connect(page);
    page.mainFrame.url = 'app://gongwei/';
    const afterStrangers = { page: page.posted.length, stranger: stranger.posted.length };

    const forked = nextFork();
    const diedAt = performance.now();
    child.emit('error', 'FatalError', 'heap', '{}');
    child.emit('exit', 139);
    connect(page);
    const whileDead = page.posted.length;
    const second = await forked;
    const waitedMs = performance.now() - diedAt;
    ready(second);
    return {
      beforeReady,
      first,
      afterStrangers,
      whileDead,
      waitedMs,
      told: electron.told,
      second: {
        started: second.posted[0]?.message,
        page: page.posted.slice(1),
        core: second.posted.slice(1),
      },
    };
  },

  async files(load) {
    const { window, child } = await launch(load);
    const page = window.webContents;
    const bring = (senderFrame: { url: string } | null = page.mainFrame): void =>
      void electron.ipcMain.emit('gongwei:upload', { sender: page, senderFrame });
    const get = async (path: string) => {
      const response = await electron.handlers['app']!(new Request(`app://gongwei${path}`));
      return { status: response.status, body: await response.text() };
    };
    bring();
    const beforeReady = { page: [...page.posted], get: await get('/files/abc') };
    ready(child);
    bring();
    bring({ url: 'app://gongwei/' });
    bring(null);
    const brought = { page: page.posted.slice(1), core: child.posted.slice(1) };

    const asked = once(child, 'posted');
    const found = get('/files/abc');
    await asked;
    const question = child.posted.at(-1)?.message as { id: number };
    child.emit('message', {
      t: 'file',
      id: question.id,
      file: { path: import.meta.filename, name: '报告.csv', type: 'text/csv' },
    });
    const saved = await found;
    const again = once(child, 'posted');
    const orphan = get('/files/abd');
    await again;
    child.emit('exit', 139);
    return {
      beforeReady,
      brought,
      question,
      saved: { status: saved.status, bytes: saved.body.length },
      orphan: await orphan,
    };
  },

  async garbled(load) {
    const { child } = await launch(load);
    const threw: string[] = [];
    let ended = 0;
    child.on('exit', () => (ended += 1));
    const garbage = [
      null,
      undefined,
      7,
      'ready',
      [],
      {},
      { t: 'failed' },
      { t: 'ready' },
      { t: 'runs', count: -1 },
    ];
    for (const message of [...garbage, { t: 'keychain', id: 1, op: 'wrap', input: 'x' }])
      try {
        child.emit('message', message);
      } catch (error) {
        threw.push(String(error));
      }
    await settled();
    return { threw, ended, said: garbage.length + 1, heedsUsr1: process.listenerCount('SIGUSR1') > 0 };
  },

  async deaths(load) {
    electron.answers.push(1);
    const { child } = await launch(load);
    // Time does not pass here: every wait is over at once.
    globalThis.setTimeout = ((work: () => void) => setImmediate(work)) as never;
    let last = child;
    for (let deaths = 1; deaths < 6; deaths += 1) {
      const forked = nextFork();
      last.emit('exit', 139);
      last = await forked;
    }
    last.emit('exit', 139);
    while (!electron.order.includes('quit')) await settled();
    return { asked: electron.asked, forks: electron.children.length };
  },

  async failure(load) {
    electron.answers.push(0, 1);
    const { child } = await launch(load);
    const failed = {
      t: 'failed',
      code: 'database-corrupt',
      message: 'the ledger is damaged',
      hint: 'Restore it.',
    };
    const forked = nextFork();
    child.emit('message', failed);
    const second = await forked;
    second.emit('message', failed);
    while (!electron.order.includes('gone')) await settled();
    return {
      asked: electron.asked,
      told: electron.told,
      forks: electron.children.length,
      order: electron.order,
    };
  },

  async keychain(load) {
    const { child } = await launch(load);
    const ask = async (op: string, input: Uint8Array) => {
      const answered = once(child, 'posted');
      child.emit('message', { t: 'keychain', id: 1, op, input });
      await answered;
      return (child.posted.at(-1)?.message as { output: Uint8Array | null }).output;
    };
    const key = Uint8Array.from({ length: 32 }, (_, index) => index * 7);
    const wrapped = await ask('wrap', key);
    return {
      inClear: wrapped !== null && Buffer.from(wrapped).includes(Buffer.from(key)),
      unwrapped:
        wrapped === null ? null : Buffer.from((await ask('unwrap', wrapped)) ?? []).equals(Buffer.from(key)),
      foreign: await ask('unwrap', Uint8Array.of(0, 255, 10)),
    };
  },

  async installer(load) {
    const { child } = await launch(load);
    const { dataDir } = child.posted[0]?.message as { dataDir: string };
    const answers: unknown[] = [];
    const paths = ['updates/setup.exe', 'setup.exe', 'updates/../setup.exe', 'updates/broken.exe'];
    // The program would end after the first one.
    globalThis.setTimeout = (() => undefined) as never;
    for (const [id, path] of paths.entries()) {
      const answered = once(child, 'posted');
      child.emit('message', { t: 'installer', id: id + 1, path: `${dataDir}/${path}` });
      await answered;
      answers.push(child.posted.at(-1)?.message);
    }
    return { answers, opened: electron.openedPaths.map((path) => path.slice(dataDir.length)) };
  },

  async weakKeychain(load) {
    electron.keychain.backend = 'basic_text';
    const { child } = await launch(load);
    return child.posted[0]?.message;
  },

  async secondInstance(load) {
    electron.app.locked = false;
    await load();
    electron.app.ready.resolve();
    await settled();
    return { order: electron.order, windows: electron.BrowserWindow.all.length };
  },

  async again(load) {
    await launch(load);
    electron.app.emit('second-instance', {}, ['gongwei']);
    return { order: electron.order, windows: electron.BrowserWindow.all.length };
  },

  async quit(load) {
    const { child } = await launch(load);
    ready(child);
    electron.app.emit('window-all-closed');
    await settled();
    const asked = { order: [...electron.order], said: child.posted.at(-1)?.message };
    child.emit('exit', 0);
    await settled();
    return { asked, order: electron.order, forks: electron.children.length };
  },

  async closing(load) {
    const { window, child } = await launch(load);
    ready(child);
    const closed = (): boolean => electron.order.includes('closed');
    const seen: { asked: number; closed: boolean }[] = [];
    const close = async (answer: number | null): Promise<void> => {
      if (answer !== null) electron.answers.push(answer);
      window.close();
      await settled();
      seen.push({ asked: electron.asked.length, closed: closed() });
    };
    child.emit('message', { t: 'runs', count: 3 });
    await close(0);
    await close(1);
    electron.order.length = 0;
    return { seen, detail: electron.asked[0]?.detail };
  },

  async closingIdle(load) {
    const { window, child } = await launch(load);
    ready(child);
    child.emit('message', { t: 'runs', count: 2 });
    child.emit('message', { t: 'runs', count: 0 });
    window.close();
    return { asked: electron.asked.length, order: electron.order.filter((one) => one === 'closed') };
  },

  async closingByQuit(load) {
    const { window, child } = await launch(load);
    ready(child);
    child.emit('message', { t: 'runs', count: 2 });
    electron.app.quit();
    window.close();
    return { asked: electron.asked.length, order: electron.order.filter((one) => one === 'closed') };
  },

  async crashedPage(load) {
    const { window } = await launch(load);
    window.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    while (window.loaded.length < 2) await settled();
    return window.loaded;
  },

  async malformed(load) {
    const { child } = await launch(load);
    const forked = nextFork();
    child.emit('message', { t: 'keychain', id: 1, op: 'steal', input: [] });
    const second = await forked;
    return { said: child.posted.length, started: second.posted[0]?.message };
  },
};
