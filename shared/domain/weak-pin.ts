/** The difference between neighbours of a row that a person guesses first: 4444, 1234, 4321. */
const GUESSED_STEPS: readonly number[] = [0, 1, 9];

/**
 * Whether a new PIN is one of those that are guessed first: one character repeated, or digits that go up or down by one
 * (`7890` goes on after 9 with 0). Text of other characters is not looked up anywhere.
 */
export function isWeakPin(pin: string): boolean {
  const characters = [...pin.normalize('NFKC')];
  if (new Set(characters).size <= 1) return true;
  if (!characters.every((one) => /^\d$/.test(one))) return false;
  const digits = characters.map(Number);
  const steps = digits.slice(1).map((digit, index) => (digit - (digits[index] ?? 0) + 10) % 10);
  return new Set(steps).size === 1 && GUESSED_STEPS.includes(steps[0] ?? 0);
}
