import { statSync } from 'node:fs';
import type { SerialPort } from 'serialport';
import { raceAbort, withDeadline } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { DevicePort } from '../../../core/platform/index.ts';
import { PortEvents } from '../port-events.ts';
import { portBusy, type PortHolders } from './port-holders.ts';

/** Interval of the check whether a port still exists: its bindings report a pulled cable only at the next write. */
const PRESENCE_INTERVAL_MS = 250;

/** A list of open files takes some 20 ms of a processor; ports that are opened within this time share one. */
const OPENING_MAX_AGE_MS = 5000;
/** A privileged program may open a locked port, so it is checked again at this interval; ports share lists of this age. */
const HOLDERS_INTERVAL_MS = 2500;
const HOLDERS_MAX_AGE_MS = 2000;

/** Bytes that are buffered while there is no listener; the last of them are kept. */
const MAX_BUFFERED_BYTES = 256 * 1024;

/** A driver that hangs must not keep the station from closing, or a send from ending. */
const CLOSE_TIMEOUT_MS = 5000;
const FLUSH_TIMEOUT_MS = 1000;

/** An open serial port. It watches for a pulled cable, and for other programs that read the same port. */
export class OpenSerialPort implements DevicePort {
  readonly path: string;
  readonly #port: SerialPort;
  readonly #events = new PortEvents(MAX_BUFFERED_BYTES);
  readonly #timers: ReturnType<typeof setInterval>[];
  readonly #lost = new AbortController();
  #isClosing = false;
  #writes = 0;
  /** Initially as the bindings set them when they open a port. */
  #lines: { readonly dtr?: boolean; readonly rts?: boolean; readonly brk?: boolean } = {
    dtr: true,
    rts: true,
  };

  constructor(port: SerialPort, holders: PortHolders) {
    this.path = port.path;
    this.#port = port;
    port.on('data', (bytes: Buffer) => this.#events.receive(bytes));
    port.on('error', (error) => this.#lose(error));
    port.on('close', (error: unknown) => this.#lose(error));
    // Not every program locks its port, and two programs that read one port get half of the bytes each.
    const checkOtherHolders = (maxAgeMs: number): void =>
      void holders.of(port.path, maxAgeMs).then((found) => {
        if (found.length > 0) this.#lose(portBusy(port.path, found));
      });
    const opened = deviceNodeAt(port.path);
    const checkPresence = (): void => {
      const now = deviceNodeAt(port.path);
      if (port.path.startsWith('/') && (now === null || now !== opened)) this.#lose(null);
    };
    this.#timers = [
      setInterval(checkPresence, PRESENCE_INTERVAL_MS),
      setInterval(checkOtherHolders, HOLDERS_INTERVAL_MS, HOLDERS_MAX_AGE_MS),
    ];
    checkOtherHolders(OPENING_MAX_AGE_MS);
  }

  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    this.#requireOpen();
    const written = new Promise<void>((resolve, reject) => {
      const done = (error: Error | null | undefined): void => {
        if (error === null || error === undefined) return resolve();
        this.#lose(error);
        reject(this.#events.lost ?? error);
      };
      this.#port.write(bytes, (error) => (error ? done(error) : this.#port.drain(done)));
    });
    this.#writes += 1;
    const ended = written.finally(() => (this.#writes -= 1));
    // The bindings may hold back the end of a write of a port that is lost (`drain` waits for a thread).
    const until = AbortSignal.any([signal, this.#lost.signal]);
    await raceAbort(ended, until, () => this.#discardOutput());
  }

  onData(listener: ((bytes: Uint8Array) => void) | null): void {
    this.#events.onData(listener);
  }

  unread(bytes: Uint8Array): void {
    this.#events.unread(bytes);
  }

  onLost(listener: (fault: Fault) => void): void {
    this.#events.onLost(listener);
  }

  async setControlLines(changed: Parameters<NonNullable<DevicePort['setControlLines']>>[0]): Promise<void> {
    this.#requireOpen();
    // The bindings reset the lines that are left out.
    this.#lines = { ...this.#lines, ...changed };
    await new Promise<void>((resolve, reject) => {
      this.#port.set(this.#lines, (error) =>
        error === null || error === undefined ? resolve() : reject(noLines(this.path, error)),
      );
    });
  }

  async setBaudRate(baudRate: number): Promise<void> {
    this.#requireOpen();
    await new Promise<void>((resolve, reject) => {
      this.#port.update({ baudRate }, (error) =>
        error === null || error === undefined ? resolve() : reject(noSpeed(this.path, baudRate, error)),
      );
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    this.#clearTimers();
    if (!this.#port.isOpen) return;
    const closed = async (): Promise<void> => {
      if (this.#writes > 0) await this.#discardOutput();
      await new Promise<void>((resolve) => this.#port.close(() => resolve()));
    };
    await withDeadline(closed, { timeoutMs: CLOSE_TIMEOUT_MS, onTimeout: () => undefined });
  }

  #requireOpen(): void {
    if (this.#events.lost !== null) throw this.#events.lost;
  }

  #lose(cause: unknown): void {
    if (this.#isClosing || this.#events.lost !== null) return;
    this.#clearTimers();
    if (this.#port.isOpen) this.#port.close(() => undefined);
    const fault = cause instanceof Fault ? cause : portLost(this.path, cause);
    this.#events.lose(fault);
    this.#lost.abort(fault);
  }

  /** Drops bytes that the unit does not take (flow control), which delay the close of a port for half a minute. */
  #discardOutput(): Promise<void> {
    const flushed = new Promise<void>((resolve) => this.#port.flush(() => resolve()));
    return withDeadline(flushed, { timeoutMs: FLUSH_TIMEOUT_MS, onTimeout: () => undefined });
  }

  #clearTimers(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }
}

/**
 * Identifies the device node at the path of a port: an adapter that is unplugged and plugged in again, or another one,
 * has the same path and another node. Null where there is none, and on Windows (COM3), where the bindings report it.
 */
function deviceNodeAt(path: string): string | null {
  if (!path.startsWith('/')) return null;
  try {
    const { ino, rdev, birthtimeNs, ctimeNs } = statSync(path, { bigint: true });
    // Pseudo-terminals have no time of creation; their permissions do not change while they are open.
    return `${ino} ${rdev} ${birthtimeNs === 0n ? ctimeNs : birthtimeNs}`;
  } catch {
    return null;
  }
}

function portLost(path: string, cause: unknown): Fault {
  return new Fault('port-lost', `${path} went away while in use`, {
    hint: 'Check the cable and the fixture, then start the unit again.',
    details: { port: path },
    cause,
  });
}

function noLines(path: string, cause: Error): Fault {
  return new Fault('not-configured', `${path} has no control lines: ${cause.message}`, {
    hint: 'Use an adapter with DTR and RTS, or remove these steps from the recipe.',
    details: { port: path },
    cause,
  });
}

function noSpeed(path: string, baudRate: number, cause: Error): Fault {
  return new Fault('not-configured', `${path} does not take ${baudRate} baud: ${cause.message}`, {
    hint: 'Set a speed in the recipe that the adapter has.',
    details: { port: path, baudRate },
    cause,
  });
}
