import type { TextProblem } from './text-file.ts';

/** Deepest nesting of the JSON files that users bring, so that their values can be walked by recursion. */
const MAX_LEVELS = 128;
/** Largest text in characters. The largest known file of a device, a thing model, has 60,000. */
const MAX_CHARACTERS = 1_048_576;

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
/** ES2026's `JSON.parse` passes the source text of a value to the reviver; TypeScript's declarations lack it. */
const parse = JSON.parse as (text: string, reviver?: Reviver) => unknown;

export type ReadJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: TextProblem };

/**
 * Parses the JSON text of a file from a user (RFC 8259). Size, nesting and syntax are checked before anything is built: a
 * refused text costs one pass over it. `reviver` as for `JSON.parse`, with the source text of a number.
 */
export function readJsonText(text: string, reviver?: Reviver): ReadJson {
  const found =
    text.length > MAX_CHARACTERS
      ? { offset: 0, what: `has ${text.length} characters, and at most ${MAX_CHARACTERS} are read` }
      : firstProblem(text);
  if (found === null) return { ok: true, value: parse(text, reviver) };
  return { ok: false, problem: { ...placeOf(text, found.offset), what: found.what } };
}

interface Found {
  readonly offset: number;
  readonly what: string;
}

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma' | 'end';
const MISSING: Readonly<Record<Expected, string>> = {
  value: 'a value is missing here',
  'value or ]': 'a value or ] is missing here',
  key: 'a key in double quotes is missing here',
  'key or }': 'a key in double quotes or } is missing here',
  colon: 'a colon is missing here',
  comma: 'a comma or the closing bracket is missing here',
  end: 'the text goes on after its value',
};

/** The first place at which a text is no JSON, or is nested too deep. */
function firstProblem(text: string): Found | null {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  const wrong = (): Found => ({ offset: at, what: `is not JSON: ${MISSING[expected]}` });
  const ofScalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
  for (;;) {
    at = afterBlanks(text, at);
    const sign = text[at];
    if (sign === undefined) return expected === 'end' ? null : wrong();
    const takesValue: boolean = expected === 'value' || expected === 'value or ]';
    const takesKey: boolean = expected === 'key' || expected === 'key or }';
    if (takesValue && (sign === '{' || sign === '[')) {
      if (open.length === MAX_LEVELS) return { offset: at, what: 'has values that are nested too deep' };
      open.push(sign);
      expected = sign === '{' ? 'key or }' : 'value or ]';
      at += 1;
    } else if ((sign === '}' || sign === ']') && closes(sign, open.at(-1), expected)) {
      open.pop();
      expected = open.length === 0 ? 'end' : 'comma';
      at += 1;
    } else if (sign === '"' && (takesValue || takesKey)) {
      const end = afterString(text, at);
      if (end === null)
        return { offset: at, what: 'is not JSON: this text in quotes is not closed, or not written as JSON' };
      at = end;
      expected = takesKey ? 'colon' : open.length === 0 ? 'end' : 'comma';
    } else if (sign === ':' && expected === 'colon') {
      expected = 'value';
      at += 1;
    } else if (sign === ',' && expected === 'comma') {
      expected = open.at(-1) === '{' ? 'key' : 'value';
      at += 1;
    } else {
      ofScalar.lastIndex = at;
      if (!takesValue || !ofScalar.test(text)) return wrong();
      at = ofScalar.lastIndex;
      expected = open.length === 0 ? 'end' : 'comma';
    }
  }
}

function closes(sign: '}' | ']', opened: '{' | '[' | undefined, expected: Expected): boolean {
  if (sign === '}') return opened === '{' && (expected === 'comma' || expected === 'key or }');
  return opened === '[' && (expected === 'comma' || expected === 'value or ]');
}

/** Where the text in quotes at `from` ends; null when it does not, or holds what JSON does not allow. */
function afterString(text: string, from: number): number | null {
  const ofEscape = /["\\/bfnrt]|u[\dA-Fa-f]{4}/y;
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return null;
    if (code !== 0x5c) continue;
    ofEscape.lastIndex = at + 1;
    if (!ofEscape.test(text)) return null;
    at = ofEscape.lastIndex - 1;
  }
  return null;
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\n\r'.includes(text.charAt(at))) at += 1;
  return at;
}

/** Line and column of an offset, both from 1. */
function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const lines = before.split(/\r\n|\r|\n/);
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
}
