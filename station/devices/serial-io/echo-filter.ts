import { Sequencer, withDeadline } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { counted } from '#shared/words/index.ts';
import type { Clock, DevicePort } from '../../core/platform/index.ts';
import { GLITCH_BYTES } from './readability.ts';

/** An echo comes with the bytes; a network converter may delay it by up to this time. */
const ECHO_DELAY_MS = 1000;
/**
 * A send while the unit sends spoils both, so a send waits until nothing has come for this time. A USB adapter delivers in
 * steps of up to 16 ms.
 */
const SILENCE_MS = 20;
/** After this many waits for silence the send begins anyway. */
const MAX_SILENCE_WAITS = 50;
/** Bits of a character with start, parity and two stop bits. */
const BITS_PER_BYTE = 12;

/**
 * Removes the echo from a port whose line returns every byte that is sent (`device.echo`): a send ends when its bytes
 * have come back, and the listener gets everything but them. A glitch of the driver before the echo is dropped too. One
 * send is under way at a time, and none begins while something comes.
 *
 * Faults of `write` besides those of the port: `echo-missing`, which each further send repeats until the missing bytes
 * have come; `echo-changed`, after which nothing is received until the next send.
 */
export function filterEcho(port: DevicePort, clock: Clock, baudRate: number): DevicePort {
  return new EchoFilter(port, clock, baudRate);
}

class EchoFilter implements DevicePort {
  readonly setControlLines?: NonNullable<DevicePort['setControlLines']>;
  readonly #port: DevicePort;
  readonly #clock: Clock;
  readonly #baudRate: number;
  #echo: Echo | null = null;
  readonly #sends = new Sequencer();
  #hasReceived = false;
  #isAboutToSend = false;

  constructor(port: DevicePort, clock: Clock, baudRate: number) {
    this.#port = port;
    this.#clock = clock;
    this.#baudRate = baudRate;
    const { setControlLines } = port;
    if (setControlLines !== undefined) this.setControlLines = setControlLines.bind(port);
    port.onLost((fault) => this.#echo?.fail(fault));
  }

  get path(): string {
    return this.#port.path;
  }

  write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    if (bytes.length === 0) return this.#port.write(bytes, signal);
    return this.#sends.run(() => this.#send(bytes, signal), signal);
  }

  onData(listener: ((bytes: Uint8Array) => void) | null): void {
    if (listener === null) return this.#port.onData(null);
    this.#port.onData((bytes) => {
      const rest = this.#echo === null ? bytes : this.#echo.takeFrom(bytes);
      this.#hasReceived ||= rest.length > 0 || this.#echo?.state === 'changed';
      // Bytes that come before the send are no answer to it.
      if (rest.length > 0 && !this.#isAboutToSend) listener(rest);
    });
  }

  onLost(listener: (fault: Fault) => void): void {
    this.#port.onLost(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#port[Symbol.asyncDispose]();
  }

  async #waitForSilence(signal: AbortSignal): Promise<void> {
    this.#isAboutToSend = true;
    try {
      for (let waits = 0; this.#hasReceived && waits < MAX_SILENCE_WAITS; waits++) {
        this.#hasReceived = false;
        await this.#clock.sleep(SILENCE_MS, signal);
      }
    } finally {
      this.#isAboutToSend = false;
    }
  }

  async #send(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    await this.#waitForSilence(signal);
    // The bytes of an earlier send may still come, and would be taken for the echo of this one.
    if (this.#echo?.state === 'coming') throw missingEcho(this.path, this.#echo, 'an earlier send');
    const echo = new Echo(bytes);
    this.#echo = echo;
    const timeoutMs = ECHO_DELAY_MS + Math.ceil((bytes.length * BITS_PER_BYTE * 1000) / this.#baudRate);
    await this.#port.write(bytes, signal);
    const limit = { timeoutMs, signal, timer: this.#clock, onTimeout: () => undefined };
    await withDeadline(echo.returned, limit);
    if (echo.state === 'coming') throw missingEcho(this.path, echo, 'what was sent', timeoutMs);
    if (echo.state === 'changed') throw changedEcho(this.path, echo);
  }
}

const MISSING_HINT =
  'Check the adapter and the wires to it. If this line has no echo, remove device.echo from the recipe.';
const CHANGED_HINT =
  'The unit, or another one on the bus, sent at the same time, or the wires or the baud rate are wrong. If this line has no echo, remove device.echo from the recipe.';

/** The fault does not have the bytes: they may be a secret. */
function missingEcho(path: string, { matched, sent }: Echo, of: string, timeoutMs?: number): Fault {
  const within = timeoutMs === undefined ? '' : ` in ${timeoutMs} ms`;
  const received = `${matched} of ${counted(sent.length, 'byte')}`;
  return new Fault('echo-missing', `the echo of ${of} did not come on ${path}${within}: ${received}`, {
    hint: MISSING_HINT,
    details: { port: path, sent: sent.length, received: matched },
  });
}

function changedEcho(path: string, { matched, sent }: Echo): Fault {
  const which = `byte ${matched + 1} of ${sent.length}`;
  return new Fault('echo-changed', `the echo of what was sent came changed on ${path}: ${which} differs`, {
    hint: CHANGED_HINT,
    details: { port: path, sent: sent.length, received: matched },
  });
}

/** A possible beginning of an echo: `skip` bytes of a glitch, then what was sent. */
interface Alignment {
  readonly skip: number;
  fits: boolean;
}

/** The echo of one send. */
class Echo {
  readonly sent: Uint8Array;
  readonly #returned = Promise.withResolvers<void>();
  readonly #alignments: Alignment[];
  #received = 0;
  state: 'coming' | 'returned' | 'changed' = 'coming';
  /** How many of the sent bytes came back unchanged. */
  matched = 0;

  constructor(sent: Uint8Array) {
    this.sent = Uint8Array.from(sent);
    this.#alignments = Array.from({ length: GLITCH_BYTES + 1 }, (_, skip) => ({ skip, fits: true }));
    this.#returned.promise.catch(() => undefined);
  }

  /** Resolves when all bytes are back. Faults: that of `fail`. */
  get returned(): Promise<void> {
    return this.#returned.promise;
  }

  fail(fault: Fault): void {
    this.#returned.reject(fault);
  }

  /** Takes the echo from received bytes; returns the bytes after it, none until it is complete or when it is changed. */
  takeFrom(bytes: Uint8Array): Uint8Array {
    let offset = 0;
    while (offset < bytes.length && this.state === 'coming') this.#take(bytes[offset++] ?? 0);
    return this.state === 'returned' ? bytes.subarray(offset) : new Uint8Array();
  }

  #take(byte: number): void {
    const position = this.#received++;
    for (const alignment of this.#alignments) {
      const { skip } = alignment;
      alignment.fits &&= position < skip ? byte === 0 || byte === 0xff : byte === this.sent[position - skip];
      if (alignment.fits) this.matched = Math.max(this.matched, this.#received - skip);
    }
    if (this.matched === this.sent.length) {
      this.state = 'returned';
      this.#returned.resolve();
    } else if (!this.#alignments.some(({ fits }) => fits)) this.state = 'changed';
  }
}
