/** After these a slash begins a pattern; after anything else it divides. */
const BEFORE_PATTERN = /(?:^|[([{}=,;:!&|?+*%~^<>-]|\b(?:return|typeof|case|in|of|do|else|await|yield))\s*$/;
const REMARK = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const TEXT = /'(?:\\[\s\S]|[^\\'\n])*'?|"(?:\\[\s\S]|[^\\"\n])*"?/y;
/** A part of a template: from its quote, or from the brace that ends an expression, to the next of either. */
const TEMPLATE = /[`}](?:\\[\s\S]|\$(?!\{)|[^\\`$])*(?:`|\$\{|$)/y;
const PATTERN = /\/(?:\\.|\[(?:\\.|[^\\\]\n]){0,200}\]|[^\\/[\n]){1,500}\//y;
/** Characters before a slash that decide its meaning. */
const LOOK_BACK = 40;

/**
 * Code with blanks in place of the content of comments, texts and patterns. Every other character keeps its index, quotes
 * and slashes included. Expressions in templates are code and stay.
 */
export function blankLiterals(code: string): string {
  const parts: string[] = [];
  let index = 0;
  let before = '';
  /** Open braces; true for the brace of an expression in a template. */
  const open: boolean[] = [];
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = index;
    return pattern.exec(code)?.[0];
  };
  const put = (text: string): void => {
    parts.push(text);
    index += text.length;
    before = (before + text).slice(-LOOK_BACK);
  };
  while (index < code.length) {
    const next = code.charAt(index);
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
