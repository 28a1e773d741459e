import type { PrinterHealth } from '#shared/contract/index.ts';
import type { LabelPrintState } from '#shared/domain/label-print.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Printer } from './printer.ts';

export interface PrinterWatchOptions {
  readonly printer: Printer;
  /** False for a station without a printer: it is not asked. */
  readonly isSet: () => boolean;
  readonly publish: (health: PrinterHealth) => void;
}

/** How often the printer is asked. */
const EVERY_MS = 15_000;
const NOT_KNOWN: PrinterHealth = { state: null, fault: null };

/** Asks the station's printer from time to time, so that pages say what is wrong with it before a label is needed. */
export class PrinterWatch {
  readonly #options: PrinterWatchOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #closing = new AbortController();
  #health = NOT_KNOWN;
  #asking: Promise<void> | null = null;

  constructor(options: PrinterWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.refresh(), EVERY_MS);
    // The timer alone must not keep the process running.
    this.#timer.unref();
    void this.refresh();
  }

  state(): PrinterHealth {
    return this.#health;
  }

  /** Asks now; one question at a time. */
  refresh(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => (this.#asking = null));
    return this.#asking;
  }

  /** A label that did not come out, or one that came out after a problem, says that the printer has changed. */
  printEnded(state: LabelPrintState): void {
    const { state: known, fault } = this.#health;
    const hadProblem = fault !== null || known?.condition === 'stopped';
    const hasProblem = state === 'failed' || state === 'held' || state === 'unconfirmed';
    if (hasProblem || (hadProblem && state === 'printed')) void this.refresh();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#closing.abort(new Fault('cancelled', 'the station was closed'));
    await this.#asking;
  }

  async #ask(): Promise<void> {
    const health = await this.#read();
    if (this.#closing.signal.aborted || JSON.stringify(health) === JSON.stringify(this.#health)) return;
    this.#health = health;
    this.#options.publish(health);
  }

  async #read(): Promise<PrinterHealth> {
    const { isSet, printer } = this.#options;
    if (!isSet() || this.#closing.signal.aborted) return NOT_KNOWN;
    try {
      return { state: await printer.state(this.#closing.signal), fault: null };
    } catch (error) {
      if (error instanceof Fault) return { state: null, fault: error.toView() };
      throw error;
    }
  }
}
