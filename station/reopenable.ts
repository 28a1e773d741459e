import { Fault, type FaultView } from '#shared/domain/fault.ts';
import type { Actor, Role, Session, Transport } from '#shared/rpc/index.ts';
import type { StationConfig } from './config.ts';
import { type HeldLock, holdDataDir } from './core/database/index.ts';
import type { Platform } from './core/platform/index.ts';
import { readHardware, type Hardware } from './administration/settings/index.ts';
import type { PageService } from './page-service.ts';
import type { ReopenRequest } from './administration/reopening/index.ts';
import { createStation } from './station.ts';
import type { Station } from './station-api.ts';

/** What a host opens a station with. The stack closes what belongs to one opening, such as a Bluetooth adapter. */
export interface Opening {
  readonly platform: Platform;
  readonly config: StationConfig;
}

/**
 * A station that can be closed and opened again in the same process, for settings that hold from the next start and for
 * a restore (ADR 61). Its pages lose their connection meanwhile, reconnect by themselves, and keep their sessions.
 */
export interface ReopenableStation extends PageService {
  /** The station as it is open now. Faults: `station-closing` while it is being opened again. */
  readonly current: Station;
  /** Fires when the station could not be opened again; the reason is the fault. */
  readonly brokenSignal: AbortSignal;
  /** Calls `listener` with the open station, and with each one that replaces it. */
  onOpen(listener: (station: Station) => void): void;
  close(): Promise<void>;
}

/** The reply to the call that asked for the reopening is sent in this time. */
const REPLY_MS = 100;

/**
 * Opens a station that its pages may open again.
 *
 * @param dataDir its data directory, where the hardware is stored that an engineer chose
 * @param prepare called for each opening. Faults: those of `createStation` and of `prepare`
 */
export async function openReopenableStation(
  dataDir: string,
  prepare: (hardware: Hardware, stack: AsyncDisposableStack) => Promise<Opening>,
): Promise<ReopenableStation> {
  const host = new StationHost(dataDir, prepare);
  try {
    await host.open(null);
    return host;
  } catch (error) {
    await host.close();
    throw error;
  }
}

class StationHost implements ReopenableStation {
  readonly #dataDir: string;
  readonly #prepare: (hardware: Hardware, stack: AsyncDisposableStack) => Promise<Opening>;
  readonly #transports = new Set<Transport>();
  readonly #listeners = new Set<(station: Station) => void>();
  readonly #broken = new AbortController();
  #opened: {
    readonly station: Station;
    readonly platform: Platform;
    readonly stack: AsyncDisposableStack;
  } | null = null;
  /** From the first opening to the close, so that no other process takes the data directory while it is opened again. */
  #lock: HeldLock | null = null;
  #reopening: Promise<void> | null = null;
  #isClosed = false;

  constructor(
    dataDir: string,
    prepare: (hardware: Hardware, stack: AsyncDisposableStack) => Promise<Opening>,
  ) {
    this.#dataDir = dataDir;
    this.#prepare = prepare;
  }

  get current(): Station {
    if (this.#opened !== null) return this.#opened.station;
    throw new Fault('station-closing', 'the station is being opened again', {
      hint: 'Try again in a moment.',
    });
  }

  get brokenSignal(): AbortSignal {
    return this.#broken.signal;
  }

  onOpen(listener: (station: Station) => void): void {
    this.#listeners.add(listener);
    if (this.#opened !== null) listener(this.#opened.station);
  }

  serve(transport: Transport, session: Session): void {
    // The page tries again by itself.
    if (this.#opened === null) return transport.close();
    this.#transports.add(transport);
    const served: Transport = {
      send: (message) => transport.send(message),
      onMessage: (listener) => transport.onMessage(listener),
      onClose: (listener) =>
        transport.onClose(() => {
          this.#transports.delete(transport);
          listener();
        }),
      close: () => transport.close(),
    };
    this.#opened.station.serve(served, session);
  }

  file(fileId: string, by: Actor<Role>): ReturnType<PageService['file']> {
    return this.#opened?.station.file(fileId, by) ?? null;
  }

  receiveUpload(...args: Parameters<PageService['receiveUpload']>): ReturnType<PageService['receiveUpload']> {
    return this.current.receiveUpload(...args);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#reopening;
    try {
      await this.#closeStation();
    } finally {
      this.#releaseLock();
    }
  }

  /** Opens the station; `before` is what was done while it was closed. */
  async open(before: StationConfig['reopened'] | null): Promise<void> {
    await using stack = new AsyncDisposableStack();
    const { platform, config } = await this.#prepare(readHardware(this.#dataDir), stack);
    this.#lock ??= holdDataDir(this.#dataDir);
    const station = await createStation(platform, {
      ...config,
      lock: this.#lock,
      reopen: (request) => this.#reopen(request),
      ...(before === null ? {} : { reopened: before }),
    });
    stack.defer(() => station.close());
    this.#opened = { station, platform, stack: stack.move() };
    for (const listener of this.#listeners) listener(station);
  }

  /** Faults: `station-closing` while it is being opened again already. */
  #reopen(request: ReopenRequest): void {
    if (this.#reopening !== null || this.#isClosed)
      throw new Fault('station-closing', 'the station is being opened again already', {
        hint: 'Wait until the page has reconnected.',
      });
    this.#reopening = this.#work(request)
      .catch((error: unknown) => {
        this.#releaseLock();
        this.#broken.abort(error);
      })
      .finally(() => (this.#reopening = null));
  }

  async #work({ work, by }: ReopenRequest): Promise<void> {
    const platform = this.#opened?.platform;
    const lock = this.#lock;
    if (platform === undefined || lock === null) return;
    await platform.clock.sleep(REPLY_MS, new AbortController().signal);
    await this.#closeStation();
    const before: StationConfig['reopened'] = {
      atMs: platform.clock.nowMs(),
      by: by.user,
      ...(await resultOf(() => work(platform, lock))),
    };
    await this.open(before);
  }

  #releaseLock(): void {
    this.#lock?.[Symbol.dispose]();
    this.#lock = null;
  }

  async #closeStation(): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    for (const transport of [...this.#transports]) transport.close();
    this.#transports.clear();
    await opened?.stack.disposeAsync();
  }
}

/** The result of the work, or its fault: the station is opened again in both cases. Any other error is a defect and thrown. */
async function resultOf<T>(
  work: () => Promise<T>,
): Promise<{ readonly report: T | null; readonly fault: FaultView | null }> {
  try {
    return { report: await work(), fault: null };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { report: null, fault: error.toView() };
  }
}
