/** One unit of a program message: a header with its path, and parameters as they are written. */
export interface ProgramUnit {
  /** In capitals: `['SYST', 'ERR']`, `['*IDN']`. */
  readonly nodes: readonly string[];
  readonly isQuery: boolean;
  readonly parameters: readonly string[];
}

/** Splits at a character outside of quotes. */
function splitOutsideQuotes(text: string, at: string): string[] {
  const parts: string[] = [];
  let quote = '';
  let part = '';
  for (const character of text) {
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === at) {
      parts.push(part);
      part = '';
      continue;
    }
    part += character;
  }
  return [...parts, part];
}

/**
 * Reads a program message without its end. A header without a leading colon continues the path of the header before it
 * (SCPI-99, volume 1, 6.2.4); common commands leave the path as it is. `null` for text that is no program message.
 */
export function parseMessage(message: string): readonly ProgramUnit[] | null {
  const units: ProgramUnit[] = [];
  let path: readonly string[] = [];
  for (const written of splitOutsideQuotes(message, ';')) {
    const text = written.trim();
    if (text === '') continue;
    const match = /^(:?)(\*?[A-Za-z][A-Za-z0-9_]*(?::[A-Za-z][A-Za-z0-9_]*)*)(\??)(?:\s+(.*))?$/s.exec(text);
    if (match === null) return null;
    const [, colon, header = '', question, rest = ''] = match;
    const own = header.toUpperCase().split(':');
    const isCommon = own[0]?.startsWith('*') === true;
    const nodes = isCommon || colon === ':' ? own : [...path, ...own];
    if (!isCommon) path = nodes.slice(0, -1);
    const parameters = rest.trim() === '' ? [] : splitOutsideQuotes(rest, ',').map((one) => one.trim());
    units.push({ nodes, isQuery: question === '?', parameters });
  }
  return units;
}
