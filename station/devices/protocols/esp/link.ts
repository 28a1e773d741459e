import { withDeadline } from '#node-kit/async/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { Clock, DevicePort } from '../../../core/platform/index.ts';
import { type Command, COMMANDS, hexOf, STATUS_WORDS, wordAt, words } from './commands.ts';
import { slipFrame, SlipReader } from './slip.ts';

/** READ_FLASH sends packets of 4096 bytes; every other frame is shorter. */
const MAX_FRAME_BYTES = 8192;
/** Frames that wait to be taken; the loader sends one for each command, and eight for SYNC. */
const MAX_WAITING_FRAMES = 64;
const HEADER_BYTES = 8;
const DEFAULT_TIMEOUT_MS = 3000;
/** A write lasts as long as its bytes are on the line, at 9600 baud and more. A port that takes none does not end it. */
const WRITE_TIMEOUT_MS = 3000;
const SLOWEST_MS_PER_BYTE = 1;
/** Text that came outside of frames, for the boot log. */
const MAX_HEARD_BYTES = 2048;
const INVALID_MESSAGE = 0x05;

export interface Reply {
  readonly value: number;
  /** Without the status. */
  readonly data: Uint8Array;
}

export interface CommandOptions {
  /** Checksum of a block. */
  readonly checksum?: number;
  /** Length of the data in the reply; it comes before the status. */
  readonly dataBytes?: number;
  readonly timeoutMs?: number;
}

export interface LinkOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Requests and replies of a loader on a port. Disposing removes its listener from the port. */
export class EspLink implements Disposable {
  readonly port: DevicePort;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly #reader: SlipReader;
  #frames: Uint8Array[] = [];
  #heard: Uint8Array = new Uint8Array();
  #waiting: PromiseWithResolvers<Uint8Array> | null = null;
  #lost: Fault | null = null;
  /** The reply to this command is the last frame; `null` while it was not sent. */
  #lastCommand: number | null = null;

  constructor(port: DevicePort, { clock, signal }: LinkOptions) {
    this.port = port;
    this.clock = clock;
    this.signal = signal;
    this.#reader = new SlipReader(MAX_FRAME_BYTES, (frame) => this.#take(frame));
    port.onData((bytes) => {
      const heard = Buffer.concat([this.#heard, bytes.subarray(-MAX_HEARD_BYTES)]);
      this.#heard = heard.subarray(-MAX_HEARD_BYTES);
      const rest = this.#reader.push(bytes);
      if (rest.length > 0) this.port.unread?.(rest);
    });
    port.onLost((fault) => {
      this.#lost = fault;
      this.#waiting?.reject(fault);
    });
  }

  /** The last bytes that came, as text. */
  get heard(): string {
    return Buffer.from(this.#heard).toString('latin1');
  }

  /** Forgets what came. */
  flush(): void {
    this.#frames = [];
    this.#heard = new Uint8Array();
    this.#reader.reset();
  }

  sleep(ms: number): Promise<void> {
    return this.clock.sleep(ms, this.signal);
  }

  /** Faults: `device-silent` when the port does not take the bytes in time, `port-lost`, the signal's reason. */
  async write(bytes: Uint8Array): Promise<void> {
    throwIfAborted(this.signal);
    const given = new AbortController();
    await withDeadline(this.port.write(bytes, AbortSignal.any([this.signal, given.signal])), {
      timeoutMs: WRITE_TIMEOUT_MS + bytes.length * SLOWEST_MS_PER_BYTE,
      timer: this.clock,
      onTimeout: () => {
        const fault = new Fault(
          'device-silent',
          `${this.port.path} does not take the bytes that were sent to it`,
          {
            hint: 'Check the adapter and its cable; unplug it and plug it in again.',
            details: { port: this.port.path, command: 'write' },
          },
        );
        // The port drops the rest.
        given.abort(fault);
        throw fault;
      },
    });
  }

  /** Sends a command and awaits its reply. Faults: `device-silent`, `device-rejected`, `port-lost`, the signal's reason. */
  async command(command: Command, data: Uint8Array, options: CommandOptions = {}): Promise<Reply> {
    return this.exchange(command, requestFrame(command, data, options.checksum), options);
  }

  /**
   * As `command`, for a command after which the loader ends. What comes after its reply belongs to the next reader, for whom the
   * port keeps it, also what has come with the reply. Without a reply the loader may have ended all the same: then all that came
   * is for the next reader.
   */
  async lastCommand(command: Command, data: Uint8Array): Promise<void> {
    this.#lastCommand = COMMANDS[command];
    this.#heard = new Uint8Array();
    try {
      await this.command(command, data);
    } catch (error) {
      const isSilent = error instanceof Fault && error.code === 'device-silent';
      this.port.onData(null);
      if (isSilent && this.#heard.length > 0) this.port.unread?.(this.#heard);
      throw error;
    }
  }

  /** As `command`, with an encoded request. */
  async exchange(command: Command, frame: Uint8Array, options: CommandOptions = {}): Promise<Reply> {
    // A reply that came too late must not be taken for the reply to this request.
    this.#frames = [];
    await this.write(frame);
    return this.replyTo(command, options);
  }

  /** Awaits a reply. Frames of other commands are skipped. */
  async replyTo(
    command: Command,
    { dataBytes = 0, timeoutMs = DEFAULT_TIMEOUT_MS }: CommandOptions = {},
  ): Promise<Reply> {
    const endsMs = this.clock.monotonicMs() + timeoutMs;
    for (;;) {
      const frame = await this.receive(endsMs - this.clock.monotonicMs(), command);
      if (frame.length < HEADER_BYTES || frame[0] !== 1) continue;
      const body = frame.subarray(HEADER_BYTES);
      if (frame[1] === COMMANDS[command]) return this.#read(command, frame, body, dataBytes);
      // The ROM answers a command that it does not have under another number.
      if (body.length >= 2 && body[0] !== 0 && body[1] === INVALID_MESSAGE)
        throw this.#rejected(command, INVALID_MESSAGE);
    }
  }

  /** The next frame of any kind. Faults: `device-silent`, `port-lost`, the signal's reason. */
  async receive(timeoutMs: number, what: string): Promise<Uint8Array> {
    const frame = this.#frames.shift();
    if (frame !== undefined) return frame;
    if (this.#lost !== null) throw this.#lost;
    const waiting = Promise.withResolvers<Uint8Array>();
    this.#waiting = waiting;
    try {
      return await withDeadline(waiting.promise, {
        timeoutMs,
        signal: this.signal,
        timer: this.clock,
        onTimeout: () => {
          throw new Fault('device-silent', `the loader of the chip did not answer ${what}`, {
            hint: 'Check the contacts and the supply; try a lower baud rate.',
            details: { command: what, port: this.port.path },
          });
        },
      });
    } finally {
      this.#waiting = null;
    }
  }

  [Symbol.dispose](): void {
    this.port.onData(null);
    this.#waiting = null;
  }

  #read(command: Command, frame: Uint8Array, body: Uint8Array, dataBytes: number): Reply {
    // A refusal has a status and no data.
    const status = body.length >= dataBytes + 2 ? body.subarray(dataBytes) : body;
    const [first = 0, second = 0] = status;
    if (first !== 0 || (second !== 0 && status.length === 2))
      throw this.#rejected(command, first >= 0xc0 ? first : second === 0 ? first : second);
    if (body.length < dataBytes + 2)
      throw new Fault('device-garbled', `the reply to ${command} is too short`, {
        hint: 'Check the contacts; try a lower baud rate.',
        details: { command, port: this.port.path },
      });
    return { value: wordAt(frame, 4), data: body.subarray(0, dataBytes) };
  }

  #rejected(command: Command, status: number): Fault {
    const words_ = STATUS_WORDS[status] ?? 'it gives no known reason';
    return new Fault('device-rejected', `the chip refused ${command}: ${words_} (${hexOf(status)})`, {
      hint: 'Check the contacts and the supply of the unit, then test again.',
      details: { command, status, said: `${command}: ${words_}` },
    });
  }

  #take(frame: Uint8Array): void {
    if (frame[0] === 1 && frame[1] === this.#lastCommand) {
      this.port.onData(null);
      this.#reader.stop();
    }
    const waiting = this.#waiting;
    if (waiting !== null) {
      this.#waiting = null;
      waiting.resolve(frame);
    } else if (this.#frames.length < MAX_WAITING_FRAMES) this.#frames.push(frame);
  }
}

/** A request as it goes over the line. */
export function requestFrame(command: Command, data: Uint8Array, checksum = 0): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  header[1] = COMMANDS[command];
  header[2] = data.length & 0xff;
  header[3] = data.length >> 8;
  header.set(words(checksum), 4);
  return slipFrame(header, data);
}
