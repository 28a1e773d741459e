import { MessageChannelMain, type MessagePortMain, utilityProcess, type UtilityProcess } from 'electron';
import type { OutgoingFile } from '#shared/contract/station-files.ts';
import { type CoreMessage, coreMessage, type MainMessage } from '../link/index.ts';
import { createFileRequests } from './file-asks.ts';
import { useKeychain } from './keychain.ts';

/** Waits between attempts; a core that lived `STABLE_MS` begins again with the first. */
const BACKOFF_MS = [500, 1000, 2000, 5000, 15_000] as const;
const STABLE_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;
/** So many deaths in a row are no accident: a person is asked before it is started once more. */
const MAX_DEATHS = 6;

export type CoreFailure = Extract<CoreMessage, { t: 'failed' }>;

export interface CoreOptions {
  /** The core's bundle. */
  readonly entry: string;
  /** Its environment. */
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly start: () => Promise<Extract<MainMessage, { t: 'start' }>>;
  /** It died and is being started again. */
  readonly onRestart: () => void;
  /** The station cannot open; it is not tried again until `start` is called. */
  readonly onFailed: (failure: CoreFailure) => void;
}

/** The process with the station in it: started, watched, started again when it dies, stopped in order. */
export interface Core {
  start(): void;
  /** The page's end of a new channel to the station, or `null` while there is none. */
  openPort(window: number): MessagePortMain | null;
  /** The same for one file that the page brings. */
  openFilePort(window: number): MessagePortMain | null;
  /** A file that the station has made; `null` when who sits at that window may not have it, or there is none. */
  findFile(window: number, fileId: string): Promise<OutgoingFile | null>;
  /** How many units are being worked on. */
  runs(): number;
  onReady(listener: () => void): void;
  /** Resolves when the process is gone. */
  stop(): Promise<void>;
}

export function createCore(options: CoreOptions): Core {
  const readyListeners = new Set<() => void>();
  let child: UtilityProcess | null = null;
  let ready = false;
  let runs = 0;
  let failure: CoreFailure | null = null;
  let stopping = false;
  let deaths = 0;
  let startedAtMs = 0;
  let restart: NodeJS.Timeout | null = null;
  const files = createFileRequests((message) => {
    if (child === null || !ready) return false;
    say(child, message);
    return true;
  });

  function start(): void {
    if (child !== null || stopping) return;
    failure = null;
    startedAtMs = performance.now();
    const process = utilityProcess.fork(options.entry, [], {
      serviceName: 'Gongwei station',
      // node-serialport issue 2735: a port that was just closed cannot be locked again with io_uring.
      env: { ...options.env, UV_USE_IO_URING: '0' },
    });
    child = process;
    process.on('message', (data: unknown) => hear(process, data));
    // V8's last word; nobody listening would make it main's own. `exit` follows.
    process.on('error', () => undefined);
    process.once('exit', () => ended(process));
    options.start().then(
      (message) => say(process, message),
      // It waits for a word that will not come; without it, it is of no use.
      () => process.kill(),
    );
  }

  function hear(from: UtilityProcess, data: unknown): void {
    const parsed = coreMessage.safeParse(data);
    if (!parsed.success) {
      // A core that speaks another language is of another build, or broken: better a fresh one.
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
      case 'keychain':
        void useKeychain(message.op, message.input).then((output) =>
          say(from, { t: 'keychain', id: message.id, output }),
        );
        return;
    }
  }

  function ended(which: UtilityProcess): void {
    if (which !== child) return;
    child = null;
    ready = false;
    runs = 0;
    files.giveUp();
    if (stopping) return;
    if (failure !== null) {
      options.onFailed(failure);
      return;
    }
    deaths = performance.now() - startedAtMs >= STABLE_MS ? 1 : deaths + 1;
    if (deaths >= MAX_DEATHS) {
      deaths = 0;
      options.onFailed({
        t: 'failed',
        code: 'internal',
        message: `the station's process ended ${MAX_DEATHS} times in a row`,
        hint: 'Run: gongwei doctor',
      });
      return;
    }
    const waitMs = BACKOFF_MS[deaths - 1] ?? BACKOFF_MS[0];
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
    openFilePort: (window) => openChannel({ t: 'bring', window }),
    findFile: (window, fileId) => files.ask(window, fileId),
    runs: () => runs,
    onReady: (listener) => void readyListeners.add(listener),
    stop() {
      stopping = true;
      if (restart !== null) clearTimeout(restart);
      const last = child;
      if (last === null) return Promise.resolve();
      return new Promise((resolve) => {
        // It closes every run and the ledger; a driver that hangs must not keep the program open for ever.
        const impatient = setTimeout(() => last.kill(), STOP_TIMEOUT_MS);
        last.once('exit', () => {
          clearTimeout(impatient);
          resolve();
        });
        say(last, { t: 'stop' });
      });
    },
  };
}

function say(to: UtilityProcess, message: MainMessage): void {
  to.postMessage(message);
}
