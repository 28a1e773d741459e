import { HOST_BRIDGE, type HostBridge } from '#shared/contract/host-bridge.ts';
import type { Transport } from '#shared/rpc/index.ts';
import { dialHostBridge } from './dial-host-bridge.ts';
import { dialWebSocket } from './dial-websocket.ts';

/** Opens a fresh wire to the station or rejects; the same page works over any of them. */
export type Dial = (signal: AbortSignal) => Promise<Transport>;

/** In a desktop window the host's bridge, in a browser a WebSocket to where the page came from. */
export function chooseDial(window: Window): Dial {
  const bridge = (window as { [HOST_BRIDGE]?: HostBridge })[HOST_BRIDGE];
  return bridge === undefined
    ? (signal) => dialWebSocket(window.location, signal)
    : (signal) => dialHostBridge(bridge, window, signal);
}
