import { createReceivingEnd, type Transport } from './transport.ts';

/**
 * A MessagePort of any host: the browser's, a Node worker's, Electron's MessagePortMain. They differ only in how a
 * listener is added, so that each host implements `listen`.
 */
export interface MessagePortLike {
  postMessage(message: unknown): void;
  close(): void;
  listen(onMessage: (message: unknown) => void, onClose: () => void): void;
}

export function messagePortTransport(port: MessagePortLike): Transport {
  const end = createReceivingEnd();
  port.listen(end.deliver, end.reportClosed);
  return {
    send(message) {
      if (end.isOpen) port.postMessage(message);
    },
    onMessage: end.onMessage,
    onClose: end.onClose,
    close() {
      port.close();
      end.close();
    },
  };
}
