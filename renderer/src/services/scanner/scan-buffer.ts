import {
  LINE_END_MS,
  SINGLE_KEY_MS,
  SAME_PULL_MS,
  SCANNER_KEY_MS,
  UNENDED_MS,
} from '#shared/domain/scan/index.ts';
import {
  COMMAND_KEYS,
  GROUP_SEPARATOR,
  type LineTimes,
  type SingleKey,
  type ScanEffect,
  type ScanKey,
} from './scan-effect.ts';

/**
 * Distinguishes the keys of a scanner and of a person on one keyboard. The input is keys with their times, the output
 * is lines and commands. A pure function without timers, so that every interleaving can be tested.
 *
 * A scanner types a key each 4 to 150 ms and ends with Enter, Tab, both, or nothing. Enter, Tab, Backspace, Space,
 * letters and digits are commands only when they stand alone, `SINGLE_KEY_MS` without another key; inside a scan, before
 * it and right behind it they belong to the scan.
 */

/** An incomplete line without a key for this time is discarded: it is a bumped key, and would block Space. */
export const STALE_MS = 15_000;
/** A Backspace within this time after another key deletes text and is no command. */
export const DELETING_MS = 600;
/** The time after which a hint is shown for a line that a person typed and did not end. */
const HINT_MS = 3_000;
/** After a pause of this length a scanner begins another line. A scan on a busy computer has shorter pauses. */
const NEXT_LINE_MS = 1_000;
/** The same behind keys that are too few for a scan. */
const BUMPED_KEYS_MS = 500;
/** Shorter lines are bumped keys. */
const SHORTEST_LINE = 3;

export interface ScanBuffer {
  readonly text: string;
  /** When the first key of the text came. */
  readonly firstKeyAtMs: number;
  /** When the last key came; of any kind that the buffer took. */
  readonly lastKeyAtMs: number;
  /** The longest pause between two keys of the text. */
  readonly slowestMs: number;
  /** The text since the last long pause, if there is text before it: it may be a separate scan. */
  readonly since: TypedSince | null;
  /** The last key ended a line: a second Enter directly after it (CR LF) has no meaning. */
  readonly ended: boolean;
  /** The text began directly after the end of a line: a single key is that line's suffix. */
  readonly directlyAfterLine: boolean;
  /** A single key came directly before the text: both belong to a scanner. */
  readonly prefixed: boolean;
  /** A key that is a command unless a scan follows. */
  readonly single: SingleKey | null;
  /** A scanned line ended with Enter or Tab: this scanner sends a line end, so a pause does not end a line. */
  readonly scannerEnds: boolean;
  /** The hint that the line has no end was shown. */
  readonly hinted: boolean;
  /** The last key deleted some of the text. */
  readonly deleting: boolean;
}

interface TypedSince {
  readonly text: string;
  readonly firstKeyAtMs: number;
  readonly slowestMs: number;
  /** The time of the last key before it. */
  readonly beforeAtMs: number;
}

export interface Typed {
  readonly buffer: ScanBuffer;
  readonly effects: readonly ScanEffect[];
  /** The key was handled: the browser must not act on it. */
  readonly taken: boolean;
}

export interface ScanOptions {
  /** Whether a single digit is a command at present (the screen shows numbered items). */
  readonly digits: boolean;
  /** Letters, in lower case, that are commands when they stand alone. */
  readonly letters?: string;
}

export const EMPTY_BUFFER: ScanBuffer = {
  text: '',
  firstKeyAtMs: Number.NEGATIVE_INFINITY,
  lastKeyAtMs: Number.NEGATIVE_INFINITY,
  slowestMs: 0,
  since: null,
  ended: false,
  directlyAfterLine: false,
  prefixed: false,
  single: null,
  scannerEnds: false,
  hinted: false,
  deleting: false,
};

export function typeKey(before: ScanBuffer, key: ScanKey, options: ScanOptions): Typed {
  const settled = settle(before, key.atMs, options);
  const { buffer } = settled;
  const { text, ended, single } = buffer;
  const gapMs = key.atMs - buffer.lastKeyAtMs;
  // Also after a person deleted the text that followed it.
  const followed = ended || (text === '' && buffer.directlyAfterLine);
  const behindEnd = followed && gapMs < LINE_END_MS;
  const result = (next: Partial<ScanBuffer>, effects: readonly ScanEffect[] = []): Typed => ({
    buffer: { ...buffer, lastKeyAtMs: key.atMs, ended: false, single: null, deleting: false, ...next },
    effects: [...settled.effects, ...effects],
    taken: true,
  });
  const untouched = (taken: boolean): Typed => ({ buffer, effects: settled.effects, taken });
  const emptied = {
    text: '',
    slowestMs: 0,
    since: null,
    directlyAfterLine: false,
    prefixed: false,
    hinted: false,
  };
  const grown = (char: string): Typed => {
    // A scanned text without an end from before a pause is not the beginning of the next scan.
    const left = gapMs >= NEXT_LINE_MS && isTypedByScanner(buffer);
    if (text !== '' && !left) {
      const since = sinceLongPause(buffer, char, key.atMs);
      // The text before the scan is a bumped key or a slow scan without an end: a scan is always a complete code.
      if (since !== null && isTypedByScanner(since)) {
        const { beforeAtMs, ...line } = since;
        const before = text.slice(0, text.length + char.length - since.text.length);
        return result(
          { ...emptied, ...line, since: null },
          thrownAway({ ...buffer, text: before, lastKeyAtMs: beforeAtMs }, 'time'),
        );
      }
      return result({
        text: text + char,
        slowestMs: Math.max(buffer.slowestMs, gapMs),
        since,
        hinted: false,
      });
    }
    return result(
      {
        ...emptied,
        text: char,
        firstKeyAtMs: key.atMs,
        directlyAfterLine: (ended || buffer.directlyAfterLine) && gapMs < SAME_PULL_MS,
        prefixed: single !== null,
      },
      left ? thrownAway(buffer, 'time') : [],
    );
  };
  /** Alone the key is a command; directly before a scan its prefix, directly after a scan its suffix. */
  const maybeSingle = (command: SingleKey): Typed => {
    if (behindEnd) return result({ ended: true });
    return result({ firstKeyAtMs: single === null ? key.atMs : buffer.firstKeyAtMs, single: command });
  };

  if (key.modified) {
    // Scanners send control characters as Ctrl+letter; in the middle of a scan the browser must not obey them.
    const inScan = text === '' ? behindEnd : gapMs < SINGLE_KEY_MS;
    if (inScan && text !== '' && key.key === ']') return grown(GROUP_SEPARATOR);
    return untouched(inScan);
  }
  if ([...key.key].length === 1) {
    // A held Space counts once; a held letter is repeated text.
    if (key.repeat && key.key === ' ' && text.trim() === '') return untouched(true);
    return grown(key.key);
  }
  switch (key.key) {
    case 'Enter':
    case 'Tab': {
      if (key.repeat) return untouched(true);
      if (text === '') return maybeSingle(single ?? { kind: key.key === 'Tab' ? 'tab' : 'enter' });
      // A person types "2" and Enter to choose the second item.
      const command = text.trim() === '' ? null : commandOf(buffer, options);
      if (command !== null) return result({ ...emptied, single: command });
      const scannerEnds = buffer.scannerEnds || isTypedByScanner(buffer);
      return result({ ...emptied, ended: true, scannerEnds }, [
        { ...lineOf(buffer, true), lastKeyAtMs: key.atMs },
      ]);
    }
    case 'Escape':
      if (key.repeat) return untouched(true);
      return text === ''
        ? result({}, [{ kind: 'escape' }])
        : result({ ...emptied }, thrownAway(buffer, 'escape'));
    case 'Backspace':
      if (text === '' && !key.repeat && gapMs >= DELETING_MS) return maybeSingle({ kind: 'backspace' });
      if (behindEnd && text === '') return result({ ended: true });
      return result(
        {
          text: [...text].slice(0, -1).join(''),
          slowestMs: Number.POSITIVE_INFINITY,
          since: null,
          deleting: true,
        },
        buffer.deleting ? [] : discarded(buffer),
      );
    default: {
      const command = COMMAND_KEYS.find((name) => name === key.key);
      if (command === undefined) return untouched(false);
      return { ...untouched(true), effects: [...settled.effects, { kind: 'key', key: command }] };
    }
  }
}

/**
 * Effects of time alone: a single key becomes a command, a line without an end becomes a line, an old text is cleared.
 */
export function settle(
  buffer: ScanBuffer,
  nowMs: number,
  options: ScanOptions,
): { readonly buffer: ScanBuffer; readonly effects: readonly ScanEffect[] } {
  const idleMs = nowMs - buffer.lastKeyAtMs;
  const cleared: ScanBuffer = {
    ...buffer,
    text: '',
    slowestMs: 0,
    since: null,
    directlyAfterLine: false,
    prefixed: false,
    single: null,
    hinted: false,
  };
  const due = dueOf(buffer, options);
  if (due === null || idleMs < due.afterMs) return { buffer, effects: [] };
  switch (due.kind) {
    case 'single':
      return {
        buffer: cleared,
        effects: due.command === null ? [] : [{ ...due.command, atMs: buffer.firstKeyAtMs }],
      };
    case 'line':
      return { buffer: cleared, effects: [lineOf(buffer, false)] };
    case 'hint':
      return { buffer: { ...buffer, hinted: true }, effects: [{ kind: 'unended' }] };
    case 'stale':
      return { buffer: cleared, effects: thrownAway(buffer, 'time') };
  }
}

/** When `settle` must be called next; `null` if nothing depends on time. */
export function nextSettleAtMs(buffer: ScanBuffer, options: ScanOptions): number | null {
  const due = dueOf(buffer, options);
  return due === null ? null : buffer.lastKeyAtMs + due.afterMs;
}

type Due =
  | { readonly kind: 'single'; readonly afterMs: number; readonly command: SingleKey | null }
  | { readonly kind: 'line' | 'hint' | 'stale'; readonly afterMs: number };

/** The next effect of time without a key. */
function dueOf(buffer: ScanBuffer, options: ScanOptions): Due | null {
  const { text, single } = buffer;
  if (text === '')
    return single === null ? null : { kind: 'single', afterMs: SINGLE_KEY_MS, command: single };
  if (singleKeyCommand(text, options) !== null)
    return { kind: 'single', afterMs: SINGLE_KEY_MS, command: commandOf(buffer, options) };
  if (!buffer.hinted && [...text].length >= SHORTEST_LINE) {
    const scanned = isTypedByScanner(buffer);
    if (scanned && !buffer.scannerEnds) return { kind: 'line', afterMs: UNENDED_MS };
    return { kind: 'hint', afterMs: scanned ? UNENDED_MS : HINT_MS };
  }
  return { kind: 'stale', afterMs: STALE_MS };
}

/** `since` after one more character. */
function sinceLongPause(
  { text, since, lastKeyAtMs }: ScanBuffer,
  char: string,
  atMs: number,
): ScanBuffer['since'] {
  const gapMs = atMs - lastKeyAtMs;
  if (gapMs >= ([...text].length < SHORTEST_LINE ? BUMPED_KEYS_MS : NEXT_LINE_MS))
    return { text: char, firstKeyAtMs: atMs, slowestMs: 0, beforeAtMs: lastKeyAtMs };
  if (since === null) return null;
  return { ...since, text: since.text + char, slowestMs: Math.max(since.slowestMs, gapMs) };
}

function isTypedByScanner({ text, slowestMs }: Pick<ScanBuffer, 'text' | 'slowestMs'>): boolean {
  return [...text].length >= SHORTEST_LINE && slowestMs < SCANNER_KEY_MS;
}

/** The report of an unused text to the station: it may contain a scan of a label. */
export function discarded({
  text,
  firstKeyAtMs,
  lastKeyAtMs,
  directlyAfterLine,
}: LineTimes & { readonly text: string }): readonly ScanEffect[] {
  if ([...text].length < SHORTEST_LINE) return [];
  return [{ kind: 'discarded', text, firstKeyAtMs, lastKeyAtMs, directlyAfterLine }];
}

function thrownAway(buffer: ScanBuffer, by: 'escape' | 'time'): readonly ScanEffect[] {
  return [...discarded(buffer), { kind: 'cleared', by }];
}

function lineOf(
  { text, firstKeyAtMs, lastKeyAtMs, directlyAfterLine }: ScanBuffer,
  ended: boolean,
): ScanEffect & { readonly kind: 'line' } {
  return { kind: 'line', text, firstKeyAtMs, lastKeyAtMs, ended, directlyAfterLine };
}

/** The command of the text; `null` also when it belongs to a scan. */
function commandOf(
  { text, directlyAfterLine, prefixed }: ScanBuffer,
  options: ScanOptions,
): SingleKey | null {
  return directlyAfterLine || prefixed ? null : singleKeyCommand(text, options);
}

/** The command of a text without other keys; `null` for other texts. */
function singleKeyCommand(text: string, { digits, letters = '' }: ScanOptions): SingleKey | null {
  if (text.trim() === '') return { kind: 'space' };
  if (digits && /^[1-9]$/.test(text)) return { kind: 'digit', digit: Number(text) };
  const letter = text.toLowerCase();
  return text.length === 1 && letters.includes(letter) ? { kind: 'letter', letter } : null;
}
