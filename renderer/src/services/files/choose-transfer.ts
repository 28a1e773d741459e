import { bridgeOf, type KioskSession } from '../client/index.ts';
import type { FileTransfer } from './file-transfer.ts';
import { httpTransfer } from './http-transfer.ts';
import { portTransfer } from './port-transfer.ts';

/** Over ports in a desktop window, over HTTP to the page's host in a browser. */
export function chooseTransfer(window: Window, kioskSession: KioskSession | null): FileTransfer {
  const bridge = bridgeOf(window);
  const overHttp = httpTransfer(window, kioskSession);
  return bridge === undefined ? overHttp : portTransfer(bridge, window, overHttp);
}
