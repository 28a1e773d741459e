import type { EventEmitter } from 'node:events';
import type { SerialPort } from 'serialport';

/** Flags of libuv. */
const FLAGS = { readable: 1, writable: 2, disconnect: 4 } as const;

/** What the bindings for Linux and macOS wait with, until a port has bytes, or has room for bytes. */
interface Poller extends EventEmitter {
  poll(flags?: number): void;
}

/**
 * Mends the bindings: their poller has one set of events, and a wait for one event replaces the wait for another. A read that
 * begins to wait while a write waits for room ends the wait of the write; the write goes on when the next byte arrives, which
 * is never where the unit waits for the rest of the write. Here each wait keeps the others, and an event
 * without a waiter is not polled. Seen with @serialport/bindings-cpp 13.0.1, whose `Poller::poll` calls `uv_poll_start` with the
 * new event only. Does nothing on Windows, whose bindings have no poller.
 */
export function pollAllEvents({ port }: SerialPort): void {
  if (port === undefined || !('poller' in port)) return;
  const poller: Poller = port.poller;
  const poll = poller.poll.bind(poller);
  const emit = poller.emit.bind(poller);
  const awaited = (): number =>
    Object.entries(FLAGS).reduce(
      (flags, [event, flag]) => (poller.listenerCount(event) > 0 ? flags | flag : flags),
      0,
    );
  poller.poll = (flags = 0) => poll(flags | awaited());
  // After an event the bindings poll every other event that was ever awaited. After an error they poll nothing.
  poller.emit = (event, ...args: unknown[]) => {
    const isHeard = emit(event, ...args);
    if (args[0] === null) poll(awaited());
    return isHeard;
  };
}
