import { createInbox, type Transport } from './transport.ts';

/** Two transports joined in memory, asynchronous like a real wire; for tests and for a host inside the process. */
export function createInMemoryTransports(): [Transport, Transport] {
  const ends = [createEnd(), createEnd()] as const;
  const [a, b] = ends;
  a.join(b);
  b.join(a);
  return [a.transport, b.transport];
}

interface End {
  readonly transport: Transport;
  receive(message: unknown): void;
  join(peer: End): void;
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
      // What the other end sent before it closed still arrives; what this end no longer wants does not.
      if (!closedHere) inbox.deliver(message);
    },
    shut,
    join(other) {
      peer = other;
    },
    transport: {
      send(message) {
        // Through JSON, so that nothing passes here that would not pass over a socket.
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
