import { createReceivingEnd, type Transport } from './transport.ts';

/** Two connected transports in memory, asynchronous like a socket; for tests and for a host inside the process. */
export function createInMemoryTransports(): [Transport, Transport] {
  const ends = [createEnd(), createEnd()] as const;
  const [a, b] = ends;
  a.connect(b);
  b.connect(a);
  return [a.transport, b.transport];
}

interface End {
  readonly transport: Transport;
  receive(message: unknown): void;
  connect(peer: End): void;
  /** The peer has closed the connection. */
  peerClosed(): void;
}

function createEnd(): End {
  const end = createReceivingEnd();
  let peer: End | null = null;
  let isSending = true;
  let isClosedHere = false;
  return {
    receive(message) {
      // Messages that the peer sent before it closed still arrive, unless this end was closed first.
      if (!isClosedHere) end.deliver(message);
    },
    peerClosed() {
      isSending = false;
      queueMicrotask(() => end.reportClosed());
    },
    connect(other) {
      peer = other;
    },
    transport: {
      send(message) {
        // Copied as JSON, so that only what a socket can carry passes.
        const copy: unknown = JSON.parse(JSON.stringify(message));
        if (isSending) queueMicrotask(() => peer?.receive(copy));
      },
      onMessage: (listener) => end.onMessage(listener),
      onClose: (listener) => end.onClose(listener),
      close() {
        isClosedHere = true;
        isSending = false;
        queueMicrotask(() => end.close());
        peer?.peerClosed();
      },
    },
  };
}
