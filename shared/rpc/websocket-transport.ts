import { createInbox, type Transport } from './transport.ts';

/** What both the browser's WebSocket and the `ws` package's offer. */
export interface WebSocketLike {
  send(data: string): void;
  close(): void;
  /** Ends it without a handshake; only the `ws` package can. */
  terminate?(): void;
  readonly bufferedAmount: number;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
  addEventListener(type: 'error', listener: () => void): void;
}

/** What may wait for an end that reads slowly; a page that is cut off reconnects and resumes. */
const MOST_UNSENT_BYTES = 8 * 1024 * 1024;

/** JSON text frames over an open WebSocket. Anything that is not JSON closes it, and so does an end that never reads. */
export function webSocketTransport(socket: WebSocketLike): Transport {
  const inbox = createInbox<unknown>();
  const closed = createInbox<null>();
  let open = true;
  const shut = (): void => {
    if (!open) return;
    open = false;
    closed.deliver(null);
  };
  // A peer that never answers the closing handshake would keep its socket half open; for us it is over at once.
  const close = (): void => {
    shut();
    socket.close();
  };
  socket.addEventListener('message', (event) => {
    // Who goes on after the end is not listened to until its last word.
    if (!open) return socket.terminate?.();
    const message = parsed(event.data);
    if (message === null) close();
    else inbox.deliver(message.value);
  });
  // An error is always followed by close; without a listener `ws` would throw it.
  socket.addEventListener('error', () => undefined);
  socket.addEventListener('close', shut);
  return {
    send(message) {
      if (!open) return;
      if (socket.bufferedAmount > MOST_UNSENT_BYTES) {
        shut();
        if (socket.terminate === undefined) socket.close();
        else socket.terminate();
        return;
      }
      socket.send(JSON.stringify(message));
    },
    onMessage: (listener) => inbox.listen(listener),
    onClose: (listener) => closed.listen(() => listener()),
    close,
  };
}

/** `null` when it is no JSON: told apart here, so that a defect in a listener is not taken for a bad frame. */
function parsed(data: unknown): { value: unknown } | null {
  try {
    return { value: JSON.parse(String(data)) };
  } catch {
    return null;
  }
}
