import type { EventEmitter } from 'node:events';
import { writeSync } from 'node:fs';
import { hasErrno } from '#node-kit/files/index.ts';
import type { SerialPort } from 'serialport';

/** A port of the bindings for Linux and macOS. */
interface UnixPort {
  readonly fd: number | null;
  readonly poller: EventEmitter;
  write: (bytes: Uint8Array) => Promise<void>;
}

/**
 * Replaces the write of the bindings for Linux and macOS, which gives each piece to a thread and tries again until the system
 * refuses: at 921600 baud that is two calls for each 400 bytes. A port is opened with O_NONBLOCK, so a write never waits; what
 * the system does not take is written when the port has room again. Does nothing on Windows.
 */
export function writeWithoutThread({ port }: SerialPort): void {
  if (port === undefined || !('poller' in port)) return;
  const unix: UnixPort = port;
  unix.write = async (bytes) => {
    for (let rest: Uint8Array = bytes; rest.length > 0;) {
      if (unix.fd === null) throw new Error('Port is not open');
      rest = rest.subarray(writePart(unix.fd, rest));
      if (rest.length === 0) return;
      await new Promise<void>((resolve, reject) => {
        unix.poller.once('writable', (error: Error | null) => (error === null ? resolve() : reject(error)));
      });
    }
  };
}

/** Number of bytes that the system took. */
function writePart(fd: number, bytes: Uint8Array): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    if (hasErrno(error, 'EAGAIN', 'EINTR')) return 0;
    throw error;
  }
}
