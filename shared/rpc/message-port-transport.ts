import { createInbox, type Transport } from './transport.ts';

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
  const inbox = createInbox<unknown>();
  const closed = createInbox<null>();
  let open = true;
  const shut = (): void => {
    if (!open) return;
    open = false;
    closed.deliver(null);
  };
  port.listen((message) => {
    if (open) inbox.deliver(message);
  }, shut);
  return {
    send(message) {
      if (open) port.postMessage(message);
    },
    onMessage: (listener) => inbox.listen(listener),
    onClose: (listener) => closed.listen(() => listener()),
    close() {
      port.close();
      shut();
    },
  };
}
