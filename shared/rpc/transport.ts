/**
 * A connection that carries whole messages in order until it is closed; it never loses a message silently. Messages are
 * plain data, which both structured clone and JSON preserve.
 */
export interface Transport {
  send(message: unknown): void;
  /** Sets the only listener. Messages that arrive before wait for it. */
  onMessage(listener: (message: unknown) => void): void;
  /**
   * Sets the only listener. It is called once, after the message listener has got all messages that arrived before the
   * close.
   */
  onClose(listener: () => void): void;
  /** Closes the connection. Messages that wait for a listener are dropped. */
  close(): void;
}

/** The receiving end of a transport: messages in the order of `deliver`, then the close, once. */
export interface ReceivingEnd extends Pick<Transport, 'onMessage' | 'onClose'> {
  readonly isOpen: boolean;
  /** Hands over a message of the peer; does nothing after the close. */
  deliver(message: unknown): void;
  /**
   * Reports that the connection is lost. Messages that wait for a listener are handed over first. Does nothing when it is
   * closed already.
   */
  reportClosed(): void;
  /** Closes this end: messages that wait for a listener are dropped. */
  close(): void;
}

export function createReceivingEnd(): ReceivingEnd {
  const waiting: unknown[] = [];
  let messageListener: ((message: unknown) => void) | null = null;
  let closeListener: (() => void) | null = null;
  let isOpen = true;
  let isCloseReported = false;
  const callCloseListener = (): void => {
    if (isOpen || waiting.length > 0 || closeListener === null || isCloseReported) return;
    isCloseReported = true;
    closeListener();
  };
  const reportClosed = (): void => {
    isOpen = false;
    callCloseListener();
  };
  return {
    get isOpen() {
      return isOpen;
    },
    deliver(message) {
      if (!isOpen) return;
      if (messageListener === null) waiting.push(message);
      else messageListener(message);
    },
    reportClosed,
    close() {
      waiting.length = 0;
      reportClosed();
    },
    onMessage(listener) {
      // The listener is set last: until then, a message that arrives waits behind those that arrived before it. When the
      // listener throws, the messages behind wait for the next listener.
      while (waiting.length > 0) listener(waiting.shift());
      messageListener = listener;
      callCloseListener();
    },
    onClose(listener) {
      closeListener = listener;
      callCloseListener();
    },
  };
}
