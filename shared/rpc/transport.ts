/**
 * The seam between the contract and a wire. A transport carries whole messages in order or is closed; it never
 * loses one silently. Messages are plain data (what structured clone and JSON both keep).
 */
export interface Transport {
  send(message: unknown): void;
  /** One listener; set before the first message can arrive, or messages wait for it. */
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

/** A listener that may be set late: what arrives before it is kept, in order. */
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
