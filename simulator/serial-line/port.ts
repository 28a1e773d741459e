import type { Duplex } from 'node:stream';

import { openPty, reopenPty, type Libc } from '../pty/index.ts';

/** The control lines of a serial port, as the station sets them. */
export interface ControlLines {
  readonly dtr: boolean;
  readonly rts: boolean;
  readonly break: boolean;
}

/** The device's end of a port that a station opens by its path: a pty, or a TCP port with or without Telnet. */
export interface Port {
  /** The path that a station opens. */
  readonly path: string;
  /** The station reads the bytes written here, and vice versa. */
  readonly master: Duplex;
  /** The bit rate that the station has set on its end; `null` when unknown, and for plain TCP. */
  stationBaudRate(): number | null;
  /** Number of bytes that the station's computer has not read yet. */
  unreadBytes(): number;
  /** The control lines, where the kind of port has them. */
  readonly controlLines?: { onChange(listener: (lines: ControlLines) => void): void };
  /** Hangs up: a station that has the port open has lost it. */
  close(): void;
  /** Hangs up as `close` does, but reserves the path until the result is disposed. */
  unplug(): Disposable;
}

/** Creates the ports of one fixture, a new one each time the cable is plugged. */
export interface PortFactory {
  open(): Port;
  /** Opens a port under the same path as before, where possible. */
  reopen(path: string): Port;
}

/** Creates serial ports: a pty each time the cable is plugged. */
export function ptyPortFactory(libc: Libc): PortFactory {
  return { open: () => openPty(libc), reopen: (path) => reopenPty(libc, path) };
}
