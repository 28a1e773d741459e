/**
 * A numeric limit that is known only when the unit was asked: `${temp}`, or `${temp}` with one number added, taken off or
 * multiplied, as `${temp} + 5`. A loop may have put a number in place of the variable.
 */
const LIMIT_TEXT =
  /^(?:\$\{[a-z][A-Za-z0-9_]{0,31}\}|(?:\$\{[a-z][A-Za-z0-9_]{0,31}\}|-?\d+(?:\.\d+)?) ?[-+*] ?-?\d+(?:\.\d+)?)$/;
const SUM = /^(-?\d+(?:\.\d+)?(?:e[-+]?\d+)?) ?([-+*]) ?(-?\d+(?:\.\d+)?)$/i;

export function isLimitText(text: string): boolean {
  return LIMIT_TEXT.test(text);
}

/** The number of a limit text whose variable was filled in; `null` when it is none. */
export function limitNumber(filled: string): number | null {
  const text = filled.trim();
  const [, left, operator, right] = SUM.exec(text) ?? [];
  if (left === undefined || right === undefined) return asNumber(text);
  const [a, b] = [Number(left), Number(right)];
  const made = operator === '+' ? a + b : operator === '-' ? a - b : a * b;
  // Without the dust of binary fractions: 0.1 + 0.2 is 0.3.
  return asNumber(made.toPrecision(12));
}

function asNumber(text: string): number | null {
  const number = text === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}
