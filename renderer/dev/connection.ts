import {
  FILE_PORT_MESSAGE,
  HOST_BRIDGE,
  type HostBridge,
  PORT_MESSAGE,
} from '#shared/contract/host-bridge.ts';
import { createInMemoryTransports, messagePortTransport, type Transport } from '#shared/rpc/index.ts';
import { chooseDial, type Dial } from '../src/services/client/index.ts';

/** The connection between a page and its station, which a test can interrupt. */
export interface Connection {
  readonly dial: Dial;
  /** While true, dialling fails. */
  unreachable: boolean;
  /** While true, nothing passes; what is sent meanwhile arrives afterwards. */
  silent: boolean;
  /** Closes the connection. The page dials again. */
  cut(): void;
}

/**
 * @param transport `memory`, or `port` to come in through the bridge of the desktop host
 * @param serve called with the station's end of each connection
 */
export function createConnection(
  transport: 'memory' | 'port',
  serve: (transport: Transport) => void,
): Connection {
  let current: Transport | null = null;
  let delayed: (() => void)[] | null = null;
  const connection: Connection = {
    dial: transport === 'memory' ? dialMemory : dialPort(),
    unreachable: false,
    get silent() {
      return delayed !== null;
    },
    set silent(silent) {
      const work = delayed ?? [];
      delayed = silent ? work : null;
      if (!silent) for (const pass of work) pass();
    },
    cut: () => current?.close(),
  };
  return connection;

  function dialMemory(): Promise<Transport> {
    if (connection.unreachable) return Promise.reject(new Error('unreachable'));
    const [page, host] = createInMemoryTransports();
    serve(delayable(host));
    current = page;
    return Promise.resolve(page);
  }

  function delayable(end: Transport): Transport {
    const pass = (work: () => void): void => (delayed === null ? work() : void delayed.push(work));
    return {
      ...end,
      send: (message) => pass(() => end.send(message)),
      onMessage: (listener) => end.onMessage((message) => pass(() => listener(message))),
    };
  }

  /** As the preload script of the desktop host does it. */
  function dialPort(): Dial {
    const bridge: HostBridge = {
      connect() {
        if (connection.unreachable) return;
        const { port1, port2 } = new MessageChannel();
        const host = messagePortTransport({
          postMessage: (message) => port2.postMessage(message),
          close: () => port2.close(),
          listen(onMessage) {
            port2.addEventListener('message', (event: MessageEvent) => onMessage(event.data));
            port2.start();
          },
        });
        serve(host);
        window.addEventListener('message', ({ ports: [port] }: MessageEvent) => {
          // Electron closes the page's port when its other end is gone; a plain browser does not.
          current = { ...host, close: () => (host.close(), port?.dispatchEvent(new Event('close'))) };
        });
        window.postMessage(PORT_MESSAGE, '*', [port1]);
      },
      // These pages send files without a port.
      openUploadPort: () => window.postMessage(FILE_PORT_MESSAGE, '*'),
    };
    (window as { [HOST_BRIDGE]?: HostBridge })[HOST_BRIDGE] = bridge;
    return chooseDial(window, null);
  }
}
