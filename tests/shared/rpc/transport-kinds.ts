import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import WebSocket from 'ws';
import {
  createInMemoryTransports,
  messagePortTransport,
  type Transport,
  webSocketTransport,
} from '#shared/rpc/index.ts';
import { lineTransport } from '../../../station/administration/control-socket/line-transport.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { openKiosk } from '../../kiosk/open-kiosk.ts';

/** A kind of transport, which can connect client and server repeatedly. */
export interface TransportKind extends AsyncDisposable {
  connect(): Promise<{ client: Transport; server: Transport }>;
}

/** Every transport that can run here, by name. Electron's MessagePort differs from the worker's in its adapter only. */
export const TRANSPORT_KINDS: Readonly<Record<string, () => Promise<TransportKind>>> = {
  memory: () => Promise.resolve(inMemoryKind()),
  'worker port': () => Promise.resolve(workerPortKind()),
  'WebSocket through the kiosk': kioskKind,
  'lines of a command': lineKind,
};

function inMemoryKind(): TransportKind {
  return {
    connect() {
      const [client, server] = createInMemoryTransports();
      return Promise.resolve({ client, server });
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function workerPortKind(): TransportKind {
  const opened: MessagePort[] = [];
  return {
    connect() {
      const { port1, port2 } = new MessageChannel();
      opened.push(port1, port2);
      return Promise.resolve({ client: overWorkerPort(port1), server: overWorkerPort(port2) });
    },
    [Symbol.asyncDispose]() {
      for (const port of opened) port.close();
      return Promise.resolve();
    },
  };
}

function overWorkerPort(port: MessagePort): Transport {
  return messagePortTransport({
    postMessage: (message) => port.postMessage(message),
    close: () => port.close(),
    listen(onMessage, onClose) {
      port.on('message', onMessage);
      port.on('close', onClose);
    },
  });
}

async function lineKind(): Promise<TransportKind> {
  const dir = tempDir('lines');
  const server = createServer().listen(join(dir.path, 'socket'));
  await once(server, 'listening');
  const opened: Socket[] = [];
  return {
    async connect() {
      const arrival = once(server, 'connection') as Promise<[Socket]>;
      const here = connect(join(dir.path, 'socket'));
      const [there] = await arrival;
      opened.push(here, there);
      return { client: lineTransport(here), server: lineTransport(there) };
    },
    async [Symbol.asyncDispose]() {
      for (const socket of opened) socket.destroy();
      server.close();
      await once(server, 'close');
      dir[Symbol.dispose]();
    },
  };
}

async function kioskKind(): Promise<TransportKind> {
  const arrivals: ((server: Transport) => void)[] = [];
  const setup = await openKiosk({ station: { serve: (server) => arrivals.shift()?.(server) } });
  const headers = { ...(await setup.enter()), origin: setup.origin };
  const opened: WebSocket[] = [];
  return {
    async connect() {
      const arrival = Promise.withResolvers<Transport>();
      arrivals.push(arrival.resolve);
      const socket = new WebSocket(`ws://127.0.0.1:${setup.kiosk.port}/ws`, { headers });
      opened.push(socket);
      await once(socket, 'open');
      return { client: webSocketTransport(socket), server: await arrival.promise };
    },
    async [Symbol.asyncDispose]() {
      for (const socket of opened) socket.terminate();
      await setup[Symbol.asyncDispose]();
    },
  };
}
