import type { RunEvent, Station } from '#station';
import { type Output, overwriteLine } from '../output.ts';
import { formatTransfer } from './transfer-reports.ts';

/** Pause between two drawings. */
const DRAW_EVERY_MS = 200;
/** Width of a terminal that does not tell its own. */
const DEFAULT_COLUMNS = 80;

/** A terminal on which the line is drawn. */
export interface LineTerminal {
  readonly columns: number;
  readonly nowMs: () => number;
  /** Overwrites the current line; an empty text clears it. */
  overwrite(line: string): void;
}

/** The terminal of this command; `null` when standard error is a file, or when `--json` asks for events. */
export function ownTerminal(out: Output): LineTerminal | null {
  if (out.json || process.stderr.isTTY !== true) return null;
  return {
    columns: process.stderr.columns || DEFAULT_COLUMNS,
    nowMs: () => performance.now(),
    overwrite: overwriteLine,
  };
}

/**
 * The transfers of all slots in one line of the terminal, which is drawn again as they proceed. `output` clears that line before
 * it prints. No line is drawn while a prompt waits for a person, because it would cover the question. Without a terminal it
 * draws nothing.
 */
export class TransferLine implements Disposable {
  readonly output: Output;
  readonly #terminal: LineTerminal | null;
  readonly #shown = new Map<number, string>();
  readonly #asking = new Set<number>();
  #drawnAtMs = -Infinity;
  #isDrawn = false;

  constructor(out: Output, terminal: LineTerminal | null) {
    this.#terminal = terminal;
    this.output = {
      json: out.json,
      event: (name, fields) => out.event(name, fields),
      print: (lines) => {
        this.#clear();
        out.print(lines);
      },
      notice: (lines) => {
        this.#clear();
        out.notice(lines);
      },
    };
  }

  /** Draws the transfers of a station until the result is called. */
  watch(station: Station): () => void {
    return station.onRunEvent((slot, event) => this.show(slot, event));
  }

  show(slot: number, event: RunEvent): void {
    if (this.#terminal === null) return;
    if (event.kind === 'prompt') {
      if (event.prompt === null) this.#asking.delete(slot);
      else this.#asking.add(slot);
      this.#clear();
      return;
    }
    const isOver = event.kind === 'finished' || (event.kind === 'flash' && event.progress === null);
    if (isOver) this.#shown.delete(slot);
    else if (event.kind === 'flash' && event.progress !== null)
      this.#shown.set(slot, `slot ${slot}: ${formatTransfer(event.progress)}`);
    else return;
    if (this.#shown.size === 0) this.#clear();
    else this.#draw(this.#terminal);
  }

  [Symbol.dispose](): void {
    this.#clear();
  }

  #draw(terminal: LineTerminal): void {
    const nowMs = terminal.nowMs();
    if (this.#asking.size > 0 || nowMs - this.#drawnAtMs < DRAW_EVERY_MS) return;
    this.#drawnAtMs = nowMs;
    const line = [...this.#shown]
      .toSorted(([a], [b]) => a - b)
      .map(([, text]) => text)
      .join(' · ');
    // A line that wraps could not be overwritten.
    terminal.overwrite(line.length < terminal.columns ? line : `${line.slice(0, terminal.columns - 2)}…`);
    this.#isDrawn = true;
  }

  #clear(): void {
    if (!this.#isDrawn) return;
    this.#isDrawn = false;
    this.#drawnAtMs = -Infinity;
    this.#terminal?.overwrite('');
  }
}
