/** A step of a recipe with its phase, as `burn/burn-triple`. Without phase or step only the other part. */
export function stepPath(
  { phase, step }: { readonly phase: string; readonly step: string },
  between = '/',
): string {
  return [phase, step].filter((part) => part !== '').join(between);
}
