import { createInbox, type Transport } from './transport.ts';

/**
 * A MessagePort of any host: the browser's and Electron's renderer's, a Node worker's, Electron's MessagePortMain.
 * They differ in how one listens; `adapt` is the host's three lines.
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
