import { cleanLine } from '#shared/codec/text-lines.ts';
import { type AmpeDelivery, type AmpeReply, readAmpeLine } from '#shared/domain/ampe.ts';
import type { Wire } from '../../serial-io/index.ts';

/** A recording of a microphone in base64 has megabytes; a line without an end must not fill the memory. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** What a terminal says while somebody listens, line by line. */
export interface AmpeLines extends Disposable {
  /** The next message, or `null` when no whole one is there. */
  next(): AmpeReply | AmpeDelivery | null;
  /** True when something came that is no message. */
  readonly heardOther: boolean;
}

/**
 * Listens from now on; `before` is what came earlier and is read first. What was read is taken off the wire at the end.
 */
export function listenToAmpe(wire: Wire, before: string): AmpeLines {
  let parts: string[] = [before];
  let length = before.length;
  const lines: string[] = [];
  let heardOther = false;
  const cut = (): void => {
    const texts = parts.join('').split('\n');
    const rest = texts.pop() ?? '';
    lines.push(...texts);
    parts = [rest];
    length = rest.length;
  };
  cut();
  const listening = wire.listen((text) => {
    parts.push(text);
    length += text.length;
    if (text.includes('\n')) cut();
    else if (length > LONGEST_LINE) {
      parts = [];
      length = 0;
      heardOther = true;
    }
  });
  return {
    next() {
      for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
        const message = readAmpeLine(cleanLine(line));
        if (message !== null) return message;
        heardOther ||= line.trim() !== '';
      }
      return null;
    },
    get heardOther() {
      return heardOther || (parts[0] ?? '').trim() !== '';
    },
    [Symbol.dispose]() {
      listening[Symbol.dispose]();
      // What nobody has read yet stays on the wire for the next step.
      const { heard } = wire;
      heard.take(heard.text.length - lengthOfLast(heard.text, lines.length));
    },
  };
}

/** How long the last lines of a text are, with what came of the next one. */
function lengthOfLast(text: string, count: number): number {
  let at = text.length;
  for (let line = 0; line <= count && at >= 0; line++) at = text.lastIndexOf('\n', at - 1);
  return text.length - at - 1;
}
