/** A place in a YAML text that is being written, found by indentation, so that an unfinished text has one, too. */
export interface YamlPlace {
  /** Keys from the top of the text; `ITEM` for an item of a list. */
  readonly path: readonly string[];
  /**
   * For each step of `path`, the scalars of the mapping in which it is (none for an item of a list); at last those of the
   * mapping in which a key is written.
   */
  readonly scalars: readonly Scalars[];
  /** `key`: a key of the mapping at `path` is written; `value`: the value of the last key of `path`. */
  readonly writes: 'key' | 'value';
  /** Column of the word that is written, from 0. */
  readonly from: number;
}

/** The keys of a mapping with their values; '' for a value that is no scalar. */
export type Scalars = ReadonlyMap<string, string>;

export const ITEM = '[]';
const NONE: Scalars = new Map();

interface Line {
  /** Columns of its dashes. */
  readonly dashes: readonly number[];
  /** Column of its key, or of what follows the dashes. */
  readonly column: number;
  readonly key: string | null;
  readonly value: string;
  readonly valueColumn: number;
}

type Steps = { readonly path: string[]; readonly scalars: Scalars[] };

/** The place at a column of a line, both from 0; `null` in a comment or a text of several lines. */
export function yamlPlaceAt(lines: readonly string[], line: number, column: number): YamlPlace | null {
  const text = lines[line] ?? '';
  const before = text.slice(0, column);
  if (/(^|\s)#/.test(withoutQuoted(before))) return null;
  const from = column - (/[\w.$-]*$/.exec(before)?.[0].length ?? 0);
  const flow = flowAround(lines, line, column);
  if (flow !== null) return placeInFlow(lines, flow, from);
  const here = parse(text);
  const dashOnly = here.key === null || column <= here.column + here.key.length;
  if (dashOnly) {
    const steps = pathTo(lines, line, here.key === null ? from : here.column);
    const own = mappingAt(lines, line, here.column);
    return { path: steps.path, scalars: [...steps.scalars, own], writes: 'key', from };
  }
  if (column < here.valueColumn) return null;
  const steps = pathTo(lines, line, here.column);
  const scalars = [...steps.scalars, mappingAt(lines, line, here.column)];
  return { path: [...steps.path, here.key ?? ''], scalars, writes: 'value', from };
}

function parse(text: string): Line {
  const dashes: number[] = [];
  let column = /^ */.exec(text)?.[0].length ?? 0;
  for (
    let dash = /^- +|^-$/.exec(text.slice(column));
    dash !== null;
    dash = /^- +|^-$/.exec(text.slice(column))
  ) {
    dashes.push(column);
    column += dash[0].length;
  }
  const match = /^([\w.$-]+):(?:( +)(.*))?$/.exec(text.slice(column));
  if (match === null) return { dashes, column, key: null, value: text.slice(column), valueColumn: column };
  const [, key = '', gap = '', value = ''] = match;
  return { dashes, column, key, value, valueColumn: column + key.length + 1 + gap.length };
}

const isBlank = (text: string): boolean => /^\s*(#.*)?$/.test(text);

/** The path of the mapping whose keys begin at `column` of a line, with the scalars of each mapping on the way. */
function pathTo(lines: readonly string[], start: number, startColumn: number): Steps {
  const path: string[] = [];
  const scalars: Scalars[] = [];
  let line = start;
  let column = startColumn;
  while (column > 0) {
    const dash = dashBefore(lines, line, column);
    const parent =
      dash === null ? parentKey(lines, line, column - 1) : parentKey(lines, dash.line, dash.column);
    if (dash !== null) {
      path.unshift(ITEM);
      scalars.unshift(NONE);
    }
    if (parent === null) break;
    const { key, column: keyColumn } = parse(lines[parent] ?? '');
    path.unshift(key ?? '');
    scalars.unshift(mappingAt(lines, parent, keyColumn));
    line = parent;
    column = keyColumn;
  }
  return { path, scalars };
}

/** The dash of the item that the mapping at this column is; `null` when it is no item. */
function dashBefore(
  lines: readonly string[],
  start: number,
  column: number,
): { readonly line: number; readonly column: number } | null {
  for (let line = start; line >= 0; line -= 1) {
    const text = lines[line] ?? '';
    if (line !== start && isBlank(text)) continue;
    const { dashes, column: keys } = parse(text);
    const last = dashes.at(-1);
    if (last !== undefined && last < column && (keys === column || line === start))
      return { line, column: last };
    if (line !== start && Math.min(keys, dashes[0] ?? keys) < column) return null;
  }
  return null;
}

/** The line above whose key has the mapping or list at `column` as its value. A list may begin at the column of its key. */
function parentKey(lines: readonly string[], start: number, column: number): number | null {
  for (let line = start - 1; line >= 0; line -= 1) {
    const text = lines[line] ?? '';
    if (isBlank(text)) continue;
    const { key, column: keys, value } = parse(text);
    if (key !== null && keys <= column && (value === '' || value.startsWith('#'))) return line;
    if (keys < column) return null;
  }
  return null;
}

/** The scalars of the mapping whose keys begin at `column`, around a line. */
function mappingAt(lines: readonly string[], start: number, column: number): Scalars {
  const found = new Map<string, string>();
  const add = ({ key, value, column: keys }: Line): void => {
    if (key !== null && keys === column) found.set(key, plain(value));
  };
  for (let line = start; line >= 0; line -= 1) {
    const text = lines[line] ?? '';
    if (line !== start && isBlank(text)) continue;
    const parsed = parse(text);
    const begins = parsed.dashes[0] ?? parsed.column;
    if (line !== start && parsed.column < column) break;
    add(parsed);
    if (begins < column && parsed.column === column) break;
  }
  for (let line = start + 1; line < lines.length; line += 1) {
    const text = lines[line] ?? '';
    if (isBlank(text)) continue;
    const parsed = parse(text);
    if ((parsed.dashes[0] ?? parsed.column) < column) break;
    add(parsed);
  }
  return found;
}

/** Brackets around a place. They may go over several lines, which are joined by blanks. */
interface Flow {
  /** The line on which they begin. */
  readonly line: number;
  readonly text: string;
  /** Index of the place in `text`. */
  readonly at: number;
  /** Indices of the brackets that are open. */
  readonly open: readonly number[];
}

/** Lines that brackets may go over, above and below the place. */
const FLOW_LINES = 40;

function flowAround(lines: readonly string[], line: number, column: number): Flow | null {
  let found: Flow | null = null;
  let inner = Infinity;
  const below = lines
    .slice(line, line + FLOW_LINES)
    .map(withoutComment)
    .join(' ');
  let above = '';
  for (let first = line; first >= 0 && first > line - FLOW_LINES; first -= 1) {
    const text = withoutComment(lines[first] ?? '');
    if (first !== line) above = `${text} ${above}`;
    if (isBlank(text)) continue;
    const indent = text.search(/\S/);
    // The lines of a bracket are deeper than the line that opens it.
    if (indent < inner) {
      const whole = above + below;
      const at = above.length + column;
      const open = openBrackets(whole.slice(0, at));
      if ((open[0] ?? Infinity) < text.length) found = { line: first, text: whole, at, open };
    }
    inner = Math.min(inner, indent);
  }
  return found;
}

/** A place inside of brackets. @param from column of the word that is written */
function placeInFlow(
  lines: readonly string[],
  { line, text, at: end, open }: Flow,
  from: number,
): YamlPlace | null {
  const here = parse(lines[line] ?? '');
  const steps = pathTo(lines, line, here.column);
  const path = [...steps.path];
  const scalars = [...steps.scalars];
  if (here.key !== null && here.column < (open[0] ?? 0)) {
    path.push(here.key);
    scalars.push(mappingAt(lines, line, here.column));
  }
  for (const [index, at] of open.entries()) {
    const next = open[index + 1];
    if (text[at] === '[') {
      path.push(ITEM);
      scalars.push(NONE);
      if (next === undefined) return null;
      continue;
    }
    const last = lastPart(text.slice(at + 1, next ?? end));
    const key = /^\s*([\w.$-]+):\s/.exec(`${last} `)?.[1] ?? null;
    scalars.push(flowPairs(text, at));
    if (key !== null) path.push(key);
    if (next === undefined) return { path, scalars, writes: key === null ? 'key' : 'value', from };
    if (key === null) return null;
  }
  return null;
}

/** What follows the last comma that is in no bracket. */
function lastPart(text: string): string {
  let depth = 0;
  let from = 0;
  for (const [index, character] of [...withoutQuoted(text)].entries()) {
    if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    else if (character === ',' && depth === 0) from = index + 1;
  }
  return text.slice(from);
}

/** The scalars of the mapping whose `{` is at this column; only those of its own depth. */
function flowPairs(text: string, at: number): Scalars {
  let depth = 0;
  let own = '';
  for (const character of text.slice(at + 1)) {
    if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth < 0) break;
    own += depth === 0 ? character : ' ';
  }
  const pairs = own.split(',').map((part) => /^\s*([\w.$-]+):\s*(.*)$/.exec(part));
  return new Map(pairs.flatMap((match) => (match === null ? [] : [[match[1] ?? '', plain(match[2] ?? '')]])));
}

/** Columns of brackets that are not closed, outside of quotes. */
function openBrackets(text: string): number[] {
  const open: number[] = [];
  for (const [column, character] of [...withoutQuoted(text)].entries()) {
    if (character === '{' || character === '[') {
      // `${name}` is a text.
      if (text[column - 1] !== '$') open.push(column);
    } else if (character === '}' || character === ']') open.pop();
  }
  return open;
}

/** The text with its comment blanked, so that columns stay. */
function withoutComment(text: string): string {
  const at = withoutQuoted(text).search(/(?:^|\s)#/);
  return at < 0 ? text : text.slice(0, at).padEnd(text.length);
}

/** The text with its quoted parts blanked. */
function withoutQuoted(text: string): string {
  return text.replaceAll(/'[^']*'?|"(?:[^"\\]|\\.)*"?/g, (part) => ' '.repeat(part.length));
}

function plain(value: string): string {
  const text = value.replace(/\s+#.*$/, '').trim();
  if (/^[[{|>]/.test(text)) return '';
  return text.replace(/^(['"])(.*)\1$/, '$2');
}
