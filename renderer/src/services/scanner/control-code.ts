/** Matches `#GW#STOP#`, also in the full-width characters of an input method. */
const CODE = /[#＃][gGｇＧ][wWｗＷ][#＃][^#＃]{1,64}[#＃]$/u;

/**
 * Splits the text of a field into the code of a command card at its end, in ASCII, and the text before it; `null`
 * without a code.
 */
export function controlCodeIn(text: string): { readonly before: string; readonly code: string } | null {
  const found = CODE.exec(text);
  if (found === null) return null;
  return { before: text.slice(0, found.index), code: found[0].normalize('NFKC') };
}
