import { createInbox, type Transport } from './transport.ts';

/** What both the browser's WebSocket and the `ws` package's offer. */
export interface WebSocketLike {
  send(data: string): void;
  close(): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
  addEventListener(type: 'error', listener: () => void): void;
}

/** JSON text frames over an open WebSocket. Anything that is not JSON closes it. */
export function webSocketTransport(socket: WebSocketLike): Transport {
  const inbox = createInbox<unknown>();
  const closed = createInbox<null>();
  let open = true;
  socket.addEventListener('message', (event) => {
    try {
      inbox.deliver(JSON.parse(String(event.data)));
    } catch {
      socket.close();
    }
  });
  // An error is always followed by close; without a listener `ws` would throw it.
  socket.addEventListener('error', () => undefined);
  socket.addEventListener('close', () => {
    if (!open) return;
    open = false;
    closed.deliver(null);
  });
  return {
    send(message) {
      if (open) socket.send(JSON.stringify(message));
    },
    onMessage: (listener) => inbox.listen(listener),
    onClose: (listener) => closed.listen(() => listener()),
    close: () => socket.close(),
  };
}
