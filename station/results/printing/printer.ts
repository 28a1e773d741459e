import { Sequencer, withDeadline } from '#node-kit/async/index.ts';
import type { PrinterSetting, PrinterState } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { printerQueueOf } from '#shared/domain/label-printer.ts';
import type { DevicePort, Platform, QueueState } from '../../core/platform/index.ts';
import { SILENT, STATUS_QUESTIONS } from './status.ts';

/** Prints labels that are ready in the language of the printer, one after another. */
export interface Printer {
  /** Faults: `not-configured`, `printer-unreachable`, the signal's reason. */
  state(signal: AbortSignal): Promise<PrinterState>;
  /**
   * Sends a label and waits until it came out. `isConfirmed` is false where the printer says nothing about itself: whether
   * it came out is then not known. After a fault other than `printer-lost` nothing was sent, unless its detail `isHeld` is
   * true: the printer then has the label and prints it when it can. `beforeFirstByte` is called when the printer is ready and
   * before anything is sent; when it throws, nothing is.
   * Faults: `not-configured`, `printer-unreachable`, `printer-not-ready`, `printer-lost`, the signal's reason.
   */
  print(
    label: Uint8Array,
    signal: AbortSignal,
    beforeFirstByte?: () => void,
  ): Promise<{ readonly isConfirmed: boolean; readonly state: PrinterState }>;
}

/** The longest wait for an answer. Printers answer within some tens of milliseconds. */
const ANSWER_MS = 5_000;
/** The longest wait until a printer has taken a label, beside the time of its line, and until a label came out. */
const LABEL_MS = 30_000;
const POLL_MS = 150;
/** What a printer may say in one answer; more is no answer. */
const MAX_ANSWER_BYTES = 4_096;

export interface StationPrinterOptions {
  readonly platform: Pick<Platform, 'clock' | 'devicePorts' | 'hostPrinters'>;
  /** What is set when a label is printed; `null` for no printer. */
  readonly setting: () => PrinterSetting | null;
}

/** The label printer of the station, which all slots share. */
export class StationPrinter implements Printer {
  readonly #options: StationPrinterOptions;
  readonly #turns = new Sequencer();

  constructor(options: StationPrinterOptions) {
    this.#options = options;
  }

  state(signal: AbortSignal): Promise<PrinterState> {
    return this.#turns.run(async () => {
      const setting = this.#requireSetting();
      const queue = printerQueueOf(setting.place);
      if (queue !== null) return this.#queueState(queue, signal);
      await using line = await this.#open(setting, signal);
      return await line.ask(signal);
    }, signal);
  }

  print(
    label: Uint8Array,
    signal: AbortSignal,
    beforeFirstByte: () => void = () => undefined,
  ): Promise<{ isConfirmed: boolean; state: PrinterState }> {
    return this.#turns.run(async () => {
      const setting = this.#requireSetting();
      const queue = printerQueueOf(setting.place);
      if (queue !== null) return this.#printOnQueue(queue, label, signal, beforeFirstByte);
      await using line = await this.#open(setting, signal);
      const before = await line.ask(signal);
      requireWorking(before, setting, false);
      beforeFirstByte();
      await line.send(label, signal);
      const after = await this.#whenPrinted(line, setting, before, signal);
      return { isConfirmed: after.condition === 'ready', state: after };
    }, signal);
  }

  #requireSetting(): PrinterSetting {
    const setting = this.#options.setting();
    if (setting !== null) return setting;
    throw new Fault('not-configured', 'this station has no label printer', {
      hint: 'Set it up on the station page, under "Label printer".',
    });
  }

  async #open(setting: PrinterSetting, signal: AbortSignal): Promise<PrinterLine> {
    const { clock, devicePorts } = this.#options.platform;
    try {
      const port = await devicePorts.open(setting.place, { baudRate: setting.baudRate }, signal);
      return new PrinterLine(port, setting, clock);
    } catch (error) {
      throw unreachable(setting.place, error);
    }
  }

  /** Asks until the label came out. */
  async #whenPrinted(
    line: PrinterLine,
    setting: PrinterSetting,
    before: PrinterState,
    signal: AbortSignal,
  ): Promise<PrinterState> {
    const { clock } = this.#options.platform;
    const endMs = clock.monotonicMs() + LABEL_MS;
    // An answer that comes now may be that to the question before the label; the one after it is not.
    let mayBeEarlier = before.condition === 'silent';
    for (;;) {
      const state = await line.ask(signal);
      if (state.condition === 'silent') {
        // It said nothing before, either: whether the label came out cannot be known.
        if (before.condition === 'silent') return state;
        throw lost(setting.place, 'it answers no longer');
      }
      if (mayBeEarlier) {
        mayBeEarlier = false;
        continue;
      }
      requireWorking(state, setting, true);
      if ((state.waiting ?? 0) === 0) return state;
      if (clock.monotonicMs() >= endMs) throw lost(setting.place, 'the label did not come out in time');
      await clock.sleep(POLL_MS, signal);
    }
  }

  async #queueState(queue: string, signal: AbortSignal): Promise<PrinterState> {
    return stateOfQueue(await this.#hostPrinters().queueState(queue, signal));
  }

  async #printOnQueue(
    queue: string,
    label: Uint8Array,
    signal: AbortSignal,
    beforeFirstByte: () => void,
  ): Promise<{ isConfirmed: boolean; state: PrinterState }> {
    const printers = this.#hostPrinters();
    const before = await printers.queueState(queue, signal);
    if (!before.isWorking) throw notReady(`queue:${queue}`, 'offline', false, before.reason);
    beforeFirstByte();
    await printers.printOn(queue, label, signal);
    return { isConfirmed: false, state: stateOfQueue(await printers.queueState(queue, signal)) };
  }

  #hostPrinters(): NonNullable<Platform['hostPrinters']> {
    const { hostPrinters } = this.#options.platform;
    if (hostPrinters !== undefined) return hostPrinters;
    throw new Fault('not-configured', 'the print queues of this computer cannot be used here', {
      hint: 'Choose a network address or a port.',
    });
  }
}

/** A queue that works says nothing about its printer. */
function stateOfQueue({ isWorking, waiting }: QueueState): PrinterState {
  return isWorking ? { ...SILENT, waiting } : { condition: 'stopped', problems: ['offline'], waiting };
}

/** An open connection to a printer. */
class PrinterLine implements AsyncDisposable {
  readonly #port: DevicePort;
  readonly #setting: PrinterSetting;
  readonly #clock: Platform['clock'];
  #received = Buffer.alloc(0);
  #onChange: () => void = () => undefined;
  #lost: Fault | null = null;

  constructor(port: DevicePort, setting: PrinterSetting, clock: Platform['clock']) {
    this.#port = port;
    this.#setting = setting;
    this.#clock = clock;
    port.onData((bytes) => {
      this.#received = Buffer.concat([this.#received, bytes]).subarray(0, MAX_ANSWER_BYTES);
      this.#onChange();
    });
    port.onLost((fault) => {
      this.#lost = fault;
      this.#onChange();
    });
  }

  /** Faults: `printer-unreachable` when it closes the connection or answers in another language. */
  async ask(signal: AbortSignal): Promise<PrinterState> {
    const { language, place } = this.#setting;
    const question = STATUS_QUESTIONS[language];
    // The rest of an answer that came too late is not the answer to this question.
    this.#received = Buffer.alloc(0);
    const { promise, resolve, reject } = Promise.withResolvers<PrinterState>();
    this.#onChange = () => {
      const state = question.read(this.#received);
      if (state === 'garbled') reject(otherLanguage(place, language));
      else if (state !== null) resolve(state);
      else if (this.#lost !== null) reject(lost(place, this.#lost.message, this.#lost));
    };
    promise.catch(() => undefined);
    this.#onChange();
    await this.#write(question.bytes, signal);
    return withDeadline(promise, {
      timeoutMs: ANSWER_MS,
      signal,
      timer: this.#clock,
      onTimeout: () => SILENT,
    });
  }

  /** Faults: `printer-lost`, also when it does not take all of the label; the signal's reason. */
  async send(label: Uint8Array, signal: AbortSignal): Promise<void> {
    const { place, baudRate } = this.#setting;
    await withDeadline(this.#write(label, signal), {
      // A printer without paper may take no bytes. A serial line takes ten bits for each byte.
      timeoutMs: LABEL_MS + (label.length * 10_000) / baudRate,
      signal,
      timer: this.#clock,
      onTimeout: () => {
        throw lost(place, 'it does not take the label');
      },
    });
  }

  async #write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    try {
      await this.#port.write(bytes, signal);
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'port-lost') throw error;
      throw lost(this.#setting.place, error.message, error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#onChange = () => undefined;
    await this.#port[Symbol.asyncDispose]();
  }
}

/** @param isHeld the label was sent: it comes out when the printer can print again */
function requireWorking(state: PrinterState, { place }: PrinterSetting, isHeld: boolean): void {
  if (state.condition === 'stopped') throw notReady(place, state.problems[0] ?? 'other', isHeld, null);
}

function notReady(
  place: string,
  problem: PrinterState['problems'][number],
  isHeld: boolean,
  reason: string | null,
): Fault {
  const held = isHeld ? '; it has the label and prints it when it can' : '';
  return new Fault(
    'printer-not-ready',
    `the label printer ${place} does not print: ${problem}${reason === null ? '' : ` (${reason})`}${held}`,
    {
      hint: 'Look at paper, ribbon, print head and the pause key of the printer.',
      details: { place, problem, isHeld },
    },
  );
}

function lost(place: string, why: string, cause?: unknown): Fault {
  return new Fault('printer-lost', `the label printer ${place} was lost: ${why}`, {
    hint: 'Look whether the label came out before it is printed again.',
    details: { place },
    cause,
  });
}

function otherLanguage(place: string, language: string): Fault {
  return new Fault(
    'printer-unreachable',
    `what is at ${place} answers, but not in ${language.toUpperCase()}`,
    {
      hint: 'Check the language of the printer, and that the address is that of a label printer.',
      details: { place },
    },
  );
}

/** A fault of opening a port, in words about a printer. Any other error is thrown as it is. */
function unreachable(place: string, error: unknown): unknown {
  const isOfPort = error instanceof Fault && error.code.startsWith('port-');
  if (!isOfPort) return error;
  return new Fault('printer-unreachable', `the label printer ${place} cannot be reached: ${error.message}`, {
    hint: 'Check its power, its cable and its address.',
    details: { place },
    cause: error,
  });
}
