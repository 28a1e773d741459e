import type { PrinterActs, PrinterLanguage } from './language.ts';
import { createTsplRenderer } from './picture/index.ts';

const ESCAPE = 0x1b;
const LINE_FEED = 0x0a;
const QUESTION = Buffer.from('\x1b!?', 'latin1');
/** Longer than the head of any `BITMAP` command. */
const HEAD_BYTES = 80;

/**
 * TSPL: lines of commands; `PRINT` ends a label. `<ESC>!?` between lines is answered at once with one byte of flags.
 * The data of a `BITMAP` is skipped by its announced size, because it may contain any byte.
 * Source: TSC, TSPL/TSPL2 Programming Manual, `<ESC>!?`, `BITMAP`, `PRINT`.
 */
export const TSPL: PrinterLanguage = {
  extension: 'tspl',
  renderer: createTsplRenderer,
  reader(acts) {
    const reader = new TsplReader(acts);
    return (bytes) => reader.receive(bytes);
  },
  answer: ({ isHeadOpen, isJammed, isPaperOut, isRibbonOut, isPaused, isPrinting }) =>
    Buffer.of(
      [isHeadOpen, isJammed, isPaperOut, isRibbonOut, isPaused, isPrinting].reduce(
        (byte, is, bit) => byte | (is ? 1 << bit : 0),
        0,
      ),
    ),
};

class TsplReader {
  readonly #acts: PrinterActs;
  #data = Buffer.alloc(0);
  #label: Buffer[] = [];

  constructor(acts: PrinterActs) {
    this.#acts = acts;
  }

  receive(bytes: Uint8Array): void {
    this.#data = Buffer.concat([this.#data, bytes]);
    while (this.#step());
  }

  /** Reads one question or line; false when its end is not here yet. */
  #step(): boolean {
    if (this.#data[0] === ESCAPE) {
      if (this.#data.length < QUESTION.length) return false;
      const isQuestion = this.#data.subarray(0, QUESTION.length).equals(QUESTION);
      this.#data = this.#data.subarray(isQuestion ? QUESTION.length : 1);
      if (isQuestion) this.#acts.asked();
      return true;
    }
    const end = this.#endOfLine();
    if (end === null) return false;
    const line = this.#data.subarray(0, end);
    this.#data = this.#data.subarray(end);
    this.#label.push(line);
    if (!/^\s*PRINT\b/i.test(line.toString('latin1'))) return true;
    this.#acts.print(Buffer.concat(this.#label));
    this.#label = [];
    return true;
  }

  /** The length of the line with its end; `null` while it is not complete. */
  #endOfLine(): number | null {
    // BITMAP x,y,width in bytes,height in dots,mode,data
    const head = /^BITMAP (\d+),(\d+),(\d+),(\d+),(\d+),/i.exec(this.#data.toString('latin1', 0, HEAD_BYTES));
    const from = head === null ? 0 : head[0].length + Number(head[3]) * Number(head[4]);
    const at = this.#data.indexOf(LINE_FEED, from);
    return at < 0 ? null : at + 1;
  }
}
