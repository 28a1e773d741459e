import { createInbox, type Transport } from './transport.ts';

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
  shut(): void;
}

function createEnd(): End {
  const inbox = createInbox<unknown>();
  const closed = createInbox<null>();
  let peer: End | null = null;
  let open = true;
  let closedHere = false;
  const shut = (): void => {
    if (!open) return;
    open = false;
    queueMicrotask(() => closed.deliver(null));
  };
  return {
    receive(message) {
      // Messages that the peer sent before it closed still arrive, unless this end was closed first.
      if (!closedHere) inbox.deliver(message);
    },
    shut,
    connect(other) {
      peer = other;
    },
    transport: {
      send(message) {
        // Copied as JSON, so that only what a socket can carry passes.
        const copy: unknown = JSON.parse(JSON.stringify(message));
        if (open) queueMicrotask(() => peer?.receive(copy));
      },
      onMessage: (listener) => inbox.listen(listener),
      onClose: (listener) => closed.listen(() => listener()),
      close() {
        closedHere = true;
        shut();
        peer?.shut();
      },
    },
  };
}
