import { MessageChannelMain, type MessagePortMain, utilityProcess, type UtilityProcess } from 'electron';
import type { OutgoingFile } from '#shared/contract/station-files.ts';
import { type CoreMessage, coreMessage, type MainMessage, type StationNotice } from '../ipc/index.ts';
import { createFileRequests } from './file-requests.ts';
import { useKeychain } from './keychain.ts';

/** Waits between restarts. After a core has run for `STABLE_MS` the first wait is used again. */
const BACKOFF_MS = [500, 1000, 2000, 5000, 15_000] as const;
const STABLE_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;
/** After so many crashes in a row a person is asked before the core is started again. */
const MAX_CRASHES = 6;

/** The same variables as in `scripts/setup/run-in-place.mjs`. */
const NODE_VARIABLES = { UV_USE_IO_URING: '0', UV_THREADPOOL_SIZE: '64' };

export type CoreFailure = Extract<CoreMessage, { t: 'failed' }>;

export interface CoreOptions {
  /** The core's bundle. */
  readonly entry: string;
  /** Its environment. */
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly start: () => Promise<Extract<MainMessage, { t: 'start' }>>;
  readonly onNotice: (notice: StationNotice) => void;
  /** The language that the station's pages begin with; `null`: that of the operating system. */
  readonly onLanguage: (language: Extract<CoreMessage, { t: 'language' }>['language']) => void;
  /** Opens a verified installer; false when that is not possible. The program ends after it. */
  readonly openInstaller: (path: string) => Promise<boolean>;
  /** The core crashed and will be started again. */
  readonly onRestart: () => void;
  /** The station cannot open; there is no other attempt until `start` is called. */
  readonly onFailed: (failure: CoreFailure) => void;
}

/** The process of the station: started, supervised, restarted after a crash, stopped in order. */
export interface Core {
  start(): void;
  /** The page's end of a new channel to the station; `null` while there is no station. */
  openPort(window: number): MessagePortMain | null;
  /** The same for one upload of the page. */
  openUploadPort(window: number): MessagePortMain | null;
  /** A file that the station has made; `null` when there is none or the user at that window may not have it. */
  findFile(window: number, fileId: string): Promise<OutgoingFile | null>;
  /** The number of runs under way. */
  runs(): number;
  onReady(listener: () => void): void;
  /** Resolves when the process has ended. */
  stop(): Promise<void>;
}

export function createCore(options: CoreOptions): Core {
  const readyListeners = new Set<() => void>();
  let child: UtilityProcess | null = null;
  let ready = false;
  let runs = 0;
  let failure: CoreFailure | null = null;
  let stopping = false;
  let crashes = 0;
  let startedAtMs = 0;
  let restart: NodeJS.Timeout | null = null;
  const files = createFileRequests((message) => {
    if (child === null || !ready) return false;
    send(child, message);
    return true;
  });

  function start(): void {
    if (child !== null || stopping) return;
    failure = null;
    startedAtMs = performance.now();
    const process = utilityProcess.fork(options.entry, [], {
      serviceName: 'Gongwei station',
      env: { ...options.env, ...NODE_VARIABLES },
    });
    child = process;
    process.on('message', (data: unknown) => onMessage(process, data));
    // Without a listener this error of V8 would be thrown in main. `exit` is emitted next.
    process.on('error', () => undefined);
    process.once('exit', () => onExit(process));
    options.start().then(
      (message) => send(process, message),
      // Without `start` the core would wait for ever.
      () => process.kill(),
    );
  }

  function onMessage(from: UtilityProcess, data: unknown): void {
    const parsed = coreMessage.safeParse(data);
    if (!parsed.success) {
      // An unknown message means another build or a broken core: it is restarted.
      from.kill();
      return;
    }
    const message = parsed.data;
    switch (message.t) {
      case 'ready':
        ready = true;
        for (const listener of readyListeners) listener();
        return;
      case 'runs':
        runs = message.count;
        return;
      case 'failed':
        failure = message;
        from.kill();
        return;
      case 'file':
        files.answer(message.id, message.file);
        return;
      case 'notice':
        options.onNotice(message.notice);
        return;
      case 'installer':
        void options
          .openInstaller(message.path)
          .then((isOpened) => send(from, { t: 'installer', id: message.id, isOpened }));
        return;
      case 'language':
        options.onLanguage(message.language);
        return;
      case 'keychain':
        void useKeychain(message.op, message.input).then((output) =>
          send(from, { t: 'keychain', id: message.id, output }),
        );
        return;
    }
  }

  function onExit(which: UtilityProcess): void {
    if (which !== child) return;
    child = null;
    ready = false;
    runs = 0;
    files.cancelAll();
    if (stopping) return;
    if (failure !== null) {
      options.onFailed(failure);
      return;
    }
    crashes = performance.now() - startedAtMs >= STABLE_MS ? 1 : crashes + 1;
    if (crashes >= MAX_CRASHES) {
      crashes = 0;
      options.onFailed({
        t: 'failed',
        code: 'internal',
        message: `the station's process ended ${MAX_CRASHES} times in a row`,
        hint: 'Run: gongwei doctor',
      });
      return;
    }
    const waitMs = BACKOFF_MS[crashes - 1] ?? BACKOFF_MS[0];
    options.onRestart();
    restart = setTimeout(start, waitMs);
  }

  function openChannel(message: MainMessage): MessagePortMain | null {
    if (child === null || !ready) return null;
    const { port1, port2 } = new MessageChannelMain();
    child.postMessage(message, [port1]);
    return port2;
  }

  return {
    start,
    openPort: (window) => openChannel({ t: 'page', window }),
    openUploadPort: (window) => openChannel({ t: 'upload', window }),
    findFile: (window, fileId) => files.request(window, fileId),
    runs: () => runs,
    onReady: (listener) => void readyListeners.add(listener),
    stop() {
      stopping = true;
      if (restart !== null) clearTimeout(restart);
      const last = child;
      if (last === null) return Promise.resolve();
      return new Promise((resolve) => {
        // The core closes every run and the database; a driver that hangs must not keep the program open for ever.
        const timeout = setTimeout(() => last.kill(), STOP_TIMEOUT_MS);
        last.once('exit', () => {
          clearTimeout(timeout);
          resolve();
        });
        send(last, { t: 'stop' });
      });
    },
  };
}

function send(to: UtilityProcess, message: MainMessage): void {
  to.postMessage(message);
}
