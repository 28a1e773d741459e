/** A key event of the window. */
export interface ScanKey {
  /** `KeyboardEvent.key`. */
  readonly key: string;
  readonly atMs: number;
  /** The key is being held down. */
  readonly repeat: boolean;
  /** Ctrl, Alt or Meta is down, so that this is no text. */
  readonly modified: boolean;
}

/** The meaning of the keys. */
export type ScanEffect =
  | ({
      readonly kind: 'line';
      readonly text: string;
      /** An Enter or a Tab was at its end; else a pause. */
      readonly ended: boolean;
    } & LineTimes)
  /** A line that a person wrote into a field; no scanner typed it. */
  | ({ readonly kind: 'typed-text'; readonly text: string } & LineTimes)
  | (SingleKey & { readonly atMs: number })
  | { readonly kind: 'escape' }
  /** A text that is not used: deleted, expired, or followed by another scan. It comes before `cleared`. */
  | ({ readonly kind: 'discarded'; readonly text: string } & LineTimes)
  /** An incomplete line was discarded. */
  | { readonly kind: 'cleared'; readonly by: 'escape' | 'time' }
  /** The rest of input that began before the page received keys; `text` if it was more than one key. */
  | { readonly kind: 'cut'; readonly text: string | null }
  /** A line has no end: the person must press Enter. */
  | { readonly kind: 'unended' }
  | { readonly kind: 'key'; readonly key: CommandKey };

/** A key that stands alone and is a command; `atMs` beside it is when it was pressed, as `Event.timeStamp`. */
export type SingleKey =
  | { readonly kind: 'space' }
  | { readonly kind: 'enter' }
  | { readonly kind: 'digit'; readonly digit: number }
  /** In lower case. */
  | { readonly kind: 'letter'; readonly letter: string }
  | { readonly kind: 'tab' }
  /** Pressed on an empty text, and not as part of deleting one. */
  | { readonly kind: 'backspace' };

/** When the first and the last key of a line were pressed, its Enter or Tab included, as `Event.timeStamp`. */
export interface LineTimes {
  readonly firstKeyAtMs: number;
  readonly lastKeyAtMs: number;
  /** Its first key followed the end of another line without a pause. */
  readonly directlyAfterLine: boolean;
  /** How long the page had received all keys before the first key of the line. */
  readonly listeningMs?: number;
}

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

/** Ends a field of a GS1 code; scanners send it as Ctrl+]. */
export const GROUP_SEPARATOR = '\u001d';
