import { isAnchored, literalStart } from './cost.ts';
import type { PatternFlags } from './flags.ts';
import { type UnsupportedPattern, toProgram } from './program.ts';
import { type Captures, createMatcher, MAX_STATES, countStates } from './run-program.ts';
import type { ParsedPattern } from './syntax.ts';

/** Finds matches from the left, at most `maxCount`; `null` when the text is too long for this pattern. */
export type FindIn = (text: string, maxCount: number) => RegExpExecArray[] | null;

/** An engine that finds the same matches as the native one in linear time. */
export function createLinearEngine(parsed: ParsedPattern, flags: PatternFlags): FindIn | UnsupportedPattern {
  const ignoreCase = flags.ignoreCase === true;
  const multiline = flags.multiline === true;
  const program = toProgram(parsed, multiline, (one) => oneOf(one, ignoreCase ? 'iu' : 'u'));
  if ('reason' in program) return program;
  const onlyAtStart = isAnchored(parsed.root) && !multiline;
  const startsWith = ignoreCase ? '' : literalStart(parsed.root);

  return (text, maxCount) => {
    if (countStates(program, text.length) > MAX_STATES) return null;
    const matchAt = createMatcher(program, text);
    const found: RegExpExecArray[] = [];
    let offset = 0;
    while (offset <= text.length && found.length < maxCount && !(onlyAtStart && offset > 0)) {
      if (startsWith !== '') offset = text.indexOf(startsWith, offset);
      if (offset === -1) break;
      const captures = matchAt(offset);
      if (captures !== null) found.push(toMatch(captures, parsed, text));
      const end = captures?.[1] ?? offset;
      offset = end === offset ? nextPlace(text, offset) : end;
    }
    return found;
  };
}

/** The next position for a match: never between the halves of a surrogate pair. */
export function nextPlace(text: string, offset: number): number {
  return offset + ((text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1);
}

/** A test of one code point. The native engine performs it, because it implements classes and letter case. */
function oneOf(source: string, flags: string): (codePoint: number) => boolean {
  let native: RegExp | null = null;
  /** Cached results for ASCII characters: 1 yes, 2 no. */
  const known = new Uint8Array(128);
  return (codePoint) => {
    const before = known[codePoint];
    if (before === 1 || before === 2) return before === 1;
    // Created on demand: most patterns never need it.
    native ??= new RegExp(`^(?:${source})$`, flags);
    const isOne = native.test(String.fromCodePoint(codePoint));
    if (codePoint < 128) known[codePoint] = isOne ? 1 : 2;
    return isOne;
  };
}

function toMatch(captures: Captures, { names }: ParsedPattern, text: string): RegExpExecArray {
  const groupAt = (index: number): string | undefined => {
    const from = captures[2 * index] ?? -1;
    const to = captures[2 * index + 1] ?? -1;
    return from === -1 || to === -1 ? undefined : text.slice(from, to);
  };
  const whole = Array.from({ length: captures.length / 2 }, (_, index) => groupAt(index));
  const groups = Object.create(null) as Record<string, string | undefined>;
  for (const [name, index] of names) groups[name] ??= groupAt(index);
  return Object.assign(whole, {
    index: captures[0] ?? 0,
    input: text,
    groups: names.length === 0 ? undefined : groups,
  }) as RegExpExecArray;
}
