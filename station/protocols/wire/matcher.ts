import { createContext, Script } from 'node:vm';
import { Fault } from '#shared/domain/fault.ts';

/** A pattern of a recipe that takes longer than this on one look would hold up every slot. */
const LONGEST_MATCH_MS = 250;

/** Runs patterns that people wrote on text that units said, so that neither can stop the station. */
export interface Matcher {
  /** All matches when the pattern is global, else at most one. Faults: `recipe-invalid` for a pattern without end. */
  all(pattern: RegExp, text: string): RegExpExecArray[];
}

export function createMatcher(): Matcher {
  const room: { pattern: RegExp | null; text: string } = { pattern: null, text: '' };
  let context: object | null = null;
  const script = new Script('pattern.exec(text)');
  const once = (): RegExpExecArray | null => {
    context ??= createContext(room);
    try {
      return script.runInContext(context, { timeout: LONGEST_MATCH_MS }) as RegExpExecArray | null;
    } catch (cause) {
      throw new Fault(
        'recipe-invalid',
        `/${room.pattern?.source ?? ''}/ takes too long on what the unit said`,
        {
          hint: 'Write it without a repetition inside of a repetition, as (a+)+.',
          cause,
        },
      );
    }
  };
  return {
    all(pattern, text) {
      pattern.lastIndex = 0;
      room.pattern = pattern;
      room.text = text;
      const found: RegExpExecArray[] = [];
      for (let match = once(); match !== null; match = once()) {
        found.push(match);
        if (!pattern.global) break;
        if (match[0] === '') pattern.lastIndex += 1;
      }
      return found;
    },
  };
}
