/** The syntax tree of a JavaScript regular expression in Unicode mode, as far as cost and matching need it. */
export type Syntax =
  /** One code point: a letter, an escape, a class, a dot. `source` is its text in the pattern. */
  | { readonly kind: 'one'; readonly source: string; readonly literal: string | null }
  | { readonly kind: 'edge'; readonly edge: Edge }
  | { readonly kind: 'group'; readonly index: number; readonly body: Syntax }
  | { readonly kind: 'sequence'; readonly parts: readonly Syntax[] }
  | { readonly kind: 'choice'; readonly options: readonly Syntax[] }
  | {
      readonly kind: 'repeat';
      readonly body: Syntax;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
      /** Capture groups within the body; each iteration resets them. */
      readonly groups: GroupRange;
    }
  | {
      readonly kind: 'look';
      readonly ahead: boolean;
      readonly negative: boolean;
      readonly body: Syntax;
      readonly groups: GroupRange;
    }
  /** A construct that only the native engine can match. */
  | {
      readonly kind: 'foreign';
      readonly what: 'slow-reference' | 'slow-flags';
      readonly body: Syntax | null;
    };

export type Edge = 'start' | 'end' | 'word' | 'no-word';
/** The first group, and the group after the last. */
export type GroupRange = readonly [from: number, to: number];

export interface ParsedPattern {
  readonly root: Syntax;
  /** Including the whole match. */
  readonly groupCount: number;
  /** Name and number of each named group; two groups may share a name. */
  readonly names: readonly (readonly [name: string, index: number])[];
}

const DEEPEST_GROUP = 100;
/** One escape that stands for one code point; a pair of surrogates is one. */
const ESCAPE = /\\(?:u\{[0-9a-f]+\}|u[0-9a-f]{4}|x[0-9a-f]{2}|c[a-z]|[pP]\{[^}]*\}|[^])/iuy;
const SURROGATE_PAIR = /\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}/iuy;
const REFERENCE = /\\(?:k<[^>]*>|[1-9]\d*)/uy;
const COUNT = /\{(\d+)(,?)(\d*)\}/uy;
const NAME = /\(\?<([^=!>][^>]*)>/uy;
const MODIFIERS = /\(\?[ims]*-?[ims]*:/uy;

/**
 * Parses a pattern that the native engine accepted with the `u` flag; `null` when its groups are nested deeper than
 * `DEEPEST_GROUP`.
 */
export function parsePattern(source: string): ParsedPattern | null {
  let offset = 0;
  let groupCount = 1;
  let depth = 0;
  const names: [string, number][] = [];

  const taken = (token: RegExp): RegExpExecArray | null => {
    token.lastIndex = offset;
    const match = token.exec(source);
    if (match !== null) offset += match[0].length;
    return match;
  };
  const takes = (text: string): boolean => {
    if (!source.startsWith(text, offset)) return false;
    offset += text.length;
    return true;
  };

  function choice(): Syntax {
    const options = [sequence()];
    while (takes('|')) options.push(sequence());
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : { kind: 'choice', options };
  }

  function sequence(): Syntax {
    const parts: Syntax[] = [];
    while (offset < source.length && source[offset] !== '|' && source[offset] !== ')') {
      const from = groupCount;
      parts.push(repeated(term(), from));
    }
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind: 'sequence', parts };
  }

  function repeated(body: Syntax, from: number): Syntax {
    let min = 0;
    let max = Infinity;
    if (takes('+')) min = 1;
    else if (takes('?')) max = 1;
    else if (!takes('*')) {
      const count = taken(COUNT);
      if (count === null) return body;
      min = Number(count[1]);
      max = count[2] === '' ? min : count[3] === '' ? Infinity : Number(count[3]);
    }
    return { kind: 'repeat', body, min, max, lazy: takes('?'), groups: [from, groupCount] };
  }

  function term(): Syntax {
    if (source[offset] === '(') return group();
    if (takes('^')) return { kind: 'edge', edge: 'start' };
    if (takes('$')) return { kind: 'edge', edge: 'end' };
    if (takes(String.raw`\b`)) return { kind: 'edge', edge: 'word' };
    if (takes(String.raw`\B`)) return { kind: 'edge', edge: 'no-word' };
    if (taken(REFERENCE) !== null) return { kind: 'foreign', what: 'slow-reference', body: null };
    const from = offset;
    let literal: string | null = null;
    if (source[offset] === '[') toEndOfClass();
    else if (taken(SURROGATE_PAIR) === null && taken(ESCAPE) === null) {
      const letter = String.fromCodePoint(source.codePointAt(offset) ?? 0);
      offset += letter.length;
      if (letter !== '.' && letter.isWellFormed()) literal = letter;
    }
    const written = source.slice(from, offset);
    // An escaped character matches itself; escaped letters and digits have a meaning.
    if (/^\\[^A-Za-z0-9]$/u.test(written)) literal = written.slice(1);
    return { kind: 'one', source: written, literal };
  }

  function toEndOfClass(): void {
    offset += 1;
    while (offset < source.length && source[offset] !== ']') offset += source[offset] === '\\' ? 2 : 1;
    offset += 1;
  }

  function group(): Syntax {
    if (++depth > DEEPEST_GROUP) throw new TooDeep();
    try {
      if (takes('(?:')) return inside();
      if (takes('(?=')) return look(true, false);
      if (takes('(?!')) return look(true, true);
      if (takes('(?<=')) return look(false, false);
      if (takes('(?<!')) return look(false, true);
      const name = taken(NAME)?.[1];
      if (name === undefined && taken(MODIFIERS) !== null)
        return { kind: 'foreign', what: 'slow-flags', body: inside() };
      const index = groupCount++;
      if (name === undefined) offset += 1;
      else names.push([name, index]);
      return { kind: 'group', index, body: inside() };
    } finally {
      depth -= 1;
    }
  }

  function inside(): Syntax {
    const body = choice();
    offset += 1;
    return body;
  }

  function look(ahead: boolean, negative: boolean): Syntax {
    const from = groupCount;
    const body = inside();
    return { kind: 'look', ahead, negative, body, groups: [from, groupCount] };
  }

  try {
    return { root: choice(), groupCount, names };
  } catch (error) {
    if (error instanceof TooDeep) return null;
    throw error;
  }
}

class TooDeep extends Error {}
