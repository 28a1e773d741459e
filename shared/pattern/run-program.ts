import type { Program } from './program.ts';
import { Stack } from './stack.ts';
import type { Edge } from './syntax.ts';

/**
 * Begin and end of each group, the whole match first; -1 for a group without a match. Valid until the next call.
 */
export type Captures = Int32Array;

/** The most states of one text, which is 1 MB of marks; they are counted before the search. */
export const MAX_STATES = 2 ** 23;

/** The number of possible states for a text of this length. */
export function countStates({ instructions, depths }: Program, characters: number): number {
  return instructions.length * depths * (characters + 1);
}

/**
 * Matches like JavaScript, with the same priorities, but tries each state only once: without back references a state that
 * failed once fails always. So the time is bounded by the number of states, over all matches of the text. Source of the method:
 * RE2's BitState; of empty iterations and lookarounds: Barrière and Pit-Claudel, "Linear Matching of JavaScript Regexes"
 * (PLDI 2024).
 */
export function createMatcher(program: Program, text: string): (offset: number) => Captures | null {
  const { instructions, isJoin, depths, groupCount } = program;
  const places = text.length + 1;
  const marks = new Uint32Array(Math.ceil(countStates(program, text.length) / 32));
  /** States of lookarounds that succeeded. */
  let good: Uint32Array | null = null;
  /** Nesting depth of lookarounds; each level has its own stacks. */
  let looking = 0;
  const opens: Stack[] = [];
  const trails: Stack[] = [];

  /** Runs from an instruction at a position; without captures it only returns whether there is a match. */
  function run(from: number, place: number, captures: Captures | null): boolean {
    /** Four numbers for each untried alternative: instruction, position, depth, length of the trail. */
    const open = (opens[looking] ??= new Stack());
    /** Marked states on the current path. */
    const trail = (trails[looking] ??= new Stack());
    open.cut(0);
    trail.cut(0);
    let pc = from;
    let index = place;
    /** Number of enclosing repetitions that consumed a character in this iteration. */
    let taken = 0;
    const save = (slot: number, value: number): void => {
      if (captures === null) return;
      // A negative number is no instruction: it restores the value of a capture.
      open.push(-1 - slot);
      open.push(captures[slot] ?? -1);
      open.push(0);
      open.push(0);
      captures[slot] = value;
    };
    for (;;) {
      let failed = false;
      if (isJoin[pc] === 1) {
        const state = (pc * depths + taken) * places + index;
        const word = state >>> 5;
        const bit = 1 << (state & 31);
        if (((marks[word] ?? 0) & bit) === 0) {
          marks[word] = (marks[word] ?? 0) | bit;
          trail.push(state);
        } else if (captures === null && good !== null && ((good[word] ?? 0) & bit) !== 0) {
          return succeed(trail, false);
        } else failed = true;
      }
      const instruction = instructions[pc];
      if (instruction === undefined) return false;
      if (!failed) {
        switch (instruction.op) {
          case 'take': {
            const point = instruction.back ? before(text, index) : (text.codePointAt(index) ?? -1);
            if (point === -1 || !instruction.matches(point)) failed = true;
            else {
              const width = point > 0xffff ? 2 : 1;
              index += instruction.back ? -width : width;
              taken = instruction.depth;
              pc += 1;
            }
            break;
          }
          case 'fork':
            open.push(instruction.then);
            open.push(index);
            open.push(taken);
            open.push(trail.length);
            pc = instruction.first;
            break;
          case 'jump':
            pc = instruction.to;
            break;
          case 'save':
            save(instruction.slot, index);
            pc += 1;
            break;
          case 'forget':
            for (let slot = 2 * instruction.groups[0]; slot < 2 * instruction.groups[1]; slot++)
              save(slot, -1);
            pc += 1;
            break;
          case 'edge':
            failed = !isEdge(instruction.edge, program, text, index);
            pc += 1;
            break;
          case 'round':
            taken = Math.min(taken, instruction.depth - 1);
            pc += 1;
            break;
          case 'round-over':
            failed = taken < instruction.depth;
            pc += 1;
            break;
          case 'look':
            looking += 1;
            failed = run(instruction.from, index, null) === instruction.negative;
            looking -= 1;
            pc += 1;
            break;
          case 'found':
            if (captures !== null) captures[1] = index;
            return succeed(trail, captures !== null);
        }
      }
      while (failed) {
        if (open.length === 0) return false;
        const trailed = open.pop();
        const depth = open.pop();
        const where = open.pop();
        const next = open.pop();
        if (next >= 0) {
          pc = next;
          index = where;
          taken = depth;
          trail.cut(trailed);
          failed = false;
        } else if (captures !== null) captures[-1 - next] = where;
      }
    }
  }

  /** The states on the trail led to the match: they must not stay marked as failed. */
  function succeed(trail: Stack, unmark: boolean): true {
    if (!unmark) good ??= new Uint32Array(marks.length);
    while (trail.length > 0) {
      const state = trail.pop();
      const word = state >>> 5;
      const bit = 1 << (state & 31);
      if (unmark) marks[word] = (marks[word] ?? 0) & ~bit;
      else if (good !== null) good[word] = (good[word] ?? 0) | bit;
    }
    return true;
  }

  const captures = new Int32Array(2 * groupCount);
  return (at) => {
    captures.fill(-1);
    captures[0] = at;
    return run(0, at, captures) ? captures : null;
  };
}

/** The code point before a position; -1 at the start of the text. */
function before(text: string, offset: number): number {
  if (offset === 0) return -1;
  const pair = offset > 1 ? (text.codePointAt(offset - 2) ?? 0) : 0;
  return pair > 0xffff ? pair : text.charCodeAt(offset - 1);
}

function isEdge(edge: Edge, { isWord, multiline }: Program, text: string, offset: number): boolean {
  switch (edge) {
    case 'start':
      return offset === 0 || (multiline && isLineEnd(text.charCodeAt(offset - 1)));
    case 'end':
      return offset === text.length || (multiline && isLineEnd(text.charCodeAt(offset)));
    case 'word':
    case 'no-word': {
      const isWordBefore = offset > 0 && isWord(text.charCodeAt(offset - 1));
      const right = offset < text.length && isWord(text.charCodeAt(offset));
      return (isWordBefore !== right) === (edge === 'word');
    }
  }
}

/** True for the line ends of `^` and `$`: LF, CR, U+2028 and U+2029. */
export function isLineEnd(unit: number): boolean {
  return unit === 10 || unit === 13 || unit === 0x2028 || unit === 0x2029;
}
