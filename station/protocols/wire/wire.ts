import { type ByteBacklog, createByteBacklog } from '#shared/codec/byte-backlog.ts';
import type { Framing } from '#shared/codec/frames.ts';
import { createFrameReader } from '#shared/codec/frames.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { ByteLink, Clock } from '../../platform/index.ts';

/** A unit that floods must neither fill the memory nor make every look at its words expensive: the last of it counts. */
const KEPT_CHARACTERS = 16_384;
const KEPT_FRAMES = 256;
/** For a protocol that begins to listen later. */
const KEPT_BYTES = 65_536;
/** Why a wait is waited for no more. One for all: a fault made for each look at the wire is dear. */
const FOUND = new Fault('cancelled', 'what was waited for came');

/** Control lines of a port; `breakMs` holds the line in break for so long. */
export interface WireLines {
  readonly dtr?: boolean | undefined;
  readonly rts?: boolean | undefined;
  readonly breakMs?: number | undefined;
}

/**
 * One unit's wire with more than one listener: `link` is for a protocol of its own, the rest for steps. What a step
 * looks at is what came since the last byte that anybody sent.
 */
export interface Wire {
  readonly path: string;
  /** The same wire for a protocol: hears everything, also what steps look at. */
  readonly link: ByteLink;
  /** How this device frames its bytes; `null` when it does not. */
  readonly framing: Framing | null;
  /** Faults: `port-lost`. */
  send(bytes: Uint8Array): Promise<void>;
  /** What the unit has said since the last send, as text, secrets hidden; `take` forgets so much of it. */
  readonly text: string;
  take(characters: number): void;
  /** Hears every text from now on, as `text` has it but whole, however long it is, until it is disposed of. */
  listen(hear: (text: string) => void): Disposable;
  /** Payloads of the frames since the last send; `takeFrames` forgets so many of them. */
  readonly frames: readonly Uint8Array[];
  takeFrames(count: number): void;
  /** Bytes of any kind since the last send. */
  readonly heardBytes: number;
  /**
   * Waits until `look` finds something, looking again whenever something came; `null` when `withinMs` are over. Faults:
   * `port-lost`, the signal's reason, and those of `look`.
   */
  until<T>(look: () => T | null, withinMs: number, signal: AbortSignal): Promise<T | null>;
  /** Faults: `port-lost`; `not-configured` for a wire without control lines. */
  setLines(lines: WireLines, signal: AbortSignal): Promise<void>;
  /** 1, 2, 3, …: tells the questions of this wire apart. */
  nextNumber(): number;
  /** These never appear in `text`. */
  protect(secrets: readonly string[]): void;
}

export function createWire(port: ByteLink, clock: Clock, framing: Framing | null): Wire {
  let decoder = new TextDecoder('utf-8');
  const reader = framing === null ? null : createFrameReader(framing);
  const hidden: string[] = [];
  let text = '';
  let frames: Uint8Array[] = [];
  let heardBytes = 0;
  let numbers = 0;
  let lost: Fault | null = null;
  let changed: (() => void) | null = null;
  let listener: ((bytes: Uint8Array) => void) | null = null;
  let kept: ByteBacklog | null = createByteBacklog(KEPT_BYTES);
  const listeners = new Set<(text: string) => void>();
  const withoutSecrets = (shown: string): string =>
    hidden.reduce((masked, secret) => masked.replaceAll(secret, '***'), shown);

  port.onBytes((bytes) => {
    heardBytes += bytes.length;
    const decoded = decoder.decode(bytes, { stream: true });
    text = (text + decoded).slice(-KEPT_CHARACTERS);
    for (const hear of listeners) hear(withoutSecrets(decoded));
    if (reader !== null) frames = [...frames, ...reader.push(bytes)].slice(-KEPT_FRAMES);
    // The protocol's own listener first: it answers, the steps only look.
    if (listener !== null) listener(bytes);
    else kept?.push(bytes);
    changed?.();
  });
  port.onLost((fault) => {
    lost = fault;
    changed?.();
  });

  const send = async (bytes: Uint8Array): Promise<void> => {
    decoder = new TextDecoder('utf-8');
    text = '';
    frames = [];
    heardBytes = 0;
    reader?.clear();
    await port.write(bytes);
  };

  return {
    path: port.path,
    framing,
    link: {
      path: port.path,
      write: send,
      onBytes(next) {
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
    get text() {
      return withoutSecrets(text);
    },
    listen(hear) {
      listeners.add(hear);
      return { [Symbol.dispose]: () => void listeners.delete(hear) };
    },
    take: (characters) => void (text = text.slice(characters)),
    get frames() {
      return frames;
    },
    takeFrames: (count) => void (frames = frames.slice(count)),
    get heardBytes() {
      return heardBytes;
    },
    nextNumber: () => ++numbers,
    protect: (secrets) => void hidden.push(...secrets.filter((secret) => secret !== '')),
    async until(look, withinMs, signal) {
      throwIfAborted(signal);
      const over = new AbortController();
      const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof look>>();
      changed = () => {
        try {
          // What came before the cable was pulled counts.
          const found = look();
          if (found !== null) resolve(found);
          else if (lost !== null) reject(lost);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      changed();
      clock.sleep(withinMs, AbortSignal.any([signal, over.signal])).then(() => resolve(null), reject);
      try {
        return await promise;
      } finally {
        changed = null;
        over.abort(FOUND);
      }
    },
    async setLines({ breakMs, ...lines }, signal) {
      if (lost !== null) throw lost;
      const { setLines } = port;
      if (setLines === undefined) {
        throw new Fault('not-configured', `${port.path} has no control lines`, {
          hint: 'Only a serial port has DTR, RTS and break.',
          details: { port: port.path },
        });
      }
      const { dtr, rts } = lines;
      if (dtr !== undefined) await setLines.call(port, { dtr });
      if (rts !== undefined) await setLines.call(port, { rts });
      if (breakMs === undefined) return;
      await setLines.call(port, { brk: true });
      try {
        await clock.sleep(breakMs, signal);
      } finally {
        await setLines.call(port, { brk: false });
      }
    },
  };
}
