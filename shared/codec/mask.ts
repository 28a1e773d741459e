/** From this length on three characters reveal nothing useful about the rest (18 of at least 96 bits). */
const MIN_SHOWN_LENGTH = 16;

/**
 * A secret as it may be shown: `48W*********`. The number of asterisks is fixed, so that it does not show the length, and
 * of a short secret no character is shown.
 */
export function maskSecret(secret: string): string {
  const shown = secret.length >= MIN_SHOWN_LENGTH ? secret.slice(0, 3) : '';
  return `${shown}*********`;
}
