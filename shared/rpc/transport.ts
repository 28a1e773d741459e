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
