import type { Random } from '../../platform/index.ts';
import type { DialectChoice } from '../profile.ts';

/** How a console writes its answers. Each unit keeps its dialect. */
export interface ConsoleDialect {
  readonly lineEnd: '\r\n' | '\n';
  /** Digests and checksums in upper case. */
  readonly upperCase: boolean;
  /** A blank line before each answer. */
  readonly blankLine: boolean;
}

const DOCUMENTED: ConsoleDialect = { lineEnd: '\r\n', upperCase: false, blankLine: false };
const OPPOSITE: ConsoleDialect = { lineEnd: '\n', upperCase: true, blankLine: true };

/** The dialect of a unit. With `per-unit` the first is as documented, the second is the opposite, and the others are mixed. */
export function consoleDialect(choice: DialectChoice, unit: number, random: Random): ConsoleDialect {
  if (choice === 'documented' || (choice === 'per-unit' && unit === 1)) return DOCUMENTED;
  if (choice === 'opposite' || unit === 2) return OPPOSITE;
  const either = (): boolean => random.next() < 0.5;
  return { lineEnd: either() ? '\r\n' : '\n', upperCase: either(), blankLine: either() };
}
