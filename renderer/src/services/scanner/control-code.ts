/** `#GW#STOP#` as it comes through an input method too, which may make every character of it twice as wide. */
const CODE = /[#＃][gGｇＧ][wWｗＷ][#＃][^#＃]{1,64}[#＃]$/u;

/**
 * The code of a command card at the end of what stands in a field, in plain characters, and what was written before
 * it; `null` when there is none.
 */
export function controlCodeIn(text: string): { readonly before: string; readonly code: string } | null {
  const found = CODE.exec(text);
  if (found === null) return null;
  return { before: text.slice(0, found.index), code: found[0].normalize('NFKC') };
}
