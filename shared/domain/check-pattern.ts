import type { z } from 'zod';
import { type PatternFlags, patternProblem } from '../pattern/index.ts';

/**
 * A schema refinement: the text is a valid pattern with these flags. `written` converts the text of a recipe into the
 * pattern when it contains variables.
 */
export function checkPattern(
  flags: PatternFlags = {},
  written: (source: string) => string = (source) => source,
): (source: string, context: z.RefinementCtx<string>) => void {
  return (source, context) => {
    const reason = patternProblem(written(source), flags);
    if (reason !== null) context.addIssue({ code: 'custom', message: reason });
  };
}
