import { createReceivingEnd, type Transport } from './transport.ts';

/** The common part of the browser's WebSocket and that of the `ws` package. */
export interface WebSocketLike {
  send(data: string): void;
  close(): void;
  /** Ends the connection without the closing handshake; only the `ws` package has it. */
  terminate?(): void;
  readonly bufferedAmount: number;
  /** 1 while it is open. */
  readonly readyState: number;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
  addEventListener(type: 'error', listener: () => void): void;
}

/** `readyState` of an open socket. */
const OPEN = 1;
/** The most bytes that may wait for a peer that reads slowly; then the connection is closed, and the page reconnects. */
const MAX_UNSENT_BYTES = 8 * 1024 * 1024;

/** JSON text frames over an open WebSocket. A frame that is not JSON closes it, and so does a peer that never reads. */
export function webSocketTransport(socket: WebSocketLike): Transport {
  const end = createReceivingEnd();
  // Does not wait for the closing handshake, which a peer may never answer.
  const close = (): void => {
    end.close();
    socket.close();
  };
  socket.addEventListener('message', (event) => {
    // The peer still sends after the connection was closed.
    if (!end.isOpen) return socket.terminate?.();
    const message = parsed(event.data);
    if (message === null) close();
    else end.deliver(message.value);
  });
  // An error is always followed by close; without a listener `ws` would throw it.
  socket.addEventListener('error', () => undefined);
  socket.addEventListener('close', end.reportClosed);
  return {
    send(message) {
      // The close event of a connection that the peer is closing comes later; a browser reports a message until then.
      if (!end.isOpen || socket.readyState !== OPEN) return;
      if (socket.bufferedAmount > MAX_UNSENT_BYTES) {
        end.close();
        if (socket.terminate === undefined) socket.close();
        else socket.terminate();
        return;
      }
      socket.send(JSON.stringify(message));
    },
    onMessage: end.onMessage,
    onClose: end.onClose,
    close,
  };
}

/** `null` for text that is not JSON. Separate from the listener, so that an error of the listener is not taken for one. */
function parsed(data: unknown): { value: unknown } | null {
  try {
    return { value: JSON.parse(String(data)) };
  } catch {
    return null;
  }
}
