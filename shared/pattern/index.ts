/** Patterns that people write for texts that units, scanners and scripts bring: matched so that neither can stall us. */
export { describePattern, type PatternParts } from './describe-pattern.ts';
export { compilePattern, type Pattern, patternProblem } from './pattern.ts';
export type { PatternFlags } from './flags.ts';
