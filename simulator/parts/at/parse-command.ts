/** One parameter of a set command, as the module's parser sees it. */
export type Parameter =
  | { readonly kind: 'text'; readonly text: string }
  /** `word` is how it was written: of a password its leading zeros count. */
  | { readonly kind: 'number'; readonly value: number; readonly word: string }
  | { readonly kind: 'empty' };

/** A command line taken apart; `parameters` is `null` when they are not well formed. */
export type Invocation =
  | { readonly form: 'execute' | 'query' | 'test'; readonly name: string }
  | { readonly form: 'set'; readonly name: string; readonly parameters: readonly Parameter[] | null };

/** Upper case only, as the module's firmware has it. */
const COMMAND = /^(AT(?:E[01]|\+[A-Z0-9_]+)?)(\?|=\?|=([^]*))?$/;

/** Takes a line apart by the rules of section 1.1 of the AT command set; `null` for what is no command at all. */
export function parseCommand(line: string): Invocation | null {
  const match = COMMAND.exec(line);
  const name = match?.[1];
  if (match === null || name === undefined) return null;
  const tail = match[2];
  if (tail === undefined) return { form: 'execute', name };
  if (tail === '?') return { form: 'query', name };
  if (tail === '=?') return { form: 'test', name };
  return { form: 'set', name, parameters: parseParameters(match[3] ?? '') };
}

/**
 * Splits `1,"text",…`. Inside a string `"` and `,` must stand behind a backslash; a bare one makes the whole list
 * malformed (`null`), which is what the module answers with a parameter error.
 */
export function parseParameters(source: string): readonly Parameter[] | null {
  const parameters: Parameter[] = [];
  let at = 0;
  for (;;) {
    if (source[at] === '"') {
      const string = readString(source, at + 1);
      if (string === null) return null;
      parameters.push({ kind: 'text', text: string.text });
      at = string.end;
    } else {
      const comma = source.indexOf(',', at);
      const end = comma === -1 ? source.length : comma;
      const word = source.slice(at, end);
      if (word === '') parameters.push({ kind: 'empty' });
      else if (/^-?\d{1,10}$/.test(word)) parameters.push({ kind: 'number', value: Number(word), word });
      else return null;
      at = end;
    }
    if (at === source.length) return parameters;
    if (source[at] !== ',') return null;
    at++;
  }
}

/** Reads from behind the opening quote; `end` is the place behind the closing one. */
function readString(source: string, start: number): { readonly text: string; readonly end: number } | null {
  let text = '';
  for (let at = start; at < source.length; at++) {
    const char = source[at] as string;
    if (char === '"') return { text, end: at + 1 };
    if (char === ',') return null;
    if (char !== '\\') {
      text += char;
      continue;
    }
    const next = source[at + 1];
    // A backslash before anything else stands for itself: payloads carry \n and \u escapes of JSON.
    if (next === '"' || next === ',' || next === '\\') {
      text += next;
      at++;
    } else text += char;
  }
  return null;
}
