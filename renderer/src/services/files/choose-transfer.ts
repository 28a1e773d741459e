import { bridgeOf, type Door } from '../client/index.ts';
import type { FileCarrier } from './file-transfer.ts';
import { httpCarrier } from './http-transfer.ts';
import { portCarrier } from './port-transfer.ts';

/** In a desktop window over ports, in a browser over HTTP to where the page came from. */
export function chooseCarrier(window: Window, door: Door | null): FileCarrier {
  const bridge = bridgeOf(window);
  const overHttp = httpCarrier(window, door);
  return bridge === undefined ? overHttp : portCarrier(bridge, window, overHttp.fetch);
}
