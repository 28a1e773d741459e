/** From this length on three characters reveal nothing useful about the rest (18 of at least 96 bits). */
const MIN_SHOWN_LENGTH = 16;

/**
 * The displayed form of a secret: `48W*********`. The number of asterisks is fixed, so that it does not show the length; of
 * a short secret no character is shown.
 */
export function maskSecret(secret: string): string {
  const shown = secret.length >= MIN_SHOWN_LENGTH ? secret.slice(0, 3) : '';
  return `${shown}*********`;
}
