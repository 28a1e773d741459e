/**
 * True when no repetition of a pattern contains a repetition or a choice, and nothing refers back: the time that it
 * takes then grows with a power of the text and never exponentially. False says nothing.
 */
export function isTame(source: string): boolean {
  /** Of each open group, whether there is anything in it that may match in more than one way. */
  const groups: boolean[] = [false];
  const note = (): void => void (groups[groups.length - 1] = true);
  for (let at = 0; at < source.length; at++) {
    switch (source[at]) {
      case '\\':
        at += 1;
        if (/[1-9k]/.test(source[at] ?? '')) return false;
        break;
      case '[':
        at = endOfClass(source, at);
        break;
      case '(':
        groups.push(false);
        // Of what kind it is: (?: (?<name> (?=
        if (source[at + 1] === '?') at += 1;
        break;
      case ')': {
        const loose = groups.pop() ?? false;
        if (loose && isRepeated(source[at + 1])) return false;
        if (loose) note();
        break;
      }
      case '{':
        if (!/^\{\d+\}/.test(source.slice(at, at + 8))) note();
        break;
      case '*':
      case '+':
      case '?':
      case '|':
        note();
        break;
      default:
        break;
    }
  }
  return true;
}

function isRepeated(next: string | undefined): boolean {
  return next === '*' || next === '+' || next === '{';
}

function endOfClass(source: string, from: number): number {
  let at = from + 1;
  while (at < source.length && source[at] !== ']') at += source[at] === '\\' ? 2 : 1;
  return at;
}
