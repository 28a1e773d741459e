/**
 * A connection that carries whole messages in order until it is closed; it never loses a message silently. Messages are
 * plain data, which both structured clone and JSON preserve.
 */
export interface Transport {
  send(message: unknown): void;
  /** Sets the only listener. Messages that arrive before wait for it. */
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

/** Items for a listener that may be set later: items that arrive before wait in order. */
export function createInbox<T>(): { deliver(item: T): void; listen(listener: (item: T) => void): void } {
  let listener: ((item: T) => void) | null = null;
  const waiting: T[] = [];
  return {
    deliver(item) {
      if (listener === null) waiting.push(item);
      else listener(item);
    },
    listen(next) {
      listener = next;
      for (const item of waiting.splice(0)) next(item);
    },
  };
}

/** The receiving end of a transport: messages while it is open, then its close, once. */
export interface ReceivingEnd extends Pick<Transport, 'onMessage' | 'onClose'> {
  readonly isOpen: boolean;
  /** Hands over a message; does nothing after the close. */
  deliver(message: unknown): void;
  /** Reports the close; does nothing when it was reported before. */
  shut(): void;
}

export function createReceivingEnd(): ReceivingEnd {
  const inbox = createInbox<unknown>();
  const closed = createInbox<null>();
  let isOpen = true;
  return {
    get isOpen() {
      return isOpen;
    },
    deliver(message) {
      if (isOpen) inbox.deliver(message);
    },
    shut() {
      if (!isOpen) return;
      isOpen = false;
      closed.deliver(null);
    },
    onMessage: (listener) => inbox.listen(listener),
    onClose: (listener) => closed.listen(() => listener()),
  };
}
