import { withDeadline } from '#node-kit/async/index.ts';
import { createByteBacklog, type ByteBacklog } from '#shared/codec/byte-backlog.ts';
import type { Framing, WrongChecksum } from '#shared/codec/frames.ts';
import { createTextEncoder, type EncodeText, type TextEncodingName } from '#shared/codec/text-encoding.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { DevicePort, Clock } from '../../core/platform/index.ts';
import { type Heard, HeardStore } from './receive-buffer.ts';
import { setControlLines, type ControlLines } from './control-lines.ts';

/** What came while nobody waited for anything: the last of it. */
const UNHEARD_BYTES = 1024 * 1024;
/** So much is looked at at once, so that an answer is seen however much follows it. */
const PIECE_BYTES = 8192;
/** A unit that says more than this without an answer floods: then only the last of each chunk is looked at. */
const LOOKED_BYTES = 4 * 1024 * 1024;
/** For a protocol that begins to listen later. */
const KEPT_BYTES = 65_536;
/** A frame that stops in the middle may have been none, and a number that stops has all its digits. */
const STALLED_MS = 50;
/** Abort reason of waits that found what they waited for; shared, because creating an Error is expensive. */
const FOUND = new Fault('cancelled', 'what was waited for came');

/** Said of what was found when it may still become longer: it is looked for again when more came, or nothing for a while. */
export const INCOMPLETE = Symbol('may become longer');

/** What came since the last send, for the words of a fault. */
export interface WhatCame {
  readonly path: string;
  /** How this device writes its text. */
  readonly encoding: TextEncodingName;
  /** What nobody has taken off yet. */
  readonly heard: Heard;
  /** Bytes of any kind. */
  readonly heardBytes: number;
  /** Nothing has come since an answer was taken off. */
  readonly isEmptied: boolean;
  /** It is noise and no text. */
  readonly isUnreadable: boolean;
  /** The bytes of a frame that was begun, with its start, and not ended. */
  readonly cutFrame: Uint8Array | null;
  /** The first frame that was whole but for its checksum. */
  readonly wrongChecksum: WrongChecksum | null;
}

/**
 * One unit's wire with more than one listener: `link` is for a protocol of its own, the rest for steps. What a step
 * looks at is what came since the last byte that anybody sent.
 */
export interface SerialIo extends WhatCame {
  /** The same wire for a protocol: hears everything, also what steps look at. */
  readonly link: DevicePort;
  /** How this device frames its bytes; `null` when it does not. */
  readonly framing: Framing | null;
  /** Text as this device writes it. */
  readonly encodeText: EncodeText;
  /** Faults: `port-lost`, the signal's reason. */
  send(bytes: Uint8Array, signal?: AbortSignal): Promise<void>;
  /**
   * Hears every text from now on, as it came and whole, however long it is, secrets hidden, until it is disposed of.
   * Texts come while somebody waits.
   */
  listen(hear: (text: string) => void): Disposable;
  /** What came behind what was sent, when that came back first; `null` when it did not, or when something is taken off. */
  readonly behindEcho: WhatCame | null;
  /**
   * Waits until `look` finds something, looking again whenever something came; `null` when `withinMs` are over. Several
   * may wait at the same time: each sees everything, whatever another takes off. Where `look` is `INCOMPLETE` it looks again
   * with `isQuiet`, which means that nothing more is on its way. Faults: `port-lost`, the signal's reason, and those of
   * `look`.
   */
  until<T>(
    look: (heard: Heard, isQuiet: boolean) => T | null | typeof INCOMPLETE,
    withinMs: number,
    signal: AbortSignal,
  ): Promise<T | null>;
  /** Faults: `port-lost`; `not-configured` for a wire without control lines. */
  setControlLines(lines: ControlLines, signal: AbortSignal): Promise<void>;
  /** 1, 2, 3, …: tells the questions of this wire apart. */
  nextNumber(): number;
  /** These never appear in `heard`. */
  protect(secrets: readonly string[]): void;
}

export function createSerialIo(
  port: DevicePort,
  clock: Clock,
  framing: Framing | null,
  encoding: TextEncodingName = 'utf-8',
): SerialIo {
  const database = new HeardStore(framing, encoding);
  const unheard = createByteBacklog(UNHEARD_BYTES);
  /** Each tries once, and is true when it is over. */
  const waiters = new Set<(isQuiet: boolean) => boolean>();
  /** Somebody has found something that may become longer. */
  let isUnsure = false;
  let looked = 0;
  let heardBytes = 0;
  let numbers = 0;
  let lost: Fault | null = null;
  let stalled: AbortController | null = null;
  let listener: ((bytes: Uint8Array) => void) | null = null;
  let kept: ByteBacklog | null = createByteBacklog(KEPT_BYTES);
  const listeners = new Set<(text: string) => void>();
  const decoder = new TextDecoder(encoding);
  let hidden: readonly string[] = [];

  port.onData((bytes) => {
    heardBytes += bytes.length;
    unheard.push(bytes);
    // The protocol's own listener first: it answers, the steps only look.
    if (listener !== null) listener(bytes);
    else kept?.push(bytes);
    hear();
  });
  port.onLost((fault) => {
    lost = fault;
    hear();
    tryAll();
  });

  /** Gives those who wait what came, piece by piece; the rest waits for the next who does. */
  function hear(): void {
    while (waiters.size > 0 && unheard.length > 0) {
      const piece = unheard.takeFirst(PIECE_BYTES);
      database.push(piece);
      tellListeners(piece);
      looked += piece.length;
      if (looked <= LOOKED_BYTES || unheard.length === 0) tryAll();
    }
    awaitQuiet();
  }
  function tellListeners(piece: Uint8Array): void {
    const decoded = decoder.decode(piece, { stream: true });
    const shown = hidden.reduce((masked, secret) => masked.replaceAll(secret, '***'), decoded);
    for (const tell of listeners) tell(shown);
  }
  function tryAll(isQuiet = false): boolean {
    isUnsure = false;
    return [...waiters].filter((attempt) => attempt(isQuiet)).length > 0;
  }
  function tryWhenQuiet(): void {
    database.quiet(tryAll);
    tryAll(true);
  }
  /** What may be a frame or text is decided when nothing comes for a while. */
  function awaitQuiet(): void {
    stalled?.abort(FOUND);
    stalled = null;
    if (waiters.size === 0 || !(database.isHolding || isUnsure)) return;
    const own = new AbortController();
    stalled = own;
    clock.sleep(framing?.silenceMs ?? STALLED_MS, own.signal).then(tryWhenQuiet, () => undefined);
  }

  const send = async (bytes: Uint8Array, signal?: AbortSignal): Promise<void> => {
    database.clear(bytes);
    unheard.take();
    looked = 0;
    heardBytes = 0;
    await port.write(bytes, signal);
  };

  return {
    path: port.path,
    encoding,
    framing,
    encodeText: createTextEncoder(encoding),
    link: {
      path: port.path,
      write: send,
      onData(next) {
        listener = next;
        if (next === null) return;
        const waiting = kept?.take() ?? [];
        // Once there was a listener nothing is kept: what it does not want is gone.
        kept = null;
        for (const bytes of waiting) next(bytes);
      },
      onLost: (tell) => port.onLost(tell),
      [Symbol.asyncDispose]: () => port[Symbol.asyncDispose](),
    },
    send,
    get heard() {
      return database.view();
    },
    listen(hear) {
      listeners.add(hear);
      return { [Symbol.dispose]: () => void listeners.delete(hear) };
    },
    get heardBytes() {
      return heardBytes;
    },
    get isEmptied() {
      return database.isEmptied;
    },
    get isUnreadable() {
      return database.isUnreadable;
    },
    get cutFrame() {
      return database.cutFrame;
    },
    get wrongChecksum() {
      return database.wrongChecksum;
    },
    get behindEcho() {
      const behind = database.behindEcho;
      if (behind === null) return null;
      const { path } = port;
      const { length: heardBytes, isEmptied, isUnreadable, cutFrame, wrongChecksum } = behind;
      return {
        path,
        encoding,
        heard: behind.view(),
        heardBytes,
        isEmptied,
        isUnreadable,
        cutFrame,
        wrongChecksum,
      };
    },
    nextNumber: () => ++numbers,
    protect(secrets) {
      hidden = secrets.filter((secret) => secret !== '');
      database.protect(hidden);
    },
    async until<T>(
      look: (heard: Heard, isQuiet: boolean) => T | null | typeof INCOMPLETE,
      withinMs: number,
      signal: AbortSignal,
    ) {
      throwIfAborted(signal);
      const { promise, resolve, reject } = Promise.withResolvers<T | null>();
      const own = database.view();
      const attempt = (isQuiet: boolean): boolean => {
        try {
          // What came before the cable was pulled counts.
          const found = look(own, isQuiet || lost !== null);
          if (found === INCOMPLETE) isUnsure = true;
          if (found !== null && found !== INCOMPLETE) resolve(found);
          else if (lost === null || unheard.length > 0) return false;
          else reject(lost);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
        waiters.delete(attempt);
        return true;
      };
      if (!attempt(false)) {
        waiters.add(attempt);
        hear();
        if (lost !== null && waiters.has(attempt)) attempt(true);
      }
      const onTimeout = (): Promise<T | null> => {
        if (waiters.has(attempt)) tryWhenQuiet();
        resolve(null);
        return promise;
      };
      try {
        return await withDeadline(promise, { timeoutMs: withinMs, signal, timer: clock, onTimeout });
      } finally {
        waiters.delete(attempt);
        if (waiters.size === 0) stalled?.abort(FOUND);
      }
    },
    async setControlLines(lines, signal) {
      if (lost !== null) throw lost;
      await setControlLines(port, clock, lines, signal);
    },
  };
}
