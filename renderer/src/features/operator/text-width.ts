/**
 * The approximate width of a word, in em of the page's bold type, rounded up: for type that is as
 * large as its place allows in every language.
 */
export function textWidth(text: string): number {
  return [...text].reduce((sum, char) => {
    if (char > '\u2e7f') return sum + 1.02;
    if (char === ' ') return sum + 0.28;
    return sum + (/[A-ZÄÖÜ%]/.test(char) ? 0.7 : 0.6);
  }, 0);
}
