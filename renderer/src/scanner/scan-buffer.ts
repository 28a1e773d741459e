/**
 * What a scanner and a person type on one keyboard, told apart without a timer of its own: keys go in with the time
 * at which they were pressed, whole lines and commands come out. Pure, so that every interleaving can be tested.
 *
 * A scanner is a very fast typist that ends with Enter (or Tab). Space, Escape and digits are commands only when
 * they stand alone; inside a scan they belong to the scan. A lone Space or digit is therefore believed only after
 * `LONE_MS` without another key; that is too short for a person to notice and longer than a scanner ever pauses.
 */
export const LONE_MS = 80;
/** A half-typed line that nobody touched for this long is a bumped key, and would keep Space from working. */
export const STALE_MS = 15_000;
/** A Backspace this soon after another key was meant for what stood there. */
export const DELETING_MS = 600;

export interface ScanKey {
  /** `KeyboardEvent.key`. */
  readonly key: string;
  readonly atMs: number;
  /** The key is being held down. */
  readonly repeat: boolean;
  /** Ctrl, Alt or Meta is down, so that this is no text. */
  readonly modified: boolean;
}

export interface ScanBuffer {
  readonly text: string;
  /** When the last key came; of any kind that the buffer took. */
  readonly lastAtMs: number;
  /** The last key ended a line: a second Enter right behind it (CR LF) means nothing. */
  readonly ended: boolean;
}

export type ScanEffect =
  | { readonly kind: 'line'; readonly text: string }
  /** A line that a person wrote into a field; no scanner typed it. */
  | { readonly kind: 'written'; readonly text: string }
  | { readonly kind: 'space' }
  | { readonly kind: 'escape' }
  | { readonly kind: 'enter' }
  | { readonly kind: 'digit'; readonly digit: number }
  /** In lower case. */
  | { readonly kind: 'letter'; readonly letter: string }
  | { readonly kind: 'tab' }
  /** With nothing left to delete, and not as the last of several. */
  | { readonly kind: 'backspace' }
  /** A half-typed line was thrown away, by Escape or by time. */
  | { readonly kind: 'cleared' }
  | { readonly kind: 'key'; readonly key: CommandKey };

/** Keys that no scanner sends. */
export const COMMAND_KEYS = [
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'F1',
  'F2',
  'F3',
  'F6',
  'F7',
  'F8',
  'F9',
] as const;
export type CommandKey = (typeof COMMAND_KEYS)[number];

export interface Typed {
  readonly buffer: ScanBuffer;
  readonly effects: readonly ScanEffect[];
  /** The key was for us: the browser must not act on it. */
  readonly taken: boolean;
}

export interface ScanOptions {
  /** Whether a lone digit is a command at present (something numbered is on the screen). */
  readonly digits: boolean;
  /** Letters, in lower case, that are commands when they stand alone. */
  readonly letters?: string;
}

export const EMPTY_BUFFER: ScanBuffer = { text: '', lastAtMs: Number.NEGATIVE_INFINITY, ended: false };

export function typeKey(before: ScanBuffer, key: ScanKey, options: ScanOptions): Typed {
  const settled = settle(before, key.atMs, options);
  const { buffer } = settled;
  const quick = key.atMs - buffer.lastAtMs < LONE_MS;
  const result = (next: Partial<ScanBuffer>, effects: readonly ScanEffect[] = [], taken = true): Typed => ({
    buffer: { text: buffer.text, lastAtMs: key.atMs, ended: false, ...next },
    effects: [...settled.effects, ...effects],
    taken,
  });
  const untouched = (taken: boolean): Typed => ({ buffer, effects: settled.effects, taken });

  if (key.modified) {
    // Scanners send control characters as Ctrl+letter; in the middle of a scan the browser must not obey them.
    return untouched(quick && (buffer.text !== '' || buffer.ended));
  }
  if ([...key.key].length === 1) {
    // A held Space is one Space; a held letter is what it looks like.
    if (key.repeat && key.key === ' ' && buffer.text.trim() === '') return untouched(true);
    return result({ text: buffer.text + key.key });
  }
  switch (key.key) {
    case 'Enter':
    case 'Tab':
      if (key.repeat) return untouched(true);
      if (buffer.text !== '') return result({ text: '', ended: true }, [{ kind: 'line', text: buffer.text }]);
      if (buffer.ended && quick) return result({ ended: true });
      return result({}, [{ kind: key.key === 'Tab' ? 'tab' : 'enter' }]);
    case 'Escape':
      if (key.repeat) return untouched(true);
      return buffer.text === ''
        ? result({}, [{ kind: 'escape' }])
        : result({ text: '' }, [{ kind: 'cleared' }]);
    case 'Backspace': {
      const alone = buffer.text === '' && !key.repeat && key.atMs - buffer.lastAtMs >= DELETING_MS;
      if (alone) return result({}, [{ kind: 'backspace' }]);
      return result({ text: [...buffer.text].slice(0, -1).join('') });
    }
    default: {
      const command = COMMAND_KEYS.find((name) => name === key.key);
      if (command === undefined) return untouched(false);
      return { ...untouched(true), effects: [...settled.effects, { kind: 'key', key: command }] };
    }
  }
}

/** What time alone makes of the buffer: a lone Space or digit becomes a command, a forgotten half line goes. */
export function settle(
  buffer: ScanBuffer,
  nowMs: number,
  options: ScanOptions,
): { readonly buffer: ScanBuffer; readonly effects: readonly ScanEffect[] } {
  const idleMs = nowMs - buffer.lastAtMs;
  if (buffer.text === '' || idleMs < LONE_MS) return { buffer, effects: [] };
  const cleared: ScanBuffer = { ...buffer, text: '' };
  if (buffer.text.trim() === '') return { buffer: cleared, effects: [{ kind: 'space' }] };
  if (isLoneDigit(buffer.text, options)) {
    return { buffer: cleared, effects: [{ kind: 'digit', digit: Number(buffer.text) }] };
  }
  if (isLoneLetter(buffer.text, options)) {
    return { buffer: cleared, effects: [{ kind: 'letter', letter: buffer.text.toLowerCase() }] };
  }
  if (idleMs >= STALE_MS) return { buffer: cleared, effects: [{ kind: 'cleared' }] };
  return { buffer, effects: [] };
}

/** When `settle` is worth calling next, or `null` when nothing waits for time. */
export function nextSettleAtMs(buffer: ScanBuffer, options: ScanOptions): number | null {
  if (buffer.text === '') return null;
  const lone =
    buffer.text.trim() === '' || isLoneDigit(buffer.text, options) || isLoneLetter(buffer.text, options);
  return buffer.lastAtMs + (lone ? LONE_MS : STALE_MS);
}

function isLoneDigit(text: string, { digits }: ScanOptions): boolean {
  return digits && /^[1-9]$/.test(text);
}

function isLoneLetter(text: string, { letters = '' }: ScanOptions): boolean {
  return text.length === 1 && letters.includes(text.toLowerCase());
}
