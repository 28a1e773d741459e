import { parseDecimal, type ParsedNumber } from './exact-number.ts';

/**
 * A numeric limit that is known only when the unit was asked: `${temp}`, or `${temp}` with one number added, taken off or
 * multiplied, as `${temp} + 5`. A loop may have put a number in place of the variable.
 */
const LIMIT_EXPRESSION =
  /^(?:\$\{[a-z][A-Za-z0-9_]{0,31}\}|(?:\$\{[a-z][A-Za-z0-9_]{0,31}\}|-?\d+(?:\.\d+)?) ?[-+*] ?-?\d+(?:\.\d+)?)$/;
/** A number of 53 bits keeps as many. */
const KEPT_DIGITS = 15;
const TOO_LARGE = 'has more digits than a number can keep';
const SUM = /^(-?\d+(?:\.\d+)?(?:e[-+]?\d+)?) ?([-+*]) ?(-?\d+(?:\.\d+)?)$/i;

export function isLimitExpression(text: string): boolean {
  return LIMIT_EXPRESSION.test(text);
}

/**
 * The number of a limit text whose variable was filled in. Not `ok` when it is none, or has more digits than a number
 * keeps: a limit that became another number would pass what it should fail.
 */
export function evaluateLimitExpression(filled: string): ParsedNumber {
  const [, left, operator, right] = SUM.exec(filled.trim()) ?? [];
  if (left === undefined || right === undefined) return parseDecimal(filled);
  const [a, b] = [parseDecimal(left), parseDecimal(right)];
  if (!a.ok) return a;
  if (!b.ok) return b;
  const made =
    operator === '+' ? a.value + b.value : operator === '-' ? a.value - b.value : a.value * b.value;
  if (Number.isInteger(a.value) && Number.isInteger(b.value))
    return Number.isSafeInteger(made) ? { ok: true, value: made } : { ok: false, why: TOO_LARGE };
  // Without the dust of binary fractions: 0.1 + 0.2 is 0.3.
  return Number.isFinite(made)
    ? { ok: true, value: Number(made.toPrecision(KEPT_DIGITS)) }
    : { ok: false, why: TOO_LARGE };
}

const RELATIVE = /^(\$\{[^{}]*\})(?: ?([-+]) ?(-?\d+(?:\.\d+)?))?$/;

/** A limit as a variable and what is added to it; `null` for a number, and for a product. */
export function parseRelativeLimit(
  bound: number | string | undefined,
): { readonly variable: string; readonly added: number } | null {
  const [, variable, operator, number = '0'] = RELATIVE.exec(String(bound)) ?? [];
  if (variable === undefined) return null;
  return { variable, added: operator === '-' ? -Number(number) : Number(number) };
}
