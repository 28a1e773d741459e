import { HOST_BRIDGE, type HostBridge } from '#shared/contract/host-bridge.ts';
import type { Transport } from '#shared/rpc/index.ts';
import { dialHostBridge } from './dial-host-bridge.ts';
import { dialWebSocket } from './dial-websocket.ts';
import type { Door } from './door.ts';

/** Opens a fresh wire to the station or rejects; the same page works over any of them. */
export type Dial = (signal: AbortSignal) => Promise<Transport>;

/** The bridge of a desktop window; `undefined` in a browser. */
export function bridgeOf(window: Window): HostBridge | undefined {
  return (window as { [HOST_BRIDGE]?: HostBridge })[HOST_BRIDGE];
}

/** In a desktop window the host's bridge, in a browser a WebSocket through the door of where the page came from. */
export function chooseDial(window: Window, door: Door | null): Dial {
  const bridge = bridgeOf(window);
  if (bridge !== undefined) return (signal) => dialHostBridge(bridge, window, signal);
  if (door === null) throw new Error('a page in a browser has a door');
  return (signal) => dialWebSocket(window.location, door, signal);
}
