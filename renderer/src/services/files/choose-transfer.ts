import { bridgeOf, type KioskSession } from '../client/index.ts';
import type { FileTransfer } from './file-transfer.ts';
import { httpTransfer } from './http-transfer.ts';
import { portTransfer } from './port-transfer.ts';

/** In a desktop window over ports, in a browser over HTTP to where the page came from. */
export function chooseTransfer(window: Window, kioskSession: KioskSession | null): FileTransfer {
  const bridge = bridgeOf(window);
  const overHttp = httpTransfer(window, kioskSession);
  return bridge === undefined ? overHttp : portTransfer(bridge, window, overHttp.fetch);
}
