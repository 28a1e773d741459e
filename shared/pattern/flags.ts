/** How a pattern reads: always as unicode; without `multiline`, `^` and `$` are the ends of the whole text. */
export interface PatternFlags {
  readonly ignoreCase?: boolean;
  readonly multiline?: boolean;
}

/** As the native engine has them. */
export function nativeFlags({ ignoreCase, multiline }: PatternFlags): string {
  return `gu${ignoreCase === true ? 'i' : ''}${multiline === true ? 'm' : ''}`;
}
