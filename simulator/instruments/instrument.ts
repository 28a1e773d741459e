import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { asListenFault } from '#node-kit/net/index.ts';
import { loadLibc } from '../pty/index.ts';
import { ptyPortFactory } from '../serial-line/index.ts';
import { Client } from './client.ts';
import { ActiveInstrumentFaults, type InstrumentFault } from './faults.ts';
import { Interpreter, type ScpiModel } from './scpi/interpreter.ts';

const HOST = '127.0.0.1';

export interface InstrumentOptions {
  readonly model: ScpiModel;
  /** A serial port (a pty) in place of a TCP port. */
  readonly serial?: boolean | undefined;
  /** TCP port; 0 or left out: a free one. */
  readonly port?: number | undefined;
  readonly faults?: readonly InstrumentFault[] | undefined;
  /** Factor on every duration: 0 for no delays. */
  readonly timeScale?: number | undefined;
}

/** A simulated instrument that serves its clients until it is disposed of. */
export interface SimInstrument extends AsyncDisposable {
  /** What a station is told: `tcp://127.0.0.1:5025`, or the path of a serial port. */
  readonly address: string;
  setFaults(faults: readonly InstrumentFault[]): void;
  /** Breaks all connections, as a cable that is pulled. */
  disconnect(): void;
}

/** Starts an instrument on a TCP port of this computer, for any number of clients, or on a pty. Faults: `port-busy`, `port-denied`. */
export async function startSimInstrument(options: InstrumentOptions): Promise<SimInstrument> {
  const faults = new ActiveInstrumentFaults(options.faults ?? []);
  const interpreter = new Interpreter(options.model);
  const { timeScale = 1 } = options;
  const clients = new Map<Client, () => void>();
  const connect = (send: (bytes: Uint8Array) => void, drop: () => void): Client => {
    const client = new Client({ interpreter, faults, timeScale, send, drop });
    clients.set(client, drop);
    return client;
  };
  const disconnect = (): void => {
    for (const drop of [...clients.values()]) drop();
  };
  const close = async (): Promise<void> => {
    await Promise.all([...clients.keys()].map((client) => client.close()));
    disconnect();
  };
  const common = { setFaults: (list: readonly InstrumentFault[]) => faults.set(list), disconnect };
  if (options.serial === true) {
    const port = ptyPortFactory(loadLibc()).open();
    const client = connect(
      (bytes) => port.master.write(bytes),
      () => undefined,
    );
    port.master.on('data', (bytes: Uint8Array) => client.receive(bytes));
    return {
      ...common,
      address: port.path,
      async [Symbol.asyncDispose]() {
        await close();
        port.close();
      },
    };
  }
  const server = createServer((socket) => serve(socket, connect, (client) => clients.delete(client)));
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  return {
    ...common,
    address: `tcp://${HOST}:${port}`,
    async [Symbol.asyncDispose]() {
      await close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function serve(
  socket: Socket,
  connect: (send: (bytes: Uint8Array) => void, drop: () => void) => Client,
  onClosed: (client: Client) => void,
): void {
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  const client = connect(
    (bytes) => socket.write(bytes),
    () => void socket.destroy(),
  );
  socket.on('data', (bytes: Buffer) => client.receive(bytes));
  socket.once('close', () => {
    onClosed(client);
    void client.close();
  });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(asListenFault(error, { service: 'instrument', host: HOST, port })),
    );
    server.listen(port, HOST, resolve);
  });
}
