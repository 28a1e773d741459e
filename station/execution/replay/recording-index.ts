import {
  type AttemptJson,
  type DidEntry,
  type Entry,
  type HappenedEntry,
  portStream,
  type Recording,
} from '../recording/index.ts';

/** One line of the recording, in its place. */
export interface Frame<E extends Entry = Entry> {
  readonly at: number;
  readonly line: number;
  readonly entry: E;
  /** Where its bytes are in their stream. */
  readonly stream: string;
  readonly start: number;
}

interface Mask {
  readonly start: number;
  readonly len: number;
  readonly form: number;
}

/** A recording, ready to be played: its lines in order, and where everything is. */
export class Reel {
  readonly frames: readonly Frame[];
  readonly #byEntry = new Map<Entry, Frame>();
  readonly #masks = new Map<string, Mask[]>();
  readonly #answers = new Map<number, number>();
  readonly #sent = new Map<number, number>();
  readonly #waits = new Map<string, number>();

  constructor({ entries, cutOff }: Recording) {
    const frames: Frame[] = [];
    const lengths = new Map<string, number>();
    for (const [line, entry] of cutOff ? wholeOf(entries) : entries) {
      if (entry.d === '*') {
        const masks = this.#masks.get(entry.s) ?? [];
        masks.push({ start: entry.end - entry.len, len: entry.len, form: entry.form });
        this.#masks.set(entry.s, masks);
        continue;
      }
      if (entry.d === 'n') continue;
      // What is behind has no answers in it.
      if (entry.d === 'c') break;
      const stream = streamOf(entry);
      const start = lengths.get(stream) ?? 0;
      lengths.set(stream, start + lengthOf(entry));
      const frame: Frame = { at: frames.length, line, entry, stream, start };
      frames.push(frame);
      this.#byEntry.set(entry, frame);
      if (entry.d === '=') this.#answers.set(entry.of, frame.at);
      if (entry.d === 'w') this.#sent.set(entry.of, frame.at);
      if (entry.d === 't') this.#waits.set(`${entry.n} ${entry.for}`, frame.at);
    }
    this.frames = frames;
  }

  at(place: number): Frame | undefined {
    return this.frames[place];
  }

  /** Where question `line` is answered; `null` when it never was. */
  answerOf(line: number): number | null {
    return this.#answers.get(line) ?? null;
  }

  /** Where it is told that the bytes of `line` left; `null` when they did before anything else happened. */
  sentOf(line: number): number | null {
    return this.#sent.get(line) ?? null;
  }

  /** Where the wait begun as number `n` came to its end; `null` when it never did. */
  overOf(n: number, ms: number): number | null {
    return this.#waits.get(`${n} ${ms}`) ?? null;
  }

  /** The bytes of a line, with secrets put in where they were masked. */
  bytesOf({ entry, stream, start }: Frame, forms: readonly Uint8Array[]): Uint8Array {
    const bytes = Buffer.from('b' in entry ? (entry.b ?? '') : '', 'latin1');
    for (const mask of this.#masks.get(stream) ?? []) {
      const form = forms[mask.form];
      if (form === undefined) continue;
      for (let i = 0; i < mask.len; i++) {
        const to = mask.start + i - start;
        if (to >= 0 && to < bytes.length) bytes[to] = form[i] ?? 0x2a;
      }
    }
    return bytes;
  }

  frameOf(entry: Entry): Frame | null {
    return this.#byEntry.get(entry) ?? null;
  }

  /** The next line from this place on that fits, in the same step; `null` when there is none. */
  nextIn(from: number, fits: (entry: DidEntry) => boolean): Frame | null {
    for (const frame of this.frames.slice(from)) {
      if (frame.entry.d === '#') return null;
      if (isDid(frame) && fits(frame.entry)) return frame;
    }
    return null;
  }

  attempts(): AttemptJson[] {
    return this.frames.flatMap(({ entry }) => (entry.d === 'r' ? [entry.r] : []));
  }
}

/**
 * The lines of a cut recording of which everything is there. Bytes that might begin a secret are written later (`+`), and where
 * a secret was is told behind them (`*`): both may be in the part that is missing.
 */
function wholeOf(entries: Recording['entries']): readonly (readonly [number, Entry])[] {
  const all = [...entries];
  const held = all.findIndex(([, entry]) => 'h' in entry && (entry.h ?? 0) > 0);
  const told = held === -1 ? all : all.slice(0, held);
  const last = told.findLastIndex(([, { d }]) => d !== '*');
  const entry = told[last]?.[1];
  return entry !== undefined && 'b' in entry ? told.slice(0, last) : told;
}

/** Something the run did, and not something that happened to it. */
export function isDid(frame: Frame): frame is Frame<DidEntry> {
  return ['>', '#', '?', 'i', 'r', 'v'].includes(frame.entry.d);
}

export function isHappened(frame: Frame): frame is Frame<HappenedEntry> {
  return !isDid(frame) && !['+', '*', 'n'].includes(frame.entry.d);
}

function streamOf(entry: Entry): string {
  if (entry.d === '>' || entry.d === '<') return portStream(entry.d, entry.p ?? 0);
  return 's' in entry ? (entry.s ?? '') : '';
}

function lengthOf(entry: Entry): number {
  if (!('b' in entry) || entry.d === '#' || entry.d === 'n' || entry.d === '+') return 0;
  return (entry.b ?? '').length + ('h' in entry ? (entry.h ?? 0) : 0);
}
