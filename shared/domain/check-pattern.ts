import type { z } from 'zod';
import { type PatternFlags, patternProblem } from '../pattern/index.ts';

/** A schema refinement: the text is a valid pattern with these flags. */
export function checkPattern(
  flags: PatternFlags = {},
): (source: string, context: z.RefinementCtx<string>) => void {
  return (source, context) => {
    const reason = patternProblem(source, flags);
    if (reason !== null) context.addIssue({ code: 'custom', message: reason.en, params: { text: reason } });
  };
}
