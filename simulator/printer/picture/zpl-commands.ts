/** One command of ZPL with what stands after its letters. */
export interface ZplCommand {
  /** `^FO`, `~DG`; `^A` for all fonts, whose name is the first sign of the text. */
  readonly code: string;
  readonly text: string;
  /** The bytes of the text; of `^GF` those after its four settings. */
  readonly data: Buffer;
}

/** Splits a label. The data of `^GFB` and `^GFC` may contain any byte and are taken by their announced length. */
export function splitZpl(label: Buffer): ZplCommand[] {
  const commands: ZplCommand[] = [];
  let at = nextCommand(label, 0);
  while (at < label.length) {
    const letters = label.toString('latin1', at, at + 3).toUpperCase();
    if (letters === '^GF') {
      const { command, end } = readGraphic(label, at);
      commands.push(command);
      at = nextCommand(label, end);
      continue;
    }
    const code = letters.startsWith('^A') ? '^A' : letters;
    const end = nextCommand(label, at + 2);
    const data = label.subarray(at + code.length, end);
    // Line ends between commands are no data, but a blank at the end of a text is.
    const trimmed = data.toString('latin1').replaceAll(/[\r\n]+/g, '');
    commands.push({ code: code.trim(), text: trimmed, data: Buffer.from(trimmed, 'latin1') });
    at = end;
  }
  return commands;
}

function nextCommand(label: Buffer, from: number): number {
  let at = from;
  while (at < label.length && label[at] !== 0x5e && label[at] !== 0x7e) at += 1;
  return at;
}

function readGraphic(label: Buffer, at: number): { command: ZplCommand; end: number } {
  const head = /^\^GF([ABC]?),(\d*),(\d*),(\d*),/i.exec(label.toString('latin1', at, at + 60));
  if (head === null) {
    const end = nextCommand(label, at + 1);
    return { command: { code: '^GF', text: '', data: label.subarray(at + 3, end) }, end };
  }
  const [all, kind = 'A', bytes = '0'] = head;
  const from = at + all.length;
  const isBinary = kind.toUpperCase() === 'B' || kind.toUpperCase() === 'C';
  const end = isBinary ? from + Number(bytes) : nextCommand(label, from);
  return { command: { code: '^GF', text: all.slice(3), data: label.subarray(from, end) }, end };
}
