import { HOST_BRIDGE, type HostBridge } from '#shared/contract/host-bridge.ts';
import type { Transport } from '#shared/rpc/index.ts';
import { dialHostBridge } from './dial-host-bridge.ts';
import { dialWebSocket } from './dial-websocket.ts';
import type { KioskSession } from './kiosk-session.ts';

/** Opens a new connection to the station, or rejects. */
export type Dial = (signal: AbortSignal) => Promise<Transport>;

/** The bridge of a desktop window; `undefined` in a browser. */
export function bridgeOf(window: Window): HostBridge | undefined {
  return (window as { [HOST_BRIDGE]?: HostBridge })[HOST_BRIDGE];
}

/** In a desktop window the bridge of the host, in a browser a WebSocket with the session of its kiosk. */
export function chooseDial(window: Window, kioskSession: KioskSession | null): Dial {
  const bridge = bridgeOf(window);
  if (bridge !== undefined) return (signal) => dialHostBridge(bridge, window, signal);
  if (kioskSession === null) throw new Error('a page in a browser needs a kiosk session');
  return (signal) => dialWebSocket(window.location, kioskSession, signal);
}
