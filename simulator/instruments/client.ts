import { Sequencer } from '#node-kit/async/index.ts';
import { delay } from '../platform/index.ts';
import type { ActiveInstrumentFaults } from './faults.ts';
import type { Interpreter } from './scpi/interpreter.ts';

/** Longest program message; the input buffer of a real instrument is of this size, too. */
const MAX_MESSAGE_BYTES = 65_536;
const LF = 0x0a;

export interface ClientOptions {
  readonly interpreter: Interpreter;
  readonly faults: ActiveInstrumentFaults;
  readonly timeScale: number;
  readonly send: (bytes: Uint8Array) => void;
  /** Breaks the connection. */
  readonly drop: () => void;
}

/** One connection to an instrument: collects its bytes to messages, and executes them in order. */
export class Client {
  readonly #options: ClientOptions;
  readonly #messages = new Sequencer();
  readonly #closed = new AbortController();
  /** Answers that later ones may overtake. */
  readonly #pending = new Set<Promise<void>>();
  #input: Buffer = Buffer.alloc(0);

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  receive(bytes: Uint8Array): void {
    this.#input = Buffer.concat([this.#input, bytes]);
    for (let end = this.#input.indexOf(LF); end >= 0; end = this.#input.indexOf(LF)) {
      const message = this.#input.subarray(0, end).toString('latin1').trim();
      this.#input = this.#input.subarray(end + 1);
      if (message === '') continue;
      this.#messages.run(() => this.#execute(message)).catch(() => undefined);
    }
    if (this.#input.length > MAX_MESSAGE_BYTES) {
      this.#input = Buffer.alloc(0);
      this.#options.interpreter.status.add('-102');
    }
  }

  /** Ends what is under way; nothing is sent any more. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#messages.whenIdle();
  }

  async #execute(message: string): Promise<void> {
    const { interpreter, faults, timeScale, send, drop } = this.#options;
    const { signal } = this.#closed;
    signal.throwIfAborted();
    await delay((faults.take('slow')?.ms ?? 0) * timeScale, signal);
    if (/^\*(OPC|WAI)/i.test(message)) await Promise.all(this.#pending);
    const isQuestion = message.includes('?');
    if (isQuestion && faults.take('drop') !== null) return drop();
    const response = await interpreter.execute(message, signal);
    if (!/^:?SYST/i.test(message)) {
      const error = faults.take('error');
      if (error !== null) interpreter.status.add(error.code);
    }
    if (response === null || faults.take('silent') !== null) return;
    if (faults.take('garbage') !== null)
      return send(Buffer.from([0x00, 0xff, 0x81, 0x9d, 0xfe, 0x00, 0x80, LF]));
    const whole = Buffer.concat([response, Buffer.of(LF)]);
    const isOwn = /^\*|^:?SYST/i.test(message);
    const late = faults.take('late-answer', ({ overtaken }) => !(overtaken && isOwn));
    if (late?.overtaken === true) return this.#sendPending(whole, late.ms);
    // Answers come in the order of the questions (IEEE 488.2): the next message waits.
    await delay((late?.ms ?? 0) * timeScale, signal);
    send(faults.take('cut') === null ? whole : whole.subarray(0, Math.floor(whole.length / 2)));
    const second = faults.take('two-lines');
    if (second !== null) this.#sendLater(Buffer.from(`${second.text}\n`), second.ms).catch(() => undefined);
  }

  /** Whatever else is executed and answered until then. */
  async #sendLater(bytes: Uint8Array, ms: number): Promise<void> {
    const { timeScale, send } = this.#options;
    await delay(ms * timeScale, this.#closed.signal);
    send(bytes);
  }

  /** As `#sendLater`, for an answer that `*OPC?` waits for. */
  #sendPending(bytes: Uint8Array, ms: number): void {
    const sent = this.#sendLater(bytes, ms)
      .catch(() => undefined)
      .finally(() => this.#pending.delete(sent));
    this.#pending.add(sent);
  }
}
