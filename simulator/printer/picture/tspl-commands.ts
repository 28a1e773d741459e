/** One line of TSPL. */
export interface TsplCommand {
  readonly name: string;
  /** Settings as text; one in quotation marks is without them. */
  readonly settings: readonly string[];
  /** The bytes of the last setting in quotation marks, or of a `BITMAP`. */
  readonly data: Buffer;
}

/** Splits what was received into commands. The data of `BITMAP` may contain any byte and have their announced length. */
export function splitTspl(bytes: Buffer): TsplCommand[] {
  const commands: TsplCommand[] = [];
  let at = 0;
  while (at < bytes.length) {
    const head = /^\s*BITMAP\s+(-?\d+)\s*,\s*(-?\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*,/i.exec(
      bytes.toString('latin1', at, at + 90),
    );
    if (head !== null) {
      const from = at + head[0].length;
      const end = from + Number(head[3]) * Number(head[4]);
      commands.push({ name: 'BITMAP', settings: head.slice(1), data: bytes.subarray(from, end) });
      at = end;
      continue;
    }
    const lineEnd = bytes.indexOf(0x0a, at);
    const end = lineEnd < 0 ? bytes.length : lineEnd;
    const line = bytes.toString('latin1', at, end).trim();
    if (line !== '') commands.push(readLine(line));
    at = end + 1;
  }
  return commands;
}

function readLine(line: string): TsplCommand {
  const name = /^[A-Z0-9]+/i.exec(line)?.[0] ?? line;
  const settings: string[] = [];
  let data = '';
  let rest = line.slice(name.length).trim();
  while (rest !== '') {
    if (rest.startsWith('"')) {
      const end = endOfQuoted(rest);
      data = unescape(rest.slice(1, end));
      settings.push(data);
      rest = rest
        .slice(end + 1)
        .replace(/^\s*,/, '')
        .trim();
    } else {
      const comma = rest.indexOf(',');
      settings.push((comma < 0 ? rest : rest.slice(0, comma)).trim());
      rest = comma < 0 ? '' : rest.slice(comma + 1).trim();
    }
  }
  return { name: name.toUpperCase(), settings, data: Buffer.from(data, 'latin1') };
}

/** `\["]` is a quotation mark inside of a text. */
function endOfQuoted(text: string): number {
  for (let at = 1; at < text.length; at += 1) {
    if (text.startsWith('\\["]', at)) at += 3;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/** `\["]` is `"`, `\[R]` a carriage return, `\[L]` a line feed. */
function unescape(text: string): string {
  return text.replaceAll(/\\\[(["RL])\]/g, (_, sign: string) =>
    sign === '"' ? '"' : sign === 'R' ? '\r' : '\n',
  );
}
