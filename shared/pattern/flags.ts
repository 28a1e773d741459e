/** The flags of a pattern, which is always Unicode; without `multiline`, `^` and `$` are the ends of the whole text. */
export interface PatternFlags {
  readonly ignoreCase?: boolean;
  readonly multiline?: boolean;
}

/** The flags of the native engine. */
export function nativeFlags({ ignoreCase, multiline }: PatternFlags): string {
  return `gu${ignoreCase === true ? 'i' : ''}${multiline === true ? 'm' : ''}`;
}
