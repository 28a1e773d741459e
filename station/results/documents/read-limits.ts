import type { MeasuredValue } from '#shared/domain/limits.ts';
import type { DocumentMeasurement } from './run-document.ts';

/** The limits of a measurement in parts. */
export interface LimitParts {
  readonly low: { readonly value: number; readonly exclusive: boolean } | null;
  readonly high: { readonly value: number; readonly exclusive: boolean } | null;
  /** The value that it must be; `undefined` without one. */
  readonly equals: MeasuredValue | undefined;
  /** The regular expression that it must match, without slashes; `null` without one. */
  readonly pattern: string | null;
}

const EQUALS = '= ';
const PATTERN = '~ /';

/**
 * The parts of the limits of a measurement: `low` and `high` of its record, and what only the text says (`formatLimits`): whether
 * a limit is exclusive, an expected value and a pattern.
 */
export function readLimits({
  limits,
  low,
  high,
}: Pick<DocumentMeasurement, 'limits' | 'low' | 'high'>): LimitParts {
  let rest = limits;
  const numeric: string[] = [];
  while (rest !== '' && !rest.startsWith(EQUALS) && !rest.startsWith(PATTERN)) {
    const end = rest.indexOf(', ');
    numeric.push(end === -1 ? rest : rest.slice(0, end));
    rest = end === -1 ? '' : rest.slice(end + 2);
  }
  const expected = rest.startsWith(EQUALS) ? readJsonPrefix(rest.slice(EQUALS.length)) : null;
  const patternAt = expected === null ? 0 : rest.indexOf(`, ${PATTERN}`, EQUALS.length + expected.length) + 2;
  const pattern =
    rest.startsWith(PATTERN, patternAt) && (expected === null || patternAt >= 2) && rest.endsWith('/')
      ? rest.slice(patternAt + PATTERN.length, -1)
      : null;
  const exclusive = (sign: string, value: number): boolean =>
    numeric.some((part) => part === `${sign} ${value}` || part.startsWith(`${sign} ${value} `));
  return {
    low: low === null ? null : { value: low, exclusive: exclusive('>', low) },
    high: high === null ? null : { value: high, exclusive: exclusive('<', high) },
    equals: expected === null ? undefined : (JSON.parse(expected) as MeasuredValue),
    pattern,
  };
}

/** The string, number or boolean of JSON at the beginning of a text; `null` when there is none. */
function readJsonPrefix(text: string): string | null {
  if (text.startsWith('"')) {
    for (let at = 1; at < text.length; at += 1) {
      if (text[at] === '\\') at += 1;
      else if (text[at] === '"') return text.slice(0, at + 1);
    }
    return null;
  }
  return /^(?:true|false|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?![\w.])/i.exec(text)?.[0] ?? null;
}
