import type { Fault } from '#shared/domain/fault.ts';

/** A wire to a unit: bytes out, bytes in, lost or closed. Serial, TCP or a recording being replayed. */
export interface ByteLink extends AsyncDisposable {
  /** Where it leads, for people: a port's path or an address. */
  readonly path: string;
  /**
   * Resolves when the bytes have left this computer. A port may take none (flow control): the signal ends that, too.
   * Faults: `port-lost`, the signal's reason.
   */
  write(bytes: Uint8Array, signal?: AbortSignal): Promise<void>;
  /** One listener at a time; what arrives without one is kept for the next. */
  onBytes(listener: ((bytes: Uint8Array) => void) | null): void;
  /**
   * The wire is gone: `port-lost` (cable pulled, port removed), or `port-busy` when another program reads it too. Called
   * once, at once when it already is.
   */
  onLost(listener: (fault: Fault) => void): void;
  /** Control lines of a serial port; absent on a wire that has none. Faults: `port-lost`, `not-configured`. */
  setLines?(lines: { readonly dtr?: boolean; readonly rts?: boolean; readonly brk?: boolean }): Promise<void>;
}

export interface SerialSettings {
  readonly baudRate: number;
  /** 8 when left out. */
  readonly dataBits?: 7 | 8;
  /** None when left out. */
  readonly parity?: 'none' | 'even' | 'odd';
  /** 1 when left out. */
  readonly stopBits?: 1 | 2;
  /** None when left out. */
  readonly flowControl?: 'none' | 'rts-cts';
}

/** A serial port that is there now. */
export interface PortInfo {
  /** What the system calls it now. */
  readonly path: string;
  /**
   * Where it is plugged in, which its name does not tell: the same socket of the same hub has the same place, whatever
   * was plugged in before or elsewhere. `usb:1-1.4` is bus 1, socket 1, socket 4 of the hub there; `null` for a port
   * that is not on USB.
   */
  readonly place: string | null;
  /** What its adapter says of itself. */
  readonly title: string | null;
}

/** The serial ports of this computer. */
export interface SerialPorts {
  /**
   * Opens a port by its path or, where they can be listed, by its place. Faults: `port-missing`, `port-busy`,
   * `port-denied`, each with the path and what to do.
   */
  open(path: string, settings: SerialSettings, signal: AbortSignal): Promise<ByteLink>;
  /** What is there now; absent where nobody can tell. */
  list?(): Promise<readonly PortInfo[]>;
  /** Other programs that have a port open now, as the fault `port-busy`; `null` when none is known. */
  othersOn?(path: string): Promise<Fault | null>;
}
