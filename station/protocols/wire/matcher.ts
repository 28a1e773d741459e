import { createContext, Script } from 'node:vm';
import { Fault } from '#shared/domain/fault.ts';
import { isTame } from './is-tame.ts';

/** A pattern of a recipe that takes longer than this on one look would hold up every slot. */
const LONGEST_MATCH_MS = 250;
/** A busy machine may take the processor away from a pattern that is none the worse for it. */
const MOST_LOOKS = 8;
const SHORT_CHARACTERS = 256;
const QUICK_MS = 2;

/** Runs patterns that people wrote on text that units said, so that neither can stop the station. */
export interface Matcher {
  /** All matches when the pattern is global, else at most one. Faults: `recipe-invalid` for a pattern without end. */
  all(pattern: RegExp, text: string): RegExpExecArray[];
}

/**
 * A guard costs a thread each time, and a wire is looked at whenever something came. So a pattern goes without while it
 * is tame and was quick on half as much text already; whatever is not known to be quick is guarded.
 */
export function createMatcher(): Matcher {
  /** Of each pattern, the longest text that it was quick on; 0 for one that is not tame. */
  const quickOn = new Map<string, number>();
  const guarded = createGuard();

  function once(pattern: RegExp, text: string): RegExpExecArray | null {
    const { source } = pattern;
    let known = quickOn.get(source);
    if (known === undefined) {
      known = isTame(source) ? SHORT_CHARACTERS : 0;
      quickOn.set(source, known);
    }
    const began = performance.now();
    const match = text.length <= 2 * known ? pattern.exec(text) : guarded(pattern, text);
    if (known === 0) return match;
    const isQuick = performance.now() - began < QUICK_MS;
    if (isQuick && text.length > known) quickOn.set(source, text.length);
    if (!isQuick && text.length <= 2 * known) quickOn.set(source, SHORT_CHARACTERS);
    return match;
  }

  return {
    all(pattern, text) {
      pattern.lastIndex = 0;
      const found: RegExpExecArray[] = [];
      for (let match = once(pattern, text); match !== null; match = once(pattern, text)) {
        found.push(match);
        if (!pattern.global) break;
        if (match[0] === '') pattern.lastIndex += 1;
      }
      return found;
    },
  };
}

/** Faults: `recipe-invalid` when the pattern had the processor for longer than it may. */
function createGuard(): (pattern: RegExp, text: string) => RegExpExecArray | null {
  const room: { pattern: RegExp | null; text: string } = { pattern: null, text: '' };
  let context: object | null = null;
  const script = new Script('pattern.exec(text)');
  return (pattern, text) => {
    context ??= createContext(room);
    room.pattern = pattern;
    room.text = text;
    const from = pattern.lastIndex;
    const began = process.threadCpuUsage();
    for (let looks = 1; ; looks++) {
      try {
        return script.runInContext(context, { timeout: LONGEST_MATCH_MS }) as RegExpExecArray | null;
      } catch (cause) {
        const { user, system } = process.threadCpuUsage(began);
        const hadMs = (user + system) / 1000;
        if (hadMs >= LONGEST_MATCH_MS / 2 || looks === MOST_LOOKS) throw endless(pattern, cause);
        pattern.lastIndex = from;
      }
    }
  };
}

function endless(pattern: RegExp, cause: unknown): Fault {
  return new Fault('recipe-invalid', `/${pattern.source}/ takes too long on what the unit said`, {
    hint: 'Write it without a repetition inside of a repetition, as (a+)+.',
    cause,
  });
}
