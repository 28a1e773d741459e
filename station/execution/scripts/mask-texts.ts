/** A slash begins a pattern behind these, and else divides. */
const BEFORE_PATTERN = /(?:^|[([{}=,;:!&|?+*%~^<>-]|\b(?:return|typeof|case|in|of|do|else|await|yield))\s*$/;
const REMARK = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const TEXT = /'(?:\\[\s\S]|[^\\'\n])*'?|"(?:\\[\s\S]|[^\\"\n])*"?/y;
/** From the quote, or from the brace behind what was filled in, to the next of either. */
const TEMPLATE = /[`}](?:\\[\s\S]|\$(?!\{)|[^\\`$])*(?:`|\$\{|$)/y;
const PATTERN = /\/(?:\\.|\[(?:\\.|[^\\\]\n]){0,200}\]|[^\\/[\n]){1,500}\//y;
/** So much of what stands before a slash tells what it is. */
const LOOK_BACK = 40;

/**
 * Code with blanks in place of what its remarks, texts and patterns say; everything stays in its place, and so do quotes
 * and slashes. What a template fills in is code.
 */
export function maskTexts(code: string): string {
  const parts: string[] = [];
  let at = 0;
  let before = '';
  /** Braces that are open, each: is it one of a template. */
  const open: boolean[] = [];
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(code)?.[0];
  };
  const put = (text: string): void => {
    parts.push(text);
    at += text.length;
    before = (before + text).slice(-LOOK_BACK);
  };
  while (at < code.length) {
    const next = code.charAt(at);
    const remark = next === '/' ? take(REMARK) : undefined;
    const pattern = next === '/' && BEFORE_PATTERN.test(before) ? take(PATTERN) : undefined;
    const template = next === '`' || (next === '}' && open.pop() === true) ? take(TEMPLATE) : undefined;
    const text = take(TEXT);
    if (remark !== undefined) put(blanks(remark));
    else if (template !== undefined) {
      const ends = /(?:`|\$\{)$/.exec(template.slice(1))?.[0] ?? '';
      if (ends === '${') open.push(true);
      put(next + blanks(template.slice(1, template.length - ends.length)) + ends);
    } else if (text !== undefined || pattern !== undefined) {
      const whole = text ?? pattern ?? '';
      put(next + blanks(whole.slice(1, -1)) + whole.slice(1).slice(-1));
    } else {
      if (next === '{') open.push(false);
      put(next);
    }
  }
  return parts.join('');
}

function blanks(text: string): string {
  return text.replaceAll(/[^\n]/g, ' ');
}
