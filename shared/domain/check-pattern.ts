import type { z } from 'zod';
import { type PatternFlags, patternProblem } from '../pattern/index.ts';

/**
 * For a schema: a text that is used as a pattern, with the flags that it is used with. `written` makes the pattern of
 * what was written, where that has names in it.
 */
export function checkPattern(
  flags: PatternFlags = {},
  written: (source: string) => string = (source) => source,
): (source: string, context: z.RefinementCtx<string>) => void {
  return (source, context) => {
    const why = patternProblem(written(source), flags);
    if (why !== null) context.addIssue({ code: 'custom', message: why });
  };
}
