import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Duplex } from 'node:stream';

import { ComPortServer } from './com-port-server.ts';
import type { ControlLines, PortFactory, Port } from './port.ts';

/** `tcp`: the bytes of the line and nothing else. `rfc2217`: Telnet with bit rate and control lines. */
export type TcpKind = 'tcp' | 'rfc2217';

const HOST = '127.0.0.1';
/** Time for which a second station waits until the first one has disconnected. */
const LEAVING_MS = 100;

/**
 * Creates TCP ports of this machine instead of serial ones, for devices with a network or behind a serial device server. A port serves one station at a
 * time and disconnects a second one. While the cable is unplugged the port is closed; it is reopened with the same number.
 * Rejects with the error of the socket when no port is available. Later errors are passed to `onError`.
 */
export async function openTcpPortFactory(
  onError: (error: unknown) => void,
  kind: TcpKind = 'tcp',
): Promise<PortFactory> {
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
    open: () => plug(first, port, kind),
    reopen() {
      const server = createServer();
      server.on('error', onError);
      server.listen(port, HOST);
      return plug(server, port, kind);
    },
  };
}

function plug(server: Server, port: number, kind: TcpKind): Port {
  const telnet = kind === 'rfc2217';
  const master = new TcpStream(telnet);
  server.on('connection', (socket) => master.adopt(socket));
  const close = (): void => {
    master.destroy();
    server.close();
  };
  return {
    path: `${kind}://${HOST}:${port}`,
    master,
    stationBaudRate: () => master.baudRate,
    ...(telnet ? { controlLines: master } : {}),
    unreadBytes: () => master.unreadBytes,
    close,
    // The number of a TCP port cannot be reserved without listening on it.
    unplug() {
      close();
      return { [Symbol.dispose]: () => undefined };
    },
  };
}

const NO_LINES: ControlLines = { dtr: false, rts: false, break: false };

/** Bytes that are written while no station is connected are lost, as on a serial line. */
class TcpStream extends Duplex {
  readonly #telnet: boolean;
  #socket: Socket | null = null;
  #comPort: ComPortServer | null = null;
  #onLines: (lines: ControlLines) => void = () => undefined;

  constructor(telnet: boolean) {
    super();
    this.#telnet = telnet;
  }

  /** The bit rate that the station has set; `null` without Telnet, and while no station is connected. */
  get baudRate(): number | null {
    return this.#comPort?.baudRate ?? null;
  }

  onChange(listener: (lines: ControlLines) => void): void {
    this.#onLines = listener;
  }

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
    const receive = (bytes: Uint8Array): void => {
      if (!this.push(bytes)) socket.pause();
    };
    const comPort = this.#telnet
      ? new ComPortServer({
          send: (bytes) => socket.write(bytes),
          onData: receive,
          onControlLines: (lines) => this.#onLines(lines),
        })
      : null;
    this.#comPort = comPort;
    socket.on('data', (chunk: Buffer) => (comPort === null ? receive(chunk) : comPort.receive(chunk)));
    // A station that ends its side of the connection has disconnected.
    socket.once('end', () => socket.destroy());
    socket.prependOnceListener('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#comPort = null;
      // An adapter asserts its lines only while its port is open.
      if (comPort !== null) this.#onLines(NO_LINES);
    });
  }

  override _read(): void {
    this.#socket?.resume();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const socket = this.#socket;
    if (socket === null || !socket.writable) return done();
    socket.write(this.#telnet ? ComPortServer.escape(chunk) : chunk, () => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket?.destroy();
    this.#socket = null;
    done(error);
  }
}
