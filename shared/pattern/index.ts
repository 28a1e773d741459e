/** Regular expressions of recipes on texts of units, scanners and scripts, with a bound on the time of matching. */
export { describePattern, type PatternParts } from './describe-pattern.ts';
export { compilePattern, type Pattern, patternProblem } from './pattern.ts';
export type { PatternFlags } from './flags.ts';
