import { withDeadline } from '#node-kit/async/index.ts';
import { createTextEncoder, type TextEncodingName } from '#shared/codec/text-encoding.ts';
import { LineReader } from '#shared/codec/text-lines.ts';
import { AT_LINE_END } from '#shared/domain/at-module.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { atErrorText } from '#shared/words/index.ts';
import type { Clock, DevicePort } from '../../../core/platform/index.ts';
import type { SecretMask } from '../../../core/secret-mask/index.ts';
import { ONLY_ECHO, quoteText, Readability, silentFault, unreadableFault } from '../../serial-io/index.ts';
import { BoundedLines } from './bounded-lines.ts';
import { type FinalReply, readFinal } from './replies.ts';

/** Bounds the memory for a module that sends without a line end. */
const MAX_LINE_BYTES = 8192;
/** Bytes of an unreadable answer that its fault has. */
const MAX_FIRST_BYTES = 256;
const MAX_CHARACTERS = 16_384;
/** Abort reason of the write of an exchange that ended; shared, because creating an Error is expensive. */
const ENDED = new Fault('cancelled', 'the exchange has ended');

/** After this time a command is sent even while the module keeps sending. */
const MAX_SILENCE_WAIT_MS = 2000;

export interface ExchangeOptions {
  readonly timeoutMs: number;
  /** After `OK`, wait for this asynchronous result (`+TCMQTTCONN:OK`), named without the plus. */
  readonly result?: string;
  /** Pattern of a line of the answer. An `OK` without such a line is a late reply to an earlier command. */
  readonly answer?: RegExp;
  /** Pattern of a line before a `FAIL` without code; its first group is the code. */
  readonly reason?: RegExp;
  /** Replaces the command in faults when the command has a secret. */
  readonly shown?: string;
}

/** Listens for a line that comes unasked. */
export interface Listening<T> {
  /** Rejects with the fault of a lost port. */
  readonly heard: Promise<T>;
  stop(): void;
}

/** An exchange under way. */
interface Exchange {
  readonly lines: BoundedLines;
  /** A line matched the pattern of the answer. */
  isAnswered: boolean;
  accepted: boolean;
  /** The command came back. */
  echoed: boolean;
  receivedBytes: number;
  first: Uint8Array;
  readonly readability: Readability;
  readonly onLine: (line: string, noisy: boolean) => void;
  /** Ends the exchange, also while its command is being written. */
  readonly onLost: (fault: Fault) => void;
}

/** Lines of AT commands over a port: one command at a time, replies parsed tolerantly. */
export class AtChannel {
  readonly #port: DevicePort;
  readonly #clock: Clock;
  readonly #mask: SecretMask;
  readonly #encoding: TextEncodingName;
  readonly #reader: LineReader;
  readonly #encode: (text: string) => Uint8Array | null;
  #exchange: Exchange | null = null;
  #lost: Fault | null = null;
  #receivedChunks = 0;
  /** Each gets every line, and the fault of a lost port. */
  readonly #listeners = new Set<(line: string | Fault) => void>();

  constructor(
    port: DevicePort,
    options: { readonly clock: Clock; readonly mask: SecretMask; readonly encoding?: TextEncodingName },
  ) {
    const { clock, mask, encoding = 'utf-8' } = options;
    this.#port = port;
    this.#clock = clock;
    this.#mask = mask;
    this.#encoding = encoding;
    this.#reader = new LineReader(encoding, MAX_LINE_BYTES);
    this.#encode = createTextEncoder(encoding);
    port.onData((bytes) => this.#receive(bytes));
    port.onLost((fault) => {
      this.#lost = fault;
      this.#exchange?.onLost(fault);
      for (const listener of this.#listeners) listener(fault);
    });
  }

  /** Waits until nothing has come for `ms`, so that no late line is taken for the next answer; at most two seconds. */
  async waitForSilence(ms: number, signal: AbortSignal): Promise<void> {
    const deadlineMs = this.#clock.monotonicMs() + MAX_SILENCE_WAIT_MS;
    for (let before = -1; before !== this.#receivedChunks && this.#clock.monotonicMs() < deadlineMs;) {
      before = this.#receivedChunks;
      await this.#clock.sleep(ms, signal);
    }
  }

  /** Waits for the first line that `read` takes, within an exchange or outside of one. */
  listen<T>(read: (line: string) => T | null): Listening<T> {
    const { promise: heard, resolve, reject } = Promise.withResolvers<T>();
    // The port may be lost before the caller waits for it.
    heard.catch(() => undefined);
    const listener = (line: string | Fault): void => {
      if (line instanceof Fault) return reject(line);
      const found = read(line);
      if (found !== null) resolve(found);
    };
    this.#listeners.add(listener);
    if (this.#lost !== null) reject(this.#lost);
    return { heard, stop: () => void this.#listeners.delete(listener) };
  }

  /**
   * Sends a command and waits for its end. Returns the lines between, without echo and final lines. Faults:
   * `device-silent` after `timeoutMs` without an end, `device-unreadable` when only noise came, `device-rejected` with the
   * meaning of the code, `recipe-invalid` for a command that the encoding cannot write, `port-lost`, the signal's reason.
   */
  async exchange(command: string, options: ExchangeOptions, signal: AbortSignal): Promise<string[]> {
    throwIfAborted(signal);
    if (this.#lost !== null) throw this.#lost;
    const { timeoutMs, result, shown = command } = options;
    const ended = new AbortController();
    const until = AbortSignal.any([signal, ended.signal]);
    const { exchange, answered } = this.#begin(command, { ...options, shown }, ended);
    this.#exchange = exchange;
    // A command that cannot be sent fails before its end is awaited.
    answered.catch(() => undefined);
    const onTimeout = (): string[] => {
      // After the loss of a port a missing answer is no fault of the unit.
      if (this.#lost !== null) throw this.#lost;
      // The module sent OK without the expected answer: the caller has a fault for that.
      if (exchange.accepted && result === undefined) return exchange.lines.all;
      if (exchange.readability.isUnreadable(this.#reader.begun)) {
        const { receivedBytes, first } = exchange;
        const { path } = this.#port;
        const bytes = { path, receivedBytes, first, encoding: this.#encoding, mask: this.#mask };
        throw unreadableFault(bytes, shown, 'no text');
      }
      throw silentFault(this.#port, shown, timeoutMs, this.#describeReceived(exchange, command));
    };
    // The limit covers a port that takes no bytes (flow control, a stuck adapter) too, and then ends the write.
    const send = async (): Promise<string[]> => {
      const bytes = this.#encode(command + AT_LINE_END);
      if (bytes === null) throw notWritable(shown);
      await this.#port.write(bytes, until);
      return await answered;
    };
    try {
      return await withDeadline(send, { timeoutMs, signal, timer: this.#clock, onTimeout });
    } finally {
      ended.abort(ENDED);
      this.#exchange = null;
    }
  }

  #receive(bytes: Uint8Array): void {
    this.#receivedChunks += 1;
    const exchange = this.#exchange;
    if (exchange !== null) {
      exchange.first = Buffer.concat([exchange.first, bytes]).subarray(0, MAX_FIRST_BYTES);
      exchange.receivedBytes += bytes.length;
    }
    for (const line of this.#reader.push(bytes)) {
      exchange?.readability.add(line);
      exchange?.onLine(line.text.trim(), line.noise > 0);
      if (this.#listeners.size === 0) continue;
      const text = toPrintable(this.#mask.maskText(line.text));
      for (const listener of this.#listeners) listener(text);
    }
  }

  /** Received lines that are no answer, as the end of a sentence. */
  #describeReceived({ lines, echoed }: Exchange, command: string): string {
    const begun = toPrintable(this.#reader.begun.text);
    const isEcho = begun === command;
    const received = [...lines.all, ...(isEcho ? [] : [this.#mask.maskUnfinishedText(begun)])].filter(
      (line) => line !== '',
    );
    if (received.length > 0) return `only this came: ${quoteText(received.join('\n'))}`;
    return echoed || isEcho ? ONLY_ECHO : '';
  }

  #begin(
    command: string,
    { result, answer, shown, reason }: ExchangeOptions & { readonly shown: string },
    ended: AbortController,
  ): { readonly exchange: Exchange; readonly answered: Promise<string[]> } {
    const { promise: answered, resolve, reject } = Promise.withResolvers<string[]>();
    const exchange: Exchange = {
      lines: new BoundedLines(MAX_CHARACTERS),
      isAnswered: answer === undefined,
      accepted: false,
      echoed: false,
      receivedBytes: 0,
      first: new Uint8Array(),
      readability: new Readability(),
      onLost: (fault) => {
        reject(fault);
        ended.abort(fault);
      },
      onLine: (received, noisy) => {
        exchange.echoed ||= received === command;
        if (received === '' || received === command) return;
        const line = this.#mask.maskText(received);
        const final = readFinal(toPrintable(line), result, noisy);
        if (final === null) {
          exchange.isAnswered ||= answer?.test(line) ?? false;
          exchange.lines.add(line);
        } else if (final.kind === 'error')
          reject(rejected(shown, withReason(final, exchange.lines.all, reason)));
        else {
          exchange.accepted = true;
          // Some firmware sends the result line before the OK, or no OK at all: the result decides.
          const isFinal = final.kind === 'done' || result === undefined;
          if (isFinal && exchange.isAnswered) resolve(exchange.lines.all);
        }
      },
    };
    return { exchange, answered };
  }
}

// eslint-disable-next-line no-control-regex -- removes control characters between the words of a reply
const UNPRINTABLE = /[\u0000-\u001f\u007f]+/g;

/** The end of a command is recognised by its words, with noise between them as a blank. */
function toPrintable(line: string): string {
  return line.replace(UNPRINTABLE, ' ').trim();
}

function notWritable(shown: string): Fault {
  return new Fault('recipe-invalid', `${shown} cannot be written in the encoding of this device`, {
    hint: 'See device.serial.encoding of the recipe.',
  });
}

type FinalError = Extract<FinalReply, { kind: 'error' }>;

/** The error with the code that a line before it has. */
function withReason(final: FinalError, lines: readonly string[], reason: RegExp | undefined): FinalError {
  if (reason === undefined || final.code !== null) return final;
  const found = lines.map((line) => reason.exec(line)).find((match) => match !== null);
  return found === undefined ? final : { ...final, code: Number(found[1]) };
}

function rejected(shown: string, final: FinalError): Fault {
  const meaning = final.code === null ? null : atErrorText(final.code);
  const error = final.code === null ? final.text : `error ${final.code}`;
  return new Fault(
    'device-rejected',
    `the unit refused ${shown}: ${error}${meaning === null ? '' : ` (${meaning.en})`}`,
    {
      hint: 'Try once more; when it fails again, the unit is faulty.',
      details: {
        command: shown,
        code: final.code,
        ...(meaning === null ? {} : { 'meaning.en': meaning.en, 'meaning.zh-CN': meaning['zh-CN'] }),
      },
    },
  );
}
