import { messagePortTransport, type Transport } from '#shared/rpc/index.ts';

/** A port of this window as a transport. */
export function portTransport(port: MessagePort): Transport {
  return messagePortTransport({
    postMessage: (message) => port.postMessage(message),
    close: () => port.close(),
    listen(onMessage, onClose) {
      port.addEventListener('message', (event: MessageEvent) => onMessage(event.data));
      port.addEventListener('close', onClose);
      port.start();
    },
  });
}
