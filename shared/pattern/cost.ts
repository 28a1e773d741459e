import type { Syntax } from './syntax.ts';

/** The maximum cost of matching a part of a pattern at one position. */
interface Cost {
  /** Number of ways to match; the rest of the pattern is tried as often. */
  readonly ways: number;
  /** Steps within the part, over all ways. */
  readonly steps: number;
}

/**
 * The most steps that a backtracking engine needs to try a pattern at one position of a text of `characters` characters: an
 * upper bound, which assumes that all ways are tried and fail. May be `Infinity`.
 */
export function stepsPerStart(root: Syntax, characters: number): number {
  const { ways, steps } = costOf(root, characters);
  return ways + steps;
}

function costOf(node: Syntax, n: number): Cost {
  switch (node.kind) {
    case 'one':
    case 'edge':
      return { ways: 1, steps: 1 };
    case 'group':
      return costOf(node.body, n);
    case 'sequence':
      return node.parts.map((part) => costOf(part, n)).reduce(after, { ways: 1, steps: 0 });
    case 'choice':
      return node.options
        .map((option) => costOf(option, n))
        .reduce((all, one) => ({ ways: all.ways + one.ways, steps: all.steps + one.steps + 1 }));
    case 'look':
      return { ways: 1, steps: costOf(node.body, n).steps + 1 };
    case 'foreign': {
      const inside = node.body === null ? { ways: 1, steps: 0 } : costOf(node.body, n);
      // A reference compares as much as its group matched.
      return { ways: inside.ways, steps: inside.steps + n + 1 };
    }
    case 'repeat':
      return repeated(costOf(node.body, n), node.min, node.max, n);
  }
}

function after(first: Cost, then: Cost): Cost {
  return { ways: first.ways * then.ways, steps: first.steps + first.ways * then.steps };
}

/** An empty round is not repeated, so that there are at most `min` rounds plus one per character. */
function repeated(body: Cost, min: number, max: number, n: number): Cost {
  const rounds = Math.min(max, min + n);
  if (body.ways <= 1) return { ways: rounds - min + 1, steps: (rounds + 1) * (body.steps + 1) };
  let ways = 0;
  let steps = 0;
  let reached = 1;
  for (let round = 0; round <= rounds; round++) {
    if (round >= min) ways += reached;
    steps += reached * (body.steps + 1);
    reached *= body.ways;
    if (!Number.isFinite(steps) || steps > Number.MAX_SAFE_INTEGER)
      return { ways: Infinity, steps: Infinity };
  }
  return { ways, steps };
}

/** The literal text with which every match begins; `''` when there is none. */
export function literalStart(node: Syntax): string {
  switch (node.kind) {
    case 'one':
      return node.literal ?? '';
    case 'group':
      return literalStart(node.body);
    case 'sequence': {
      let start = '';
      for (const part of node.parts) {
        const literal = part.kind === 'one' ? part.literal : null;
        if (literal === null) return start === '' ? literalStart(part) : start;
        start += literal;
      }
      return start;
    }
    case 'repeat':
      return node.min > 0 ? literalStart(node.body) : '';
    case 'edge':
    case 'choice':
    case 'look':
    case 'foreign':
      return '';
  }
}

/** True when a match can begin only at the start of the text or of a line. */
export function isAnchored(node: Syntax): boolean {
  switch (node.kind) {
    case 'edge':
      return node.edge === 'start';
    case 'group':
      return isAnchored(node.body);
    case 'sequence':
      return node.parts.length > 0 && isAnchored(node.parts[0] ?? node);
    case 'choice':
      return node.options.every(isAnchored);
    case 'repeat':
      return node.min > 0 && isAnchored(node.body);
    case 'one':
    case 'look':
    case 'foreign':
      return false;
  }
}
