import { SerialPort } from 'serialport';

interface OpenOptions {
  readonly baudRate: number;
}

/**
 * A serial port of this computer with the interface of the Web Serial API, as far as esptool-js uses it. Control lines have no
 * effect where the port has none.
 */
export class WebSerialPort {
  readable: ReadableStream<Uint8Array> | null = null;
  writable: WritableStream<Uint8Array> | null = null;
  readonly #path: string;
  #port: SerialPort | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** No USB ids: a port of an adapter that esptool-js does not know. */
  getInfo(): object {
    return {};
  }

  async open({ baudRate }: OpenOptions): Promise<void> {
    const port = new SerialPort({ path: this.#path, baudRate, autoOpen: false });
    await new Promise<void>((resolve, reject) =>
      port.open((error) => (error === null ? resolve() : reject(error))),
    );
    this.#port = port;
    port.on('error', () => undefined);
    this.readable = new ReadableStream<Uint8Array>({
      start: (controller) => {
        port.on('data', (chunk: Buffer) => controller.enqueue(new Uint8Array(chunk)));
      },
      // A reader that is cancelled gets no more.
      cancel: () => void port.removeAllListeners('data'),
    });
    this.writable = new WritableStream<Uint8Array>({
      write: (bytes) =>
        new Promise<void>((resolve, reject) =>
          port.write(Buffer.from(bytes), (error) => (error ? reject(error) : resolve())),
        ),
    });
  }

  async setBaudRate(baudRate: number): Promise<void> {
    const port = this.#port;
    if (port === null) return;
    await new Promise<void>((resolve, reject) =>
      port.update({ baudRate }, (error) => (error === null ? resolve() : reject(error))),
    );
  }

  setSignals(): Promise<void> {
    return Promise.resolve();
  }

  async close(): Promise<void> {
    const port = this.#port;
    this.#port = null;
    this.readable = null;
    this.writable = null;
    if (port !== null) await new Promise<void>((resolve) => port.close(() => resolve()));
  }
}
