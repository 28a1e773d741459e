import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Duplex } from 'node:stream';

import type { PortFactory, Port } from './port.ts';

const HOST = '127.0.0.1';
/** Time for which a second station waits until the first one has disconnected. */
const LEAVING_MS = 100;

/**
 * Creates TCP ports of this machine instead of serial ones, for devices with a network. A port serves one station at a
 * time and disconnects a second one. While the cable is unplugged the port is closed; it is reopened with the same number.
 * Rejects with the error of the socket when no port is available. Later errors are passed to `onError`.
 */
export async function openTcpPortFactory(onError: (error: unknown) => void): Promise<PortFactory> {
  const first = createServer();
  await new Promise<void>((resolve, reject) => {
    first.once('error', reject);
    first.listen(0, HOST, () => {
      first.off('error', reject);
      resolve();
    });
  });
  const { port } = first.address() as AddressInfo;
  first.on('error', onError);
  return {
    open: () => plug(first, port),
    reopen() {
      const server = createServer();
      server.on('error', onError);
      server.listen(port, HOST);
      return plug(server, port);
    },
  };
}

function plug(server: Server, port: number): Port {
  const master = new TcpStream();
  server.on('connection', (socket) => master.adopt(socket));
  const close = (): void => {
    master.destroy();
    server.close();
  };
  return {
    path: `tcp://${HOST}:${port}`,
    master,
    stationBaudRate: () => null,
    unreadBytes: () => master.unreadBytes,
    close,
    // The number of a TCP port cannot be reserved without listening on it.
    unplug() {
      close();
      return { [Symbol.dispose]: () => undefined };
    },
  };
}

/** Bytes that are written while no station is connected are lost, as on a serial line. */
class TcpStream extends Duplex {
  #socket: Socket | null = null;

  get unreadBytes(): number {
    return this.#socket?.writableLength ?? 0;
  }

  /** Accepts a station. Disconnects it when another one is connected and stays. */
  adopt(socket: Socket): void {
    socket.on('error', () => undefined);
    const before = this.#socket;
    if (this.destroyed) return void socket.destroy();
    if (before === null) return this.#accept(socket);
    // When a station reconnects, its new connection may arrive before the end of the old one.
    const patience = setTimeout(() => socket.destroy(), LEAVING_MS);
    socket.once('close', () => clearTimeout(patience));
    before.once('close', () => {
      if (socket.destroyed || this.#socket !== null || this.destroyed) return void socket.destroy();
      clearTimeout(patience);
      this.#accept(socket);
    });
  }

  #accept(socket: Socket): void {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) socket.pause();
    });
    // A station that ends its side of the connection has disconnected.
    socket.once('end', () => socket.destroy());
    socket.prependOnceListener('close', () => {
      if (this.#socket === socket) this.#socket = null;
    });
  }

  override _read(): void {
    this.#socket?.resume();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const socket = this.#socket;
    if (socket === null || !socket.writable) return done();
    socket.write(chunk, () => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket?.destroy();
    this.#socket = null;
    done(error);
  }
}
