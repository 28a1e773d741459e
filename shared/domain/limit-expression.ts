import { parseDecimal, type ParsedNumber } from './exact-number.ts';
import { numberText } from './number-texts.ts';

/**
 * A numeric limit with a variable, whose value is known only after the unit was asked: `${temp}`, or `${temp}` with one
 * number added, subtracted or multiplied, as `${temp} + 5`. A loop may have replaced the variable by a number.
 */
const LIMIT_EXPRESSION =
  /^(?:\$\{[a-z][A-Za-z0-9_]{0,31}\}|(?:\$\{[a-z][A-Za-z0-9_]{0,31}\}|-?\d+(?:\.\d+)?) ?[-+*] ?-?\d+(?:\.\d+)?)$/;
/** Significant decimal digits that a number of 53 bits preserves. */
const KEPT_DIGITS = 15;
const SUM = /^(-?\d+(?:\.\d+)?(?:e[-+]?\d+)?) ?([-+*]) ?(-?\d+(?:\.\d+)?)$/i;

export function isLimitExpression(text: string): boolean {
  return LIMIT_EXPRESSION.test(text);
}

/**
 * Computes a limit expression whose variable was replaced by its value. Not `ok` for a text that is no number or has too
 * many digits: a limit that became another number could pass a value that must fail.
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
    return Number.isSafeInteger(made)
      ? { ok: true, value: made }
      : { ok: false, reason: numberText('number-digits') };
  // Rounds the error of binary fractions: 0.1 + 0.2 is 0.3.
  return Number.isFinite(made)
    ? { ok: true, value: Number(made.toPrecision(KEPT_DIGITS)) }
    : { ok: false, reason: numberText('number-digits') };
}

const RELATIVE = /^(\$\{[^{}]*\})(?: ?([-+]) ?(-?\d+(?:\.\d+)?))?$/;

/** A limit as a variable and an addend; `null` for a number and for a product. */
export function parseRelativeLimit(
  bound: number | string | undefined,
): { readonly variable: string; readonly added: number } | null {
  const [, variable, operator, number = '0'] = RELATIVE.exec(String(bound)) ?? [];
  if (variable === undefined) return null;
  return { variable, added: operator === '-' ? -Number(number) : Number(number) };
}
