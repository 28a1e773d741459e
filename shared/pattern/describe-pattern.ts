import { patternProblem } from './pattern.ts';
import { parsePattern, type Syntax } from './syntax.ts';

/** The parts of a pattern that the check for common mistakes needs. */
export interface PatternParts {
  /** Number of capturing groups, without the whole match. */
  readonly groups: number;
  /** Names of groups. */
  readonly names: readonly string[];
  /** All literal characters of the pattern. */
  readonly literals: readonly string[];
  /** The characters that every match of a group contains; 0 is the whole match. */
  required(group: number | string): readonly string[];
  /** Length of all matches of a pattern from `^` to `$`; `null` when lengths differ or an end is open. */
  readonly wholeLength: number | null;
  /** The only text that a pattern from `^` to `$` matches; `null` for other patterns. */
  readonly wholeText: string | null;
  /** A `^` directly after a character that is no line end, or a `$` directly before one: it can never match. */
  readonly edgeInside: { readonly sign: '^' | '$'; readonly beside: string } | null;
}

/** `null` for an invalid pattern and for one that is nested too deep. */
export function describePattern(source: string): PatternParts | null {
  // The parser needs a pattern that the engine accepts.
  if (patternProblem(source, { multiline: true }) !== null) return null;
  const parsed = parsePattern(source);
  if (parsed === null) return null;
  const { root, groupCount, names } = parsed;
  return {
    groups: groupCount - 1,
    names: names.map(([name]) => name),
    literals: [...allOf(root)].flatMap((node) =>
      node.kind === 'one' && node.literal !== null ? [node.literal] : [],
    ),
    wholeLength: isWhole(root) ? lengthOf(root) : null,
    wholeText: isWhole(root) ? textOf(root) : null,
    edgeInside: edgeInside(root),
    required(group) {
      const index = typeof group === 'number' ? group : names.find(([name]) => name === group)?.[1];
      if (index === undefined) return [];
      if (index === 0) return requiredOf(root);
      const found = [...allOf(root)].find((node) => node.kind === 'group' && node.index === index);
      return found?.kind === 'group' ? requiredOf(found.body) : [];
    },
  };
}

function* allOf(node: Syntax): Iterable<Syntax> {
  yield node;
  switch (node.kind) {
    case 'sequence':
      for (const part of node.parts) yield* allOf(part);
      break;
    case 'choice':
      for (const option of node.options) yield* allOf(option);
      break;
    case 'group':
    case 'repeat':
    case 'look':
      yield* allOf(node.body);
      break;
    case 'foreign':
      if (node.body !== null) yield* allOf(node.body);
      break;
    case 'one':
    case 'edge':
  }
}

function requiredOf(node: Syntax): string[] {
  switch (node.kind) {
    case 'one':
      return node.literal === null ? [] : [node.literal];
    case 'sequence':
      return node.parts.flatMap(requiredOf);
    case 'group':
      return requiredOf(node.body);
    case 'repeat':
      return node.min === 0 ? [] : requiredOf(node.body);
    case 'choice':
    case 'look':
    case 'edge':
    case 'foreign':
      return [];
  }
}

function edgeInside(root: Syntax): PatternParts['edgeInside'] {
  for (const node of allOf(root)) {
    if (node.kind !== 'sequence') continue;
    for (const [index, part] of node.parts.entries()) {
      if (part.kind !== 'edge') continue;
      const beside = node.parts[part.edge === 'start' ? index - 1 : index + 1];
      if (beside?.kind !== 'one' || beside.literal === null || beside.literal === '\n') continue;
      if (part.edge === 'start') return { sign: '^', beside: beside.literal };
      if (part.edge === 'end') return { sign: '$', beside: beside.literal };
    }
  }
  return null;
}

function isWhole(root: Syntax): boolean {
  const parts = root.kind === 'sequence' ? root.parts : [];
  const [first, last] = [parts[0], parts.at(-1)];
  return first?.kind === 'edge' && first.edge === 'start' && last?.kind === 'edge' && last.edge === 'end';
}

/** `null` when matches can have several lengths. */
function lengthOf(node: Syntax): number | null {
  const sum = (lengths: readonly (number | null)[]): number | null =>
    lengths.reduce<number | null>((all, one) => (all === null || one === null ? null : all + one), 0);
  switch (node.kind) {
    case 'one':
      return 1;
    case 'edge':
    case 'look':
      return 0;
    case 'group':
      return lengthOf(node.body);
    case 'sequence':
      return sum(node.parts.map(lengthOf));
    case 'choice': {
      const [first = null, ...others] = node.options.map(lengthOf);
      return others.every((length) => length === first) ? first : null;
    }
    case 'repeat': {
      const length = lengthOf(node.body);
      return length === null || node.min !== node.max ? null : length * node.min;
    }
    case 'foreign':
      return null;
  }
}

/** `null` when more than one text matches. */
function textOf(node: Syntax): string | null {
  if (node.kind === 'one') return node.literal;
  if (node.kind === 'edge') return '';
  if (node.kind === 'group') return textOf(node.body);
  if (node.kind !== 'sequence') return null;
  const texts = node.parts.map(textOf);
  return texts.includes(null) ? null : texts.join('');
}
