import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Duplex } from 'node:stream';

import type { Outlet, Port } from './port.ts';

const HOST = '127.0.0.1';
/** So long a second station waits for the first one to be gone. */
const LEAVING_MS = 100;

/**
 * A TCP port on this machine in place of a serial one, for devices with a network: one station at a time, a second one is
 * hung up on. A pulled cable is a port that nobody listens on; back in, it has its number again. Rejects with the socket's
 * own error when there is no port to be had; later ones go to `onTrouble`.
 */
export async function openTcpOutlet(onTrouble: (error: unknown) => void): Promise<Outlet> {
  const first = createServer();
  await new Promise<void>((resolve, reject) => {
    first.once('error', reject);
    first.listen(0, HOST, () => {
      first.off('error', reject);
      resolve();
    });
  });
  const { port } = first.address() as AddressInfo;
  first.on('error', onTrouble);
  return {
    open: () => plug(first, port),
    reopen() {
      const server = createServer();
      server.on('error', onTrouble);
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
    // The number of a socket cannot be kept without listening to it.
    unplug() {
      close();
      return { [Symbol.dispose]: () => undefined };
    },
  };
}

/** What is written while nobody is connected is lost, as on a line without a listener. */
class TcpStream extends Duplex {
  #socket: Socket | null = null;

  get unreadBytes(): number {
    return this.#socket?.writableLength ?? 0;
  }

  /** Lets a station in, or hangs up when another one is there and stays. */
  adopt(socket: Socket): void {
    socket.on('error', () => undefined);
    const before = this.#socket;
    if (this.destroyed) return void socket.destroy();
    if (before === null) return this.#letIn(socket);
    // A station that closes and connects again may be seen to connect first.
    const patience = setTimeout(() => socket.destroy(), LEAVING_MS);
    socket.once('close', () => clearTimeout(patience));
    before.once('close', () => {
      if (socket.destroyed || this.#socket !== null || this.destroyed) return void socket.destroy();
      clearTimeout(patience);
      this.#letIn(socket);
    });
  }

  #letIn(socket: Socket): void {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) socket.pause();
    });
    // The station has nothing more to say, so it does not listen either: it is gone.
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
