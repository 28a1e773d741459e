import { createSocket, type Socket } from 'node:dgram';
import { raceAbort } from '#node-kit/async/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { DevicePort, DevicePorts } from '../../../core/platform/index.ts';
import { PortEvents } from '../port-events.ts';

/** Bytes that are buffered while there is no listener; what comes then is lost, as UDP may lose it. */
const MAX_BUFFERED_BYTES = 64 * 1024;

export function isUdpPath(path: string): boolean {
  return path.startsWith('udp://');
}

/** Ports at `udp://host:port`; serial settings are ignored. */
export function createUdpPorts(): DevicePorts {
  return { open: (path, _settings, signal) => openUdpPort(path, signal) };
}

/** Opens a port for datagrams to and from one address. Sends nothing. Faults: `bad-input`, `port-missing`, the signal's reason. */
async function openUdpPort(path: string, signal: AbortSignal): Promise<DevicePort> {
  throwIfAborted(signal);
  const { hostname, port } = parseUdpPath(path);
  const socket = createSocket(hostname.includes(':') ? 'udp6' : 'udp4');
  const connected = new Promise<void>((resolve, reject) => {
    socket.once('error', (error) => reject(unreachable(path, error)));
    socket.connect(port, hostname, () => resolve());
  });
  try {
    await raceAbort(connected, signal);
  } catch (error) {
    socket.close();
    throw error;
  }
  socket.removeAllListeners('error');
  return new UdpPort(path, socket);
}

/** Datagrams as a port. The loss of a datagram is no loss of the port. */
class UdpPort implements DevicePort {
  readonly path: string;
  readonly #socket: Socket;
  readonly #events = new PortEvents(MAX_BUFFERED_BYTES);

  constructor(path: string, socket: Socket) {
    this.path = path;
    this.#socket = socket;
    socket.on('message', (bytes) => this.#events.receive(bytes));
    // A refused datagram is reported at the next one: the peer may not be there yet.
    socket.on('error', () => undefined);
  }

  /** Sends one datagram. Faults: `port-missing` when this computer has no way to the address, the signal's reason. */
  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    const sent = new Promise<void>((resolve, reject) => {
      this.#socket.send(bytes, (error) => {
        if (error === null || isRefusal(error)) resolve();
        else reject(unreachable(this.path, error));
      });
    });
    await raceAbort(sent, signal);
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

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }
}

/** Reads `udp://host:port`. Faults: `bad-input`. */
function parseUdpPath(path: string): { readonly hostname: string; readonly port: number } {
  const url = URL.canParse(path) ? new URL(path) : null;
  const port = Number(url?.port ?? '');
  if (url !== null && url.hostname !== '' && port > 0)
    return { hostname: url.hostname.replace(/^\[|\]$/g, ''), port };
  throw new Fault('bad-input', `${path} is not an address for UDP`, { hint: 'Write it as udp://host:port.' });
}

/** The answer of a computer that has no such port open. */
function isRefusal(error: Error): boolean {
  return 'code' in error && error.code === 'ECONNREFUSED';
}

function unreachable(path: string, cause: Error): Fault {
  return new Fault('port-missing', `${path} cannot be reached: ${cause.message}`, {
    hint: 'Check that this computer has joined the network of the unit, or has a bridge to it.',
    details: { port: path },
    cause,
  });
}
