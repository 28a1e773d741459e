import { HOST_BRIDGE, type HostBridge } from '#shared/contract/host-bridge.ts';
import type { FileCarrier } from './file-carrier.ts';
import { httpCarrier } from './http-carrier.ts';
import { portCarrier } from './port-carrier.ts';

/** In a desktop window over ports, in a browser over HTTP to where the page came from. */
export function chooseCarrier(window: Window): FileCarrier {
  const bridge = (window as { [HOST_BRIDGE]?: HostBridge })[HOST_BRIDGE];
  const overHttp = httpCarrier(window);
  return bridge === undefined ? overHttp : portCarrier(bridge, window, overHttp.fetch);
}
