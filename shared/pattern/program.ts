import type { CodedText } from '../words/index.ts';
import { patternText } from './pattern-texts.ts';
import type { Edge, GroupRange, ParsedPattern, Syntax } from './syntax.ts';

/** One instruction of a program; targets are indexes of instructions. */
export type Instruction =
  /** Consumes one code point, forwards or, within a lookbehind, backwards. */
  | {
      readonly op: 'take';
      readonly matches: (codePoint: number) => boolean;
      readonly back: boolean;
      /** Number of enclosing repetitions whose body may be empty. */
      readonly depth: number;
    }
  /** Continues at `first`, and at `then` when that fails. */
  | { readonly op: 'fork'; readonly first: number; readonly then: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'forget'; readonly groups: GroupRange }
  | { readonly op: 'edge'; readonly edge: Edge }
  /** Begins an iteration of a repetition; `round-over` fails after an empty iteration. */
  | { readonly op: 'round'; readonly depth: number }
  | { readonly op: 'round-over'; readonly depth: number }
  | { readonly op: 'look'; readonly from: number; readonly negative: boolean }
  | { readonly op: 'found' };

export interface Program {
  readonly instructions: readonly Instruction[];
  /** 1 for an instruction that can be reached in more than one way, so that a state may repeat. */
  readonly isJoin: Uint8Array;
  /** Number of states per instruction and position, by the nesting of repetitions that may be empty. */
  readonly depths: number;
  readonly groupCount: number;
  readonly isWord: (codePoint: number) => boolean;
  readonly multiline: boolean;
}

/** The most instructions: with these a text of 2000 characters can still be matched; see `MAX_STATES`. */
const MAX_INSTRUCTIONS = 4096;

/** A pattern without a program, with the reason for its author. */
export interface UnsupportedPattern {
  readonly reason: CodedText;
}

/** The reason why a pattern has no program; `null` for a supported pattern. */
export function unsupportedReason(root: Syntax): CodedText | null {
  const foreign = foreignIn(root);
  if (foreign !== null) return foreign;
  return sizeOf(root) * (depthOf(root) + 1) > MAX_INSTRUCTIONS ? patternText('slow-counts') : null;
}

/** @param one makes the test of one code point from its source, with the flags of the pattern */
export function toProgram(
  { root, groupCount }: ParsedPattern,
  multiline: boolean,
  one: (source: string) => (codePoint: number) => boolean,
): Program | UnsupportedPattern {
  const reason = unsupportedReason(root);
  if (reason !== null) return { reason };
  const instructions: Instruction[] = [];
  const emit = (instruction: Instruction): number => instructions.push(instruction) - 1;
  const tests = new Map<string, (codePoint: number) => boolean>();
  const test = (source: string): ((codePoint: number) => boolean) => {
    const known = tests.get(source) ?? one(source);
    tests.set(source, known);
    return known;
  };

  function add(node: Syntax, depth: number, back: boolean): void {
    switch (node.kind) {
      case 'one':
        emit({ op: 'take', matches: test(node.source), back, depth });
        return;
      case 'edge':
        emit({ op: 'edge', edge: node.edge });
        return;
      case 'group':
        emit({ op: 'save', slot: 2 * node.index });
        add(node.body, depth, back);
        emit({ op: 'save', slot: 2 * node.index + 1 });
        return;
      case 'sequence':
        for (const part of back ? node.parts.toReversed() : node.parts) add(part, depth, back);
        return;
      case 'choice':
        addChoice(node.options, depth, back);
        return;
      case 'repeat':
        addRepeat(node, depth, back);
        return;
      case 'look': {
        const offset = emit({ op: 'found' });
        const jump = emit({ op: 'found' });
        add(node.body, 0, !node.ahead);
        emit({ op: 'found' });
        instructions[offset] = { op: 'look', from: jump + 1, negative: node.negative };
        instructions[jump] = { op: 'jump', to: instructions.length };
        return;
      }
      case 'foreign':
        return;
    }
  }

  function addChoice(options: readonly Syntax[], depth: number, back: boolean): void {
    const ends: number[] = [];
    options.forEach((option, index) => {
      if (index === options.length - 1) return add(option, depth, back);
      const fork = emit({ op: 'found' });
      add(option, depth, back);
      ends.push(emit({ op: 'found' }));
      instructions[fork] = { op: 'fork', first: fork + 1, then: instructions.length };
    });
    for (const end of ends) instructions[end] = { op: 'jump', to: instructions.length };
  }

  function addRepeat(node: Syntax & { kind: 'repeat' }, depth: number, back: boolean): void {
    const { body, min, max, lazy, groups } = node;
    const mayBeEmpty = isNullable(body);
    const inner = mayBeEmpty ? depth + 1 : depth;
    const addRound = (at: number): void => {
      if (groups[0] < groups[1]) emit({ op: 'forget', groups });
      add(body, at, back);
    };
    for (let round = 0; round < min; round++) addRound(depth);
    const forks: number[] = [];
    for (let round = min; round < (max === Infinity ? min + 1 : max); round++) {
      const fork = emit({ op: 'found' });
      forks.push(fork);
      if (mayBeEmpty) emit({ op: 'round', depth: inner });
      addRound(inner);
      if (mayBeEmpty) emit({ op: 'round-over', depth: inner });
      if (max === Infinity) emit({ op: 'jump', to: fork });
    }
    const end = instructions.length;
    for (const fork of forks)
      instructions[fork] = lazy
        ? { op: 'fork', first: end, then: fork + 1 }
        : { op: 'fork', first: fork + 1, then: end };
  }

  add(root, 0, false);
  emit({ op: 'found' });
  const isJoin = joinsOf(instructions);
  return {
    instructions,
    isJoin,
    depths: depthOf(root) + 1,
    groupCount,
    isWord: test(String.raw`\w`),
    multiline,
  };
}

function joinsOf(instructions: readonly Instruction[]): Uint8Array {
  const ways = new Uint8Array(instructions.length);
  // A match also begins at the first instruction.
  ways[0] = 1;
  const come = (to: number): void => void (ways[to] = Math.min(2, (ways[to] ?? 0) + 1));
  instructions.forEach((instruction, index) => {
    switch (instruction.op) {
      case 'found':
        return;
      case 'jump':
        return come(instruction.to);
      case 'fork':
        come(instruction.first);
        return come(instruction.then);
      case 'look':
        // A lookaround may be evaluated at one position more than once.
        ways[instruction.from] = 2;
        return come(index + 1);
      default:
        return come(index + 1);
    }
  });
  return ways.map((count) => (count > 1 ? 1 : 0));
}

function childrenOf(node: Syntax): readonly Syntax[] {
  switch (node.kind) {
    case 'one':
    case 'edge':
      return [];
    case 'sequence':
      return node.parts;
    case 'choice':
      return node.options;
    case 'group':
    case 'repeat':
    case 'look':
      return [node.body];
    case 'foreign':
      return node.body === null ? [] : [node.body];
  }
}

function foreignIn(node: Syntax): CodedText | null {
  if (node.kind === 'foreign') return patternText(node.what);
  if (node.kind === 'look' && node.groups[0] < node.groups[1]) return patternText('slow-look');
  for (const child of childrenOf(node)) {
    const found = foreignIn(child);
    if (found !== null) return found;
  }
  return null;
}

/** An upper bound of the instructions of a pattern with expanded repetitions; may be `Infinity`. */
export function sizeOf(node: Syntax): number {
  const inside = childrenOf(node).reduce((sum, child) => sum + sizeOf(child), 0);
  switch (node.kind) {
    case 'repeat': {
      const copies = node.max === Infinity ? node.min + 1 : node.max;
      const around = (node.groups[0] < node.groups[1] ? 1 : 0) + (isNullable(node.body) ? 2 : 0);
      const forks = node.max === Infinity ? 2 : node.max - node.min;
      return copies === 0 ? 0 : copies * (inside + around) + forks;
    }
    case 'choice':
      return inside + 2 * node.options.length;
    case 'look':
      return inside + 3;
    case 'group':
      return inside + 2;
    case 'sequence':
      return inside;
    case 'one':
    case 'edge':
    case 'foreign':
      return inside + 1;
  }
}

/** The nesting depth of repetitions whose body may be empty. */
export function depthOf(node: Syntax): number {
  const inside = childrenOf(node).reduce((maxDepth, child) => Math.max(maxDepth, depthOf(child)), 0);
  return node.kind === 'repeat' && isNullable(node.body) ? inside + 1 : inside;
}

function isNullable(node: Syntax): boolean {
  switch (node.kind) {
    case 'one':
      return false;
    case 'edge':
    case 'look':
    case 'foreign':
      return true;
    case 'group':
      return isNullable(node.body);
    case 'sequence':
      return node.parts.every(isNullable);
    case 'choice':
      return node.options.some(isNullable);
    case 'repeat':
      return node.min === 0 || isNullable(node.body);
  }
}
