import { withDeadline } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { BleLimits } from '../../../../core/platform/index.ts';
import type { BleLink } from '../ble-provisioning.ts';
import type { BlufiCipher } from './cipher.ts';
import { type BlufiMessage, FrameReader, type ReadContent } from './frame-reader.ts';
import { CONTROL, DATA, describeType } from './frame-types.ts';
import { FrameWriter, MIN_FRAME_BYTES, type SendOptions } from './frame-writer.ts';
import { PieceGuard } from './piece-guard.ts';

/** In the form of `normalizeUuid`. Source: ESP-IDF, "BluFi". */
export const BLUFI = { service: 'FFFF', write: 'FF01', notify: 'FF02' } as const;

/** Messages that nothing has awaited yet; a unit that says more loses the oldest. */
const MAX_KEPT = 64;
/** Notifications that were not read yet: twice the frames of the longest message at the least MTU. */
const MAX_UNREAD = 1400;
const ATT_HEADER_BYTES = 3;
/** What the phone apps of Espressif write at most. */
const MAX_FRAME_BYTES = 255;
const WRITE_TIMEOUT_MS = 5000;

/** How the data of a session are protected. */
export interface Protection {
  readonly isEncrypted: boolean;
  readonly hasChecksum: boolean;
}

export interface SendMessageOptions {
  /** The content is a secret, also where it is not encrypted. */
  readonly isSecret?: boolean;
  /** The unit confirms each frame before the next is written. */
  readonly isAckWanted?: boolean;
}

export interface BlufiLinkOptions {
  /** How long a confirmation is awaited. */
  readonly answerMs: number;
  /** What is sent in clear in this session and must not be recorded: a unit may say it again, in pieces. */
  readonly clearSecrets: readonly string[];
  /** The text of what is taken from a message; null for nothing. `receive` returns it in UTF-8. */
  readonly summarize: (type: number, content: Uint8Array) => string | null;
}

/** One message to await. */
export interface AwaitedMessage {
  readonly type: number;
  readonly timeoutMs: number;
  /** What the station waits for: "its version". */
  readonly what: string;
}

/**
 * The connection to one unit in messages of BluFi. Faults of every method: those of `BleConnection`, `device-garbled` when the unit
 * sends something else than frames in order, `device-rejected` for an error report, the signal's reason.
 */
export class BlufiLink implements Disposable {
  readonly #link: BleLink;
  readonly #answerMs: number;
  readonly #writer = new FrameWriter();
  readonly #reader: FrameReader;
  readonly #unread: Uint8Array[] = [];
  readonly #kept: BlufiMessage[] = [];
  #subscription: Disposable | null = null;
  #frameBytes = MIN_FRAME_BYTES;
  #protection: Protection = { isEncrypted: false, hasChecksum: false };
  #cipher: BlufiCipher | null = null;
  #lost: Fault | null = null;
  #changed: () => void = () => undefined;
  readonly #pieces: PieceGuard;

  private constructor(link: BleLink, options: BlufiLinkOptions) {
    const { answerMs, clearSecrets } = options;
    this.#link = link;
    this.#answerMs = answerMs;
    this.#pieces = new PieceGuard(link.mask, clearSecrets);
    this.#reader = new FrameReader((type, read) => rememberedContent(link, options, type, read));
    link.connection.onLost((fault) => {
      this.#lost = fault;
      this.#changed();
    });
  }

  /** Subscribes to what the unit says. Both sequences begin at 0 with a connection. */
  static async open(link: BleLink, options: BlufiLinkOptions, signal: AbortSignal): Promise<BlufiLink> {
    const opened = new BlufiLink(link, options);
    const limits = opened.#limits(signal);
    const { connection } = link;
    const listen = (value: Uint8Array): void => opened.#notified(value);
    opened.#subscription = await connection.subscribe(BLUFI.service, BLUFI.notify, listen, limits);
    const mtuBytes = await connection.mtu(limits);
    opened.#frameBytes = Math.min(Math.max(MIN_FRAME_BYTES, mtuBytes - ATT_HEADER_BYTES), MAX_FRAME_BYTES);
    return opened;
  }

  get address(): string {
    return this.#link.connection.address;
  }

  /** What one write carries. */
  get frameBytes(): number {
    return this.#frameBytes;
  }

  /** Encrypted frames can be read from now on, and are written after `protect`. */
  setCipher(cipher: BlufiCipher): void {
    this.#cipher = cipher;
  }

  /** How frames are written from now on. */
  protect(protection: Protection): void {
    this.#protection = protection;
  }

  /** Writes a message of the kind control: with a checksum where data frames have one, never encrypted. */
  async control(
    type: number,
    content: readonly number[],
    signal: AbortSignal,
    options: SendMessageOptions = {},
  ): Promise<void> {
    const { hasChecksum } = this.#protection;
    const protection = { isEncrypted: false, hasChecksum };
    await this.#send(type, Uint8Array.from(content), protection, options, signal);
  }

  /** Writes a message of the kind data. */
  async data(
    type: number,
    content: Uint8Array,
    signal: AbortSignal,
    options: SendMessageOptions = {},
  ): Promise<void> {
    await this.#send(type, content, this.#protection, options, signal);
  }

  /**
   * The oldest message of a type, also one that came before. Others are kept. Fault besides those of every method: `device-silent`.
   */
  async receive({ type, timeoutMs, what }: AwaitedMessage, signal: AbortSignal): Promise<Uint8Array> {
    const content = await this.receiveWithin({ type, timeoutMs, what }, signal);
    if (content !== null) return content;
    const { address } = this;
    throw new Fault('device-silent', `${address} sent nothing about ${what} in ${timeoutMs} ms`, {
      hint: 'Test it again; when it stays silent, the unit is faulty.',
      details: { address, timeoutMs },
    });
  }

  /** As `receive`, for a message with a summary. */
  async receiveText(awaited: AwaitedMessage, signal: AbortSignal): Promise<string> {
    return Buffer.from(await this.receive(awaited, signal)).toString();
  }

  /** As `receive`; null in place of the fault. */
  async receiveWithin(
    { type, timeoutMs, what }: AwaitedMessage,
    signal: AbortSignal,
  ): Promise<Uint8Array | null> {
    const endsAtMs = this.#link.clock.monotonicMs() + timeoutMs;
    for (;;) {
      await this.#read(what, signal);
      const at = this.#kept.findIndex((message) => message.type === type);
      const [found] = at === -1 ? [] : this.#kept.splice(at, 1);
      if (found !== undefined) return found.content;
      if (this.#lost !== null) throw lostWhile(this.#lost, what);
      const leftMs = endsAtMs - this.#link.clock.monotonicMs();
      if (leftMs <= 0 || !(await this.#awaitNotification(leftMs, signal))) return null;
    }
  }

  /** Forgets messages of a type that came before. */
  async forget(type: number, signal: AbortSignal): Promise<void> {
    await this.#read(describeType(type), signal);
    for (let at = this.#kept.length - 1; at >= 0; at--)
      if (this.#kept[at]?.type === type) this.#kept.splice(at, 1);
  }

  [Symbol.dispose](): void {
    this.#subscription?.[Symbol.dispose]();
    this.#pieces[Symbol.dispose]();
  }

  async #send(
    type: number,
    content: Uint8Array,
    protection: Protection,
    { isSecret = false, isAckWanted = false }: SendMessageOptions,
    signal: AbortSignal,
  ): Promise<void> {
    const options: SendOptions = { ...protection, isAckWanted };
    // An encrypted frame is another one in each session: the key is never written down.
    const secret = isSecret || (protection.isEncrypted && content.length > 0);
    for (const frame of this.#writer.write(type, content, this.#frameBytes, options, this.#cipher)) {
      await this.#write(frame.bytes, secret, signal);
      if (isAckWanted) await this.#awaitAck(frame.sequence, type, signal);
    }
  }

  async #awaitAck(sequence: number, type: number, signal: AbortSignal): Promise<void> {
    const what = `the confirmation of ${describeType(type)}`;
    const timeoutMs = this.#answerMs;
    const [confirmed] = await this.receive({ type: CONTROL.ack, timeoutMs, what }, signal);
    if (confirmed !== sequence)
      throw this.#garbled(`it confirmed frame ${confirmed ?? 'none'} in place of frame ${sequence}`);
  }

  async #write(bytes: Uint8Array, secret: boolean, signal: AbortSignal): Promise<void> {
    const options = { ...this.#limits(signal), response: true, secret };
    await this.#link.connection.write(BLUFI.service, BLUFI.write, bytes, options);
  }

  #notified(value: Uint8Array): void {
    this.#pieces.receive(value);
    if (this.#unread.length < MAX_UNREAD) this.#unread.push(value.slice());
    this.#changed();
  }

  /** Reads the frames that came. It is done where the run awaits them, so that a replay does it at the same place. */
  async #read(what: string, signal: AbortSignal): Promise<void> {
    for (let frame = this.#unread.shift(); frame !== undefined; frame = this.#unread.shift()) {
      const received = this.#reader.receive(frame, this.#cipher);
      if (!received.ok) throw this.#garbled(received.reason);
      if (received.ackFor !== null) await this.control(CONTROL.ack, [received.ackFor], signal);
      const { message } = received;
      if (message === null) continue;
      if (message.type === DATA.errorReport) throw this.#refused(message.content, what);
      this.#kept.push(message);
      if (this.#kept.length > MAX_KEPT) this.#kept.shift();
    }
  }

  /** False when none comes in time. */
  async #awaitNotification(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    if (this.#unread.length > 0 || this.#lost !== null) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#changed = () => resolve(true);
    try {
      return await withDeadline(promise, {
        timeoutMs,
        signal,
        timer: this.#link.clock,
        onTimeout: () => false,
      });
    } finally {
      this.#changed = () => undefined;
    }
  }

  #refused(content: Uint8Array, what: string): Fault {
    const reason = Buffer.from(content).toString();
    const { address } = this;
    return new Fault('device-rejected', `${address} reported ${reason} while the station awaited ${what}`, {
      hint: 'Test it again; when it stays so, security or checksum of the recipe do not fit the firmware.',
      details: { address, said: reason },
    });
  }

  #garbled(reason: string): Fault {
    const { address } = this;
    return new Fault('device-garbled', `${address} does not speak BluFi as it should: ${reason}`, {
      hint: 'Test it again; when it stays so, the firmware of the unit speaks another dialect.',
      details: { address, meaning: reason },
    });
  }

  #limits(signal: AbortSignal): BleLimits {
    return { timeoutMs: WRITE_TIMEOUT_MS, signal };
  }
}

function lostWhile({ code, message, hint, details }: Fault, what: string): Fault {
  const text = `${message}, while the station awaited ${what}`;
  return new Fault(code, text, hint === null ? { details } : { hint, details });
}

/**
 * What the station takes from a message is an input of the run, because the private value of its session cannot be had again, and
 * names of networks are not recorded. A replay returns what was recorded.
 */
function rememberedContent(
  { remember = (_key, text) => text() }: BleLink,
  { summarize }: BlufiLinkOptions,
  type: number,
  read: () => ReadContent,
): ReadContent {
  if (USED_AS_IT_IS.includes(type)) return read();
  const text = remember('blufi', () => {
    const content = read();
    return content.ok ? READABLE + (summarize(type, content.content) ?? '') : content.reason;
  });
  if (!text.startsWith(READABLE)) return { ok: false, reason: text };
  return { ok: true, content: Buffer.from(text.slice(READABLE.length)) };
}

/** Sent plain and without secrets. */
const USED_AS_IT_IS: readonly number[] = [CONTROL.ack, DATA.negotiation];
/** Before the summary of a message; other texts are reasons. */
const READABLE = 'content ';
