import { withDeadline } from '#node-kit/async/index.ts';
import { createByteBuffer, type ByteBuffer } from '#shared/codec/byte-buffer.ts';
import type { Framing, WrongChecksum } from '#shared/codec/frames.ts';
import { createTextEncoder, type EncodeText, type TextEncodingName } from '#shared/codec/text-encoding.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { Clock, DevicePort } from '../../core/platform/index.ts';
import { SecretMask, type TextMasker } from '../../core/secret-mask/index.ts';
import { type ControlLines, setControlLines } from './control-lines.ts';
import { ReceiveBuffer, type ReceivedData } from './receive-buffer.ts';

/** Bytes that came while no step waited; the last of them are kept. */
const MAX_UNREAD_BYTES = 1024 * 1024;
/** Received bytes are searched in pieces of this size, so that an answer is found however much follows it. */
const PIECE_BYTES = 8192;
/** After this much without an answer only the last piece of each chunk is searched. */
const MAX_SEARCHED_BYTES = 4 * 1024 * 1024;
/** Bytes that are kept for a protocol that starts to listen later. */
const MAX_EARLY_BYTES = 65_536;
/** After this silence an unfinished frame or number is not continued. */
const SILENCE_MS = 50;
/** Abort reason of waits that ended; shared, because creating an Error is expensive. */
const ENDED = new Fault('cancelled', 'the wait has ended');

/** Result of a search that found something that may still become longer; the search is repeated. */
export const INCOMPLETE = Symbol('may become longer');

/** Searches the received data; removes what it finds from the data and returns it. `isSilent`: no more data is expected. */
export type Search<T> = (received: ReceivedData, isSilent: boolean) => T | null | typeof INCOMPLETE;

/** What was received since the last send, for the text of a fault. */
export interface ReceiveStatus {
  readonly path: string;
  readonly encoding: TextEncodingName;
  readonly mask: SecretMask;
  /** What has not been taken off yet. */
  readonly received: ReceivedData;
  /** Bytes of any kind. */
  readonly receivedBytes: number;
  /** All received data was taken, and no more came since. */
  readonly isEmptied: boolean;
  /** The bytes are noise and no text. */
  readonly isUnreadable: boolean;
  /** The bytes of an incomplete frame, with its start. */
  readonly cutFrame: Uint8Array | null;
  /** The first frame that was complete except for its checksum. */
  readonly wrongChecksum: WrongChecksum | null;
}

/** An answer for which a step waits. */
export interface AwaitedAnswer {
  readonly pattern: string;
  readonly on: 'lines' | 'text' | 'frame';
}

/** Keeps secrets that a unit sends, and that the station does not know yet, out of the recording and out of faults. */
export interface SerialGuard {
  /** These bytes are sent next, unless it throws; what was received before is forgotten then. */
  sent(bytes: Uint8Array): void;
  /** These bytes came; each comes once, whether a step waits or not. */
  hears(bytes: Uint8Array): void;
  awaits(answer: AwaitedAnswer): void;
  /** True for received bytes that a fault must not quote. */
  mayReveal(bytes: Uint8Array): boolean;
}

/** A search under way; true when it has ended. */
type Waiter = (isSilent: boolean) => boolean;

/**
 * Text, frame and byte I/O with one unit over its port. A protocol uses `port`; the steps of a recipe use the rest, and
 * search what was received since the last byte that either of them sent.
 */
export class SerialIo implements ReceiveStatus {
  /** The port for a protocol, which receives everything, also what steps search. */
  readonly port: DevicePort;
  /** How this device frames its bytes; null when it does not. */
  readonly framing: Framing | null;
  readonly encoding: TextEncodingName;
  readonly encodeText: EncodeText;
  readonly mask: SecretMask;
  /** Set by a protocol whose unit may say a secret. */
  guard: SerialGuard | null = null;
  readonly #port: DevicePort;
  readonly #clock: Clock;
  readonly #buffer: ReceiveBuffer;
  readonly #unread = createByteBuffer(MAX_UNREAD_BYTES);
  readonly #waiters = new Set<Waiter>();
  readonly #textListeners = new Set<(text: string) => void>();
  readonly #decoder: InstanceType<typeof TextDecoder>;
  readonly #textMasker: TextMasker;
  /** A search found something that may become longer. */
  #isIncomplete = false;
  #searchedBytes = 0;
  #receivedBytes = 0;
  #requests = 0;
  #lost: Fault | null = null;
  #silence: AbortController | null = null;
  #portListener: ((bytes: Uint8Array) => void) | null = null;
  #early: ByteBuffer | null = createByteBuffer(MAX_EARLY_BYTES);

  constructor(
    port: DevicePort,
    options: {
      readonly clock: Clock;
      readonly mask: SecretMask;
      readonly framing: Framing | null;
      readonly encoding?: TextEncodingName;
      /** True: searches see secrets in clear. Faults are masked all the same. */
      readonly seesSecrets?: boolean;
    },
  ) {
    const { clock, mask, framing, encoding = 'utf-8', seesSecrets = false } = options;
    const textMask = seesSecrets ? new SecretMask() : mask;
    this.#port = port;
    this.#clock = clock;
    this.mask = mask;
    this.framing = framing;
    this.encoding = encoding;
    this.encodeText = createTextEncoder(encoding);
    this.port = this.#createProtocolPort();
    this.#buffer = new ReceiveBuffer(framing, encoding, textMask);
    this.#decoder = new TextDecoder(encoding);
    this.#textMasker = textMask.createTextMasker();
    mask.onProtect(() => this.#buffer.maskAgain());
    port.onData((bytes) => this.#receive(bytes));
    port.onLost((fault) => {
      this.#lost = fault;
      this.#readPieces();
      this.#tryAll();
    });
  }

  get path(): string {
    return this.#port.path;
  }

  get received(): ReceivedData {
    return this.#buffer.view();
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  get isEmptied(): boolean {
    return this.#buffer.isEmptied;
  }

  get isUnreadable(): boolean {
    return this.#buffer.isUnreadable;
  }

  get cutFrame(): Uint8Array | null {
    return this.#buffer.cutFrame;
  }

  get wrongChecksum(): WrongChecksum | null {
    return this.#buffer.wrongChecksum;
  }

  /** What came after the echo of what was sent; null when no echo came first, or when something was taken off. */
  get afterEcho(): ReceiveStatus | null {
    const rest = this.#buffer.afterEcho;
    if (rest === null) return null;
    const { path, encoding, mask } = this;
    const { length: receivedBytes, isEmptied, isUnreadable, cutFrame, wrongChecksum } = rest;
    const received = rest.view();
    return {
      path,
      encoding,
      mask,
      received,
      receivedBytes,
      isEmptied,
      isUnreadable,
      cutFrame,
      wrongChecksum,
    };
  }

  /** Sends bytes and forgets what was received before. Faults: `port-lost`, the signal's reason. */
  async send(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    this.guard?.sent(bytes);
    this.#buffer.clear(bytes);
    this.#forgetCounts();
    await this.#port.write(bytes, signal);
  }

  /** Forgets what was received. */
  forget(): void {
    this.#buffer.clear(new Uint8Array());
    this.#forgetCounts();
  }

  /** Received lines that no search has taken; the rest of a line that was taken in part is not among them. */
  get unreadLines(): readonly string[] {
    for (const bytes of this.#unread.take()) this.#buffer.push(bytes);
    return this.#buffer.unreadLines;
  }

  #forgetCounts(): void {
    this.#unread.take();
    this.#searchedBytes = 0;
    this.#receivedBytes = 0;
  }

  /**
   * Calls `listener` with all text from now on, complete and masked, until the result is disposed of. Text comes
   * during a `waitFor`.
   */
  onText(listener: (text: string) => void): Disposable {
    this.#textListeners.add(listener);
    return { [Symbol.dispose]: () => void this.#textListeners.delete(listener) };
  }

  /**
   * Waits until `search` finds something, searching again whenever something came; null when `timeoutMs` have passed.
   * Several searches may wait at the same time: each sees everything, whatever another takes off. After `INCOMPLETE`, the
   * search is repeated with `isSilent` when nothing more comes. Faults: `port-lost`, the signal's reason, and those of
   * `search`.
   */
  async waitFor<T>(search: Search<T>, timeoutMs: number, signal: AbortSignal): Promise<T | null> {
    throwIfAborted(signal);
    const { promise, resolve, reject } = Promise.withResolvers<T | null>();
    const own = this.#buffer.view();
    const waiter: Waiter = (isSilent) => {
      try {
        // Bytes that came before the port was lost count.
        const result = search(own, isSilent || this.#lost !== null);
        if (result === INCOMPLETE) this.#isIncomplete = true;
        if (result !== null && result !== INCOMPLETE) resolve(result);
        else if (this.#lost === null || this.#unread.length > 0) return false;
        else reject(this.#lost);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
      this.#waiters.delete(waiter);
      return true;
    };
    if (!waiter(false)) {
      this.#waiters.add(waiter);
      this.#readPieces();
      if (this.#lost !== null && this.#waiters.has(waiter)) waiter(true);
    }
    const onTimeout = (): Promise<T | null> => {
      if (this.#waiters.has(waiter)) this.#tryWhenSilent();
      resolve(null);
      return promise;
    };
    try {
      return await withDeadline(promise, { timeoutMs, signal, timer: this.#clock, onTimeout });
    } finally {
      this.#waiters.delete(waiter);
      if (this.#waiters.size === 0) this.#silence?.abort(ENDED);
    }
  }

  /** Faults: `port-lost`; `not-configured` for a port without control lines; the signal's reason. */
  async setControlLines(lines: ControlLines, signal: AbortSignal): Promise<void> {
    if (this.#lost !== null) throw this.#lost;
    await setControlLines(this.#port, this.#clock, lines, signal);
  }

  /** 1, 2, 3, …: numbers the requests on this port. */
  nextRequestNumber(): number {
    return ++this.#requests;
  }

  #createProtocolPort(): DevicePort {
    const { setControlLines: setLines, setBaudRate, transfer } = this.#port;
    return {
      ...(setLines === undefined ? {} : { setControlLines: setLines.bind(this.#port) }),
      ...(setBaudRate === undefined ? {} : { setBaudRate: setBaudRate.bind(this.#port) }),
      ...(transfer === undefined ? {} : { transfer: transfer.bind(this.#port) }),
      path: this.#port.path,
      write: (bytes, signal) => this.send(bytes, signal),
      onData: (listener) => {
        this.#portListener = listener;
        if (listener === null) return;
        const early = this.#early?.take() ?? [];
        // From the first listener on, bytes that come without one are dropped.
        this.#early = null;
        for (const bytes of early) listener(bytes);
      },
      onLost: (listener) => this.#port.onLost(listener),
      [Symbol.asyncDispose]: () => this.#port[Symbol.asyncDispose](),
    };
  }

  #receive(bytes: Uint8Array): void {
    this.guard?.hears(bytes);
    this.#receivedBytes += bytes.length;
    this.#unread.push(bytes);
    // The protocol comes first: it answers, the steps only search.
    if (this.#portListener !== null) this.#portListener(bytes);
    else this.#early?.push(bytes);
    this.#readPieces();
  }

  /** Gives the waiters what came, piece by piece; the rest stays for the next waiter. */
  #readPieces(): void {
    while (this.#waiters.size > 0 && this.#unread.length > 0) {
      const piece = this.#unread.takeFirst(PIECE_BYTES);
      this.#buffer.push(piece);
      this.#emitText(piece);
      this.#searchedBytes += piece.length;
      if (this.#searchedBytes <= MAX_SEARCHED_BYTES || this.#unread.length === 0) this.#tryAll();
    }
    this.#watchSilence();
  }

  #emitText(piece: Uint8Array): void {
    const text = this.#textMasker.push(this.#decoder.decode(piece, { stream: true }));
    for (const listener of this.#textListeners) listener(text);
  }

  /** True when a search ended. */
  #tryAll(isSilent = false): boolean {
    this.#isIncomplete = false;
    return [...this.#waiters].filter((waiter) => waiter(isSilent)).length > 0;
  }

  #tryWhenSilent(): void {
    this.#buffer.endHeldBytes(() => this.#tryAll());
    this.#tryAll(true);
  }

  /** Bytes that may be a frame or text are decided when nothing comes for a while. */
  #watchSilence(): void {
    this.#silence?.abort(ENDED);
    this.#silence = null;
    if (this.#waiters.size === 0 || !(this.#buffer.isHolding || this.#isIncomplete)) return;
    const own = new AbortController();
    this.#silence = own;
    this.#clock.sleep(this.framing?.silenceMs ?? SILENCE_MS, own.signal).then(
      () => this.#tryWhenSilent(),
      () => undefined,
    );
  }
}
