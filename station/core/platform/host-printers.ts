/** A printer of this computer that is not a serial port. */
export interface HostPrinter {
  /** A queue of the operating system by its name, or a printer port by its path. */
  readonly kind: 'queue' | 'usb';
  readonly name: string;
  readonly title: string | null;
}

/** A queue as the operating system describes it. */
export interface QueueState {
  /** False: stopped, paused, or it takes no jobs. */
  readonly isWorking: boolean;
  /** Why, in the words of the system; null where it gives none. */
  readonly reason: string | null;
  /** Jobs that are not finished; null where that is not known. */
  readonly waiting: number | null;
}

/** The print system of the computer, and the printer ports that are not serial ports. */
export interface HostPrinters {
  /** Empty where the system has no printers or no print system. */
  list(signal: AbortSignal): Promise<readonly HostPrinter[]>;
  /** Faults: `printer-unreachable` for a queue that does not exist, `tool-missing`. */
  queueState(queue: string, signal: AbortSignal): Promise<QueueState>;
  /** Gives a job of bytes to a queue, which passes them on unchanged. Faults: as `queueState`. */
  printOn(queue: string, bytes: Uint8Array, signal: AbortSignal): Promise<void>;
}
