import type { Json } from '#shared/codec/json-value.ts';
import type { Fault } from '#shared/domain/fault.ts';
import type { Clock } from './host.ts';

/** A byte stream to a device: a serial port, a TCP connection, or a recording that is replayed. */
export interface DevicePort extends AsyncDisposable {
  /** The port's path or address, for people. */
  readonly path: string;
  /**
   * Resolves when the bytes have left this computer. A port may take none for any time (flow control); the signal ends the
   * wait, and a serial port drops the bytes that were not sent. Faults: `port-lost`, the signal's reason.
   */
  write(bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Sets the one listener for received bytes; those that come without one are buffered for the next. */
  onData(listener: ((bytes: Uint8Array) => void) | null): void;
  /**
   * Gives back bytes that belong to the next listener, which receives them before all others. To be called when there is no listener.
   * Absent on a port that was not opened by a host.
   */
  unread?(bytes: Uint8Array): void;
  /**
   * Calls `listener` once when the port is lost, at once when it already is: `port-lost` (cable pulled, port removed), or
   * `port-busy` when another program reads it too.
   */
  onLost(listener: (fault: Fault) => void): void;
  /** Absent on a port without control lines. Faults: `port-lost`, `not-configured`. */
  setControlLines?(lines: {
    readonly dtr?: boolean;
    readonly rts?: boolean;
    readonly brk?: boolean;
  }): Promise<void>;
  /**
   * Changes the speed of the open port; bytes that were written before are sent at the old speed. Absent on a port without a
   * speed. Faults: `port-lost`, `not-configured` for a speed that the port does not have.
   */
  setBaudRate?(baudRate: number): Promise<void>;
  /**
   * Closes the port while `work` runs, so that another program can open `path`, and opens it again with its first settings;
   * the listeners stay. Absent on a port that was not opened by a host. Faults: those of `work`; those of `DevicePorts.open`
   * when the port does not come back in ten seconds, with which it is lost.
   */
  lend?<T>(work: (path: string) => Promise<T>): Promise<T>;
  /**
   * Gives the port to one operation, such as the writing of a flash: until `work` ends, no other listener receives from it. In a
   * recorded run the whole operation is one request: its progress, its result and the lines of its trace are recorded, and
   * its bytes are not. In a replay `work` is not called, and the recorded progress and result come. Absent on a real port,
   * see `runTransfer`. Faults: those of `work`.
   *
   * @param name names the operation; a replay finds it by this name. Never a secret
   */
  transfer?(
    name: string,
    work: (raw: DevicePort, tools: TransferTools) => Promise<Json>,
    onProgress: (progress: Json) => void,
    signal: AbortSignal,
  ): Promise<Json>;
}

/** What an operation that has the port for itself uses in place of the clock and the notes of the run. */
export interface TransferTools {
  /** Real time, whose waits are not recorded. */
  readonly clock: Clock;
  /** Reports progress, which is recorded; at most ten times a second. */
  progress(value: Json): void;
  /** Writes a line about the protocol to the recording: a command, a status, a reset, a change of the speed. */
  trace(line: string): void;
}

export interface SerialSettings {
  readonly baudRate: number;
  /** Default: 8. */
  readonly dataBits?: 7 | 8;
  /** Default: none. */
  readonly parity?: 'none' | 'even' | 'odd';
  /** Default: 1. */
  readonly stopBits?: 1 | 2;
  /** Default: none. */
  readonly flowControl?: 'none' | 'rts-cts';
}

/** A serial port of this computer. */
export interface PortInfo {
  /** Its present path, which may change when it is plugged in again. */
  readonly path: string;
  /**
   * The USB location that it is plugged into, which stays the same whatever is plugged in elsewhere. `usb:1-1.4` is bus 1,
   * socket 1, socket 4 of the hub there; null for a port that is not on USB.
   */
  readonly usbPath: string | null;
  /** The name that its adapter reports. */
  readonly title: string | null;
  /** The serial number that its adapter reports; absent where it has none. Adapters of one kind may have the same. */
  readonly serialNumber?: string | null;
}

/** Opens ports to devices. */
export interface DevicePorts {
  /**
   * Opens a port by its path, its address, or, where ports can be listed, its USB location. Faults: `port-missing`,
   * `port-busy`, `port-denied`, `bad-input` for an address that is none, the signal's reason.
   */
  open(path: string, settings: SerialSettings, signal: AbortSignal): Promise<DevicePort>;
  /** The serial ports of this computer; absent where they cannot be listed. */
  list?(): Promise<readonly PortInfo[]>;
  /** Fault `port-busy` when other programs have the port open now, else null. */
  findOtherHolders?(path: string): Promise<Fault | null>;
}
