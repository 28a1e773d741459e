/** One parameter of a set command. */
export type Parameter =
  | { readonly kind: 'text'; readonly text: string }
  /** `word` is the number as written, because leading zeros of a password matter. */
  | { readonly kind: 'number'; readonly value: number; readonly word: string }
  | { readonly kind: 'empty' };

/** A parsed command line. `parameters` is `null` when they are malformed. */
export type Invocation =
  | { readonly form: 'execute' | 'query' | 'test'; readonly name: string }
  | { readonly form: 'set'; readonly name: string; readonly parameters: readonly Parameter[] | null };

/** Upper case only, as in the module's firmware. */
const COMMAND = /^(AT(?:E[01]|\+[A-Z0-9_]+)?)(\?|=\?|=([^]*))?$/;

/** Parses a line by section 1.1 of the AT command set; `null` when it is not a command. */
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
 * Parses `1,"text",…`. Inside a string `"` and `,` must be escaped by a backslash; otherwise the list is malformed
 * (`null`), and the module replies with a parameter error.
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

/** Reads a string from after its opening quote; `end` is the position after the closing one. */
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
    // A backslash before another character is literal, because payloads contain \n and \u escapes of JSON.
    if (next === '"' || next === ',' || next === '\\') {
      text += next;
      at++;
    } else text += char;
  }
  return null;
}
