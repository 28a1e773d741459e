import { connect, type Socket } from 'node:net';
import { raceAbort, withDeadline } from '#node-kit/async/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { DevicePort, DevicePorts } from '../../../core/platform/index.ts';
import { PortEvents } from '../port-events.ts';
import { ReadThrottle } from './read-throttle.ts';

const CONNECT_TIMEOUT_MS = 5000;
/** Bytes that are buffered while there is no listener; the sender keeps the rest. */
const MAX_BUFFERED_BYTES = 256 * 1024;

export function isTcpPath(path: string): boolean {
  return path.startsWith('tcp://');
}

/** Ports at `tcp://host:port`; serial settings are ignored. */
export function createTcpPorts(): DevicePorts {
  return {
    open: (path, _settings, signal) => openTcpPort(path, parseTcpPath(path), signal),
  };
}

/** Connects to an address; `path` names the port for people. Faults: `port-missing`, the signal's reason. */
export async function openTcpPort(
  path: string,
  { hostname, port }: { readonly hostname: string; readonly port: number },
  signal: AbortSignal,
): Promise<DevicePort> {
  throwIfAborted(signal);
  const socket = connect({ host: hostname, port, noDelay: true, keepAlive: true });
  const connected = new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', (error) => reject(unreachable(path, error)));
  });
  try {
    await withDeadline(connected, {
      timeoutMs: CONNECT_TIMEOUT_MS,
      signal,
      onTimeout: () => {
        throw unreachable(path, new Error('it does not answer'));
      },
    });
  } catch (error) {
    socket.destroy();
    throwIfAborted(signal);
    throw error;
  }
  socket.removeAllListeners('error');
  return new TcpPort(path, socket);
}

/** A connected socket as a port. */
class TcpPort implements DevicePort {
  readonly path: string;
  readonly #socket: Socket;
  readonly #throttle: ReadThrottle;
  readonly #events = new PortEvents(2 * MAX_BUFFERED_BYTES);
  #isClosing = false;

  constructor(path: string, socket: Socket) {
    this.path = path;
    this.#socket = socket;
    this.#throttle = new ReadThrottle(socket);
    socket.on('data', (bytes: Buffer) => {
      this.#throttle.addBytes(bytes.length);
      this.#events.receive(bytes);
      if (this.#events.bufferedBytes >= MAX_BUFFERED_BYTES) this.#throttle.pause();
    });
    socket.on('error', (error) => this.#lose(error));
    socket.on('close', () => this.#lose(null));
  }

  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    if (this.#events.lost !== null) throw this.#events.lost;
    const written = new Promise<void>((resolve, reject) => {
      this.#socket.write(bytes, (error) => {
        if (error === undefined || error === null) return resolve();
        this.#lose(error);
        reject(this.#events.lost ?? error);
      });
    });
    await raceAbort(written, signal);
  }

  onData(listener: ((bytes: Uint8Array) => void) | null): void {
    this.#events.onData(listener);
    if (listener !== null) this.#throttle.resume();
  }

  unread(bytes: Uint8Array): void {
    this.#events.unread(bytes);
  }

  onLost(listener: (fault: Fault) => void): void {
    this.#events.onLost(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    this.#throttle[Symbol.dispose]();
    if (this.#socket.destroyed) return;
    await new Promise<void>((resolve) => {
      this.#socket.once('close', () => resolve());
      this.#socket.destroy();
    });
  }

  #lose(cause: unknown): void {
    if (this.#isClosing || this.#events.lost !== null) return;
    this.#throttle[Symbol.dispose]();
    this.#socket.destroy();
    this.#events.lose(
      new Fault('port-lost', `${this.path} ended the connection while in use`, {
        hint: 'Check the network and the unit, then start it again.',
        details: { port: this.path },
        cause,
      }),
    );
  }
}

/** Reads `tcp://host:port`. Faults: `bad-input`. */
export function parseTcpPath(path: string): { readonly hostname: string; readonly port: number } {
  const url = URL.canParse(path) ? new URL(path) : null;
  const port = Number(url?.port ?? '');
  if (url !== null && url.hostname !== '' && port > 0)
    return { hostname: url.hostname.replace(/^\[|\]$/g, ''), port };
  throw new Fault('bad-input', `${path} is not a TCP address`, {
    hint: 'Write it as tcp://host:port.',
  });
}

function unreachable(path: string, cause: Error): Fault {
  return new Fault('port-missing', `${path} cannot be reached: ${cause.message}`, {
    hint: 'Check that the unit has power and is on this network.',
    details: { port: path },
    cause,
  });
}
