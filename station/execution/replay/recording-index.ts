import {
  type ActionEntry,
  type AttemptJson,
  type Entry,
  type ExternalEventEntry,
  type Recording,
  streamOf,
} from '../recording/index.ts';

/** An entry of the recording that a replay uses. */
export interface RecordedEvent<E extends Entry = Entry> {
  /** Index among the events. */
  readonly index: number;
  /** Line number in the recording. */
  readonly line: number;
  readonly entry: E;
  /** Byte stream of the entry, and the position of its first byte in that stream. */
  readonly stream: string;
  readonly start: number;
}

interface MaskedRange {
  readonly start: number;
  readonly length: number;
  readonly form: number;
}

const ACTIONS: readonly Entry['type'][] = ['tx', 'phase', 'step', 'request', 'input', 'attempt', 'outcome'];
const ANNOTATIONS: readonly Entry['type'][] = ['late-bytes', 'masked', 'comment', 'truncated'];

/** The events of a recording in order, and what belongs to each of them. */
export class RecordingIndex {
  readonly events: readonly RecordedEvent[];
  readonly #eventOfEntry = new Map<Entry, RecordedEvent>();
  readonly #masked = new Map<string, MaskedRange[]>();
  readonly #replies = new Map<number, number>();
  readonly #sent = new Map<number, number>();

  constructor({ entries, cutOff }: Recording) {
    const events: RecordedEvent[] = [];
    const lengths = new Map<string, number>();
    for (const [line, entry] of cutOff ? completeEntries(entries) : entries) {
      if (entry.type === 'masked') {
        const ranges = this.#masked.get(entry.stream) ?? [];
        ranges.push({ start: entry.end - entry.length, length: entry.length, form: entry.form });
        this.#masked.set(entry.stream, ranges);
        continue;
      }
      if (entry.type === 'comment') continue;
      // Entries beyond the limit of a recording have no replies.
      if (entry.type === 'truncated') break;
      const stream = streamOf(entry);
      const start = lengths.get(stream) ?? 0;
      lengths.set(stream, start + lengthOf(entry));
      const event: RecordedEvent = { index: events.length, line, entry, stream, start };
      events.push(event);
      this.#eventOfEntry.set(entry, event);
      if (entry.type === 'reply') this.#replies.set(entry.request, event.index);
      if (entry.type === 'tx-done') this.#sent.set(entry.tx, event.index);
    }
    this.events = events;
    // A short form may be found across the end of a longer one, whose bytes are the right ones there.
    for (const ranges of this.#masked.values()) ranges.sort((a, b) => a.length - b.length);
  }

  /** The event with an index. */
  at(index: number): RecordedEvent | undefined {
    return this.events[index];
  }

  eventOf(entry: Entry): RecordedEvent | null {
    return this.#eventOfEntry.get(entry) ?? null;
  }

  /** Index of the reply to the request in a line; null when there was none. */
  replyTo(line: number): number | null {
    return this.#replies.get(line) ?? null;
  }

  /** Index of the event that the bytes of a line were sent; null when they were before any other event. */
  sentOf(line: number): number | null {
    return this.#sent.get(line) ?? null;
  }

  /** The bytes of an event, with `forms` of the secrets where the recording has masks. */
  bytesOf({ entry, stream, start }: RecordedEvent, forms: readonly Uint8Array[]): Uint8Array {
    const bytes = Buffer.from('bytes' in entry ? (entry.bytes ?? '') : '', 'latin1');
    for (const range of this.#masked.get(stream) ?? []) {
      const form = forms[range.form];
      if (form === undefined) continue;
      for (let i = 0; i < range.length; i++) {
        const to = range.start + i - start;
        if (to >= 0 && to < bytes.length) bytes[to] = form[i] ?? 0x2a;
      }
    }
    return bytes;
  }

  /** The next matching action from an index on, in the same step; null when there is none. */
  nextInStep(from: number, matches: (entry: ActionEntry) => boolean): RecordedEvent | null {
    for (const event of this.events.slice(from)) {
      if (isSectionStart(event.entry)) return null;
      if (isAction(event) && matches(event.entry)) return event;
    }
    return null;
  }

  attempts(): AttemptJson[] {
    return this.events.flatMap(({ entry }) => (entry.type === 'attempt' ? [entry.attempt] : []));
  }
}

/**
 * The entries of a cut recording that are complete. Bytes that might begin a secret are written later (`late-bytes`), and
 * a mask is described after its bytes (`masked`): both may be in the missing part.
 */
function completeEntries(entries: Recording['entries']): readonly (readonly [number, Entry])[] {
  const all = [...entries];
  const heldBack = all.findIndex(([, entry]) => 'heldBack' in entry && (entry.heldBack ?? 0) > 0);
  const complete = heldBack === -1 ? all : all.slice(0, heldBack);
  const last = complete.findLastIndex(([, { type }]) => type !== 'masked');
  const entry = complete[last]?.[1];
  return entry !== undefined && 'bytes' in entry ? complete.slice(0, last) : complete;
}

/** A phase or a step begins. */
export function isSectionStart({ type }: Entry): boolean {
  return type === 'phase' || type === 'step';
}

/** Something the run did. */
export function isAction(event: RecordedEvent): event is RecordedEvent<ActionEntry> {
  return ACTIONS.includes(event.entry.type);
}

/** Something that happened to the run. */
export function isExternalEvent(event: RecordedEvent): event is RecordedEvent<ExternalEventEntry> {
  return !isAction(event) && !ANNOTATIONS.includes(event.entry.type);
}

function lengthOf(entry: Entry): number {
  if (!('bytes' in entry) || entry.type === 'late-bytes') return 0;
  return (entry.bytes ?? '').length + ('heldBack' in entry ? (entry.heldBack ?? 0) : 0);
}
