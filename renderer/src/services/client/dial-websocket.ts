import { KEY_PROTOCOL, WIRE_PROTOCOL } from '#shared/contract/kiosk-session.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type Transport, webSocketTransport } from '#shared/rpc/index.ts';
import type { KioskSession } from './kiosk-session.ts';

/** A connection that does not open within this time is dialled again. */
const OPEN_TIMEOUT_MS = 10_000;

/**
 * A WebSocket to `/ws` of the page's own host. The browser adds the session's cookie; the key is sent as a subprotocol.
 */
export async function dialWebSocket(
  location: Location,
  kioskSession: KioskSession,
  signal: AbortSignal,
): Promise<Transport> {
  const key = await kioskSession.key();
  if (signal.aborted) throw new Fault('cancelled', 'the page no longer connects');
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(`${scheme}//${location.host}/ws`, [WIRE_PROTOCOL, KEY_PROTOCOL + key]);
  return new Promise((resolve, reject) => {
    const settled = new AbortController();
    const done = (settle: () => void): void => {
      settled.abort();
      settle();
    };
    const options = { once: true, signal: settled.signal };
    const giveUp = (fault: Fault) => (): void => {
      socket.close();
      done(() => reject(fault));
    };
    const timer = setTimeout(
      giveUp(new Fault('disconnected', 'the station does not answer')),
      OPEN_TIMEOUT_MS,
    );
    settled.signal.addEventListener('abort', () => clearTimeout(timer));
    socket.addEventListener('open', () => done(() => resolve(webSocketTransport(socket))), options);
    socket.addEventListener(
      'close',
      () => done(() => reject(new Fault('disconnected', 'the station does not take the connection'))),
      options,
    );
    signal.addEventListener('abort', giveUp(new Fault('cancelled', 'the page no longer connects')), options);
  });
}
