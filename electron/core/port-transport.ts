import type { MessagePortMain } from 'electron';
import { messagePortTransport, type Transport } from '#shared/rpc/index.ts';

/** Makes a transport of a port between two processes of Electron. */
export function portTransport(port: MessagePortMain): Transport {
  return messagePortTransport({
    postMessage: (message) => port.postMessage(message),
    close: () => port.close(),
    listen(onMessage, onClose) {
      port.on('message', (event) => onMessage(event.data));
      port.on('close', onClose);
      port.start();
    },
  });
}
