import { type HostBridge, PORT_MESSAGE } from '#shared/contract/host-bridge.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Transport } from '#shared/rpc/index.ts';
import { portTransport } from './port-transport.ts';

/** The host may be starting its station; without a reply the request is repeated. */
const PORT_TIMEOUT_MS = 10_000;

/** Asks the desktop host for a MessagePort and waits for it to be posted to this window. */
export function dialHostBridge(bridge: HostBridge, window: Window, signal: AbortSignal): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const settled = new AbortController();
    const fail = (fault: Fault) => (): void => {
      settled.abort();
      reject(fault);
    };
    const timer = setTimeout(
      fail(new Fault('disconnected', 'the host gave no port to the station')),
      PORT_TIMEOUT_MS,
    );
    settled.signal.addEventListener('abort', () => clearTimeout(timer));
    signal.addEventListener('abort', fail(new Fault('cancelled', 'the page no longer connects')), {
      signal: settled.signal,
    });
    window.addEventListener(
      'message',
      (event: MessageEvent) => {
        const [port] = event.ports;
        // Ports are accepted from this window only, not from a frame or an opener.
        if (event.source !== window || event.data !== PORT_MESSAGE || port === undefined) return;
        settled.abort();
        resolve(portTransport(port));
      },
      { signal: settled.signal },
    );
    bridge.connect();
  });
}
