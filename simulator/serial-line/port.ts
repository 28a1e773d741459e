import type { Duplex } from 'node:stream';

/** The device's end of something that a station opens by its path: a pty, a TCP port. */
export interface Port {
  /** What the station opens. */
  readonly path: string;
  /** Bytes written here are read by the station, and the other way round. */
  readonly master: Duplex;
  /** The rate in bit/s that the station has set on its end; `null` when unknown, or where there is none. */
  stationBaudRate(): number | null;
  /** Bytes the station's computer has not taken yet. */
  unreadBytes(): number;
  /** Hangs up: whoever has it open has lost it. */
  close(): void;
  /** Hangs up as `close` does, and lets nobody else have its name until what it returns is disposed of. */
  unplug(): Disposable;
}

/** Where a fixture's ports come from, one at a time: each time the cable goes in there is a new one. */
export interface Outlet {
  open(): Port;
  /** Under the same path as before where that is possible. */
  reopen(path: string): Port;
}
