import { cleanLine } from '#shared/codec/text-lines.ts';
import { type AmpeDelivery, type AmpeReply, readAmpeLine } from '#shared/domain/ampe.ts';
import type { SerialIo } from '../../serial-io/index.ts';

/** A microphone recording in base64 has megabytes; a line without an end must not fill the memory. */
const MAX_LINE_CHARACTERS = 16 * 1024 * 1024;

/** Reads the messages of a terminal, one a line, from now until it is disposed of; read lines are taken off then. */
export class AmpeReader implements Disposable {
  readonly #io: SerialIo;
  readonly #subscription: Disposable;
  readonly #lines: string[] = [];
  #parts: string[];
  #length: number;
  #hasOther = false;

  /** @param before text that came earlier and is read first */
  constructor(io: SerialIo, before: string) {
    this.#io = io;
    this.#parts = [before];
    this.#length = before.length;
    this.#splitLines();
    this.#subscription = io.onText((text) => this.#add(text));
  }

  /** The next message; null when no whole one is there. */
  next(): AmpeReply | AmpeDelivery | null {
    for (let line = this.#lines.shift(); line !== undefined; line = this.#lines.shift()) {
      const message = readAmpeLine(cleanLine(line));
      if (message !== null) return message;
      this.#hasOther ||= line.trim() !== '';
    }
    return null;
  }

  /** True when something came that is no message. */
  get hasOther(): boolean {
    return this.#hasOther || (this.#parts[0] ?? '').trim() !== '';
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
    // Lines that were not read stay for the next step.
    const { received } = this.#io;
    received.take(received.text.length - lengthOfLastLines(received.text, this.#lines.length));
  }

  #add(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
    if (text.includes('\n')) this.#splitLines();
    else if (this.#length > MAX_LINE_CHARACTERS) {
      this.#parts = [];
      this.#length = 0;
      this.#hasOther = true;
    }
  }

  #splitLines(): void {
    const texts = this.#parts.join('').split('\n');
    const rest = texts.pop() ?? '';
    this.#lines.push(...texts);
    this.#parts = [rest];
    this.#length = rest.length;
  }
}

/** Length of the last lines of a text and the begun next one. */
function lengthOfLastLines(text: string, count: number): number {
  let index = text.length;
  for (let line = 0; line <= count && index >= 0; line++) index = text.lastIndexOf('\n', index - 1);
  return text.length - index - 1;
}
