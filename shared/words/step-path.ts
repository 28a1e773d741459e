/** Where in a recipe something happened, as `burn/burn-triple`. What happens outside of its phases has no phase. */
export function stepPath(
  { phase, step }: { readonly phase: string; readonly step: string },
  between = '/',
): string {
  return [phase, step].filter((part) => part !== '').join(between);
}
