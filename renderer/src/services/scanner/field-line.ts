import {
  LINE_END_MS,
  SINGLE_KEY_MS,
  SAME_PULL_MS,
  SCANNER_KEY_MS,
  UNENDED_MS,
} from '#shared/domain/scan/index.ts';
import { discarded } from './scan-buffer.ts';
import { COMMAND_KEYS, GROUP_SEPARATOR, type ScanEffect, type ScanKey } from './scan-effect.ts';

/**
 * The text of a text field, and the meaning of a key there. The browser and its input method do the
 * writing; this module only distinguishes manual input, scans and commands. Pure.
 */
export interface FieldLine {
  /** The value of the field. */
  readonly text: string;
  /** When the first key of the text came. */
  readonly firstKeyAtMs: number;
  readonly lastKeyAtMs: number;
  /** The text began directly after the end of a line: a single key is that line's suffix. */
  readonly directlyAfterLine: boolean;
  /** The longest pause between two keys of the text. */
  readonly slowestMs: number;
  /** The hint that the line has no end was shown. */
  readonly hinted: boolean;
  /** A person paused, corrected or composed the text, which a scanner does not. */
  readonly typedByPerson: boolean;
  /** The last change removed text. */
  readonly shrunk: boolean;
  /** The last key ended a line: a second Enter directly after it (CR LF) has no meaning. */
  readonly ended: boolean;
  /** The text was sent. It stays until the question ends or a person edits it. */
  readonly sent: boolean;
}

export interface FieldKey {
  readonly line: FieldLine;
  readonly effects: readonly ScanEffect[];
  /** The key was handled: the browser must not act on it. */
  readonly taken: boolean;
}

export const EMPTY_LINE: FieldLine = {
  text: '',
  firstKeyAtMs: Number.NEGATIVE_INFINITY,
  lastKeyAtMs: Number.NEGATIVE_INFINITY,
  directlyAfterLine: false,
  slowestMs: 0,
  hinted: false,
  typedByPerson: false,
  shrunk: false,
  ended: false,
  sent: false,
};

/** An Enter within this time after a card code belongs to the code: it does not send the text before it. */
const CODE_END_MS = 2_000;

/** Shorter lines are bumped keys. */
const SHORTEST_LINE = 3;

/** These move the caret. */
const CARET_KEYS = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'];

export function keyInField(before: FieldLine, key: ScanKey): FieldKey {
  const { text, ended } = before;
  const gapMs = key.atMs - before.lastKeyAtMs;
  const quick = gapMs < SINGLE_KEY_MS;
  const typedByPerson = before.typedByPerson || (text !== '' && !quick);
  const firstKeyAtMs = text === '' ? key.atMs : before.firstKeyAtMs;
  // Also after a person deleted the text that followed the end.
  const followed = ended || (text === '' && before.directlyAfterLine);
  const directlyAfterLine = text === '' ? followed && gapMs < SAME_PULL_MS : before.directlyAfterLine;
  const times = { firstKeyAtMs, lastKeyAtMs: key.atMs, directlyAfterLine };
  const slowestMs = text === '' ? 0 : Math.max(before.slowestMs, gapMs);
  const { shrunk } = before;
  const line: FieldLine = {
    text,
    ...times,
    slowestMs,
    hinted: false,
    typedByPerson,
    shrunk,
    ended: false,
    sent: false,
  };
  const emptied: FieldLine = {
    ...line,
    text: '',
    typedByPerson: false,
    shrunk: false,
    directlyAfterLine: false,
  };
  const taken = (next: FieldLine, ...effects: ScanEffect[]): FieldKey => ({
    line: next,
    effects,
    taken: true,
  });
  const left = (next: FieldLine): FieldKey => ({ line: next, effects: [], taken: false });

  // Scanners send control characters as Ctrl+letter; in the middle of a scan the browser must not obey them.
  if (key.modified) {
    const inScan = quick && !typedByPerson && (text !== '' || followed);
    if (inScan && text !== '' && key.key === ']') return taken({ ...line, text: text + GROUP_SEPARATOR });
    return inScan ? taken(before) : left(before);
  }
  switch (key.key) {
    case ' ':
      // A held Space is one Space; it is a command if no key follows.
      return key.repeat && text.trim() === '' ? taken(before) : left(line);
    case 'Enter':
      // A sent text may be sent again at once, because it may have been refused.
      if (key.repeat || (followed && !before.sent && gapMs < (text === '' ? LINE_END_MS : CODE_END_MS)))
        return taken({ ...before, lastKeyAtMs: key.atMs });
      // A blank directly after the end of a line belongs to that line.
      if (text !== '' && before.directlyAfterLine && text.trim() === '')
        return taken({ ...emptied, ended: true });
      if (text.trim() === '') return taken(emptied, { kind: 'enter', atMs: key.atMs });
      // Text entered by hand stays until the station accepts it, so that it can be corrected.
      if (typedByPerson)
        return taken(
          { ...line, ended: true, sent: true },
          { kind: 'typed-text', text: text.trim(), ...times },
        );
      return taken({ ...emptied, ended: true }, { kind: 'line', text, ...times, ended: true });
    case 'Tab':
      if (key.repeat) return taken(before);
      if ((text === '' || before.sent) && followed && gapMs < LINE_END_MS)
        return taken({ ...before, lastKeyAtMs: key.atMs });
      if (text === '' || typedByPerson || !quick) return taken(line, { kind: 'tab', atMs: key.atMs });
      return taken({ ...emptied, ended: true }, { kind: 'line', text, ...times, ended: true });
    case 'Escape':
      if (key.repeat) return taken(before);
      return text === ''
        ? taken(emptied, { kind: 'escape' })
        : taken(emptied, ...discarded(before), { kind: 'cleared', by: 'escape' });
    case 'Backspace':
    case 'Delete':
      return left({ ...line, typedByPerson: typedByPerson || text !== '' });
    default: {
      if (CARET_KEYS.includes(key.key))
        return left({ ...before, typedByPerson: typedByPerson || text !== '' });
      const command = COMMAND_KEYS.find((name) => name === key.key);
      if (command !== undefined) return taken(before, { kind: 'key', key: command });
      return left([...key.key].length === 1 ? line : before);
    }
  }
}

/** The browser or an input method changed the text. Removed text that may contain a scan is reported first. */
export function changeField(
  line: FieldLine,
  text: string,
  atMs: number,
  composed = false,
): { readonly line: FieldLine; readonly effects: readonly ScanEffect[] } {
  const shrunk = !text.startsWith(line.text);
  const next = { ...line, text, typedByPerson: line.typedByPerson || composed, shrunk };
  return {
    line: composed ? { ...next, lastKeyAtMs: atMs } : next,
    effects: shrunk && !line.shrunk ? discarded(line) : [],
  };
}

/** Effects of time alone: a single Space is a command; for a scan without an end a hint is shown, and its text stays. */
export function settleField(
  line: FieldLine,
  nowMs: number,
): { readonly line: FieldLine; readonly effects: readonly ScanEffect[] } {
  const atMs = nextFieldSettleAtMs(line);
  if (atMs === null || nowMs < atMs) return { line, effects: [] };
  if (!isSingleSpace(line)) return { line: { ...line, hinted: true }, effects: [{ kind: 'unended' }] };
  const settled = { ...line, text: '', typedByPerson: false, directlyAfterLine: false };
  return {
    line: settled,
    effects: line.directlyAfterLine ? [] : [{ kind: 'space', atMs: line.firstKeyAtMs }],
  };
}

export function nextFieldSettleAtMs(line: FieldLine): number | null {
  if (isSingleSpace(line)) return line.lastKeyAtMs + SINGLE_KEY_MS;
  const scanned =
    !line.typedByPerson && line.slowestMs < SCANNER_KEY_MS && [...line.text].length >= SHORTEST_LINE;
  return scanned && !line.hinted ? line.lastKeyAtMs + UNENDED_MS : null;
}

function isSingleSpace({ text }: FieldLine): boolean {
  return text !== '' && text.trim() === '';
}
