import type { Mistake } from '#shared/recipe/index.ts';
import type { Positions, YamlProblem } from '../../core/yaml/index.ts';

/** Lines that YAML cannot read, or reads in another way than they are meant. */
export interface Misread {
  /** The first problem of each line; the others follow from it. */
  readonly problems: readonly YamlProblem[];
  /** True when a mistake follows from a problem: it is on such a line, or at an object that contains one. */
  causes(mistake: Mistake): boolean;
}

export function misread(all: readonly YamlProblem[], positions: Positions): Misread {
  const lines = new Map<number, YamlProblem>();
  for (const problem of all) {
    const { line } = positions.at(problem.offset);
    if (!lines.has(line)) lines.set(line, problem);
  }
  const problems = [...lines.values()];
  return {
    problems,
    causes({ path, key }) {
      const position = key === undefined ? positions.ofValue(path) : positions.ofKey(path, key);
      if (lines.has(position.line)) return true;
      const [begins, ends] = positions.rangeOf(path);
      return key === undefined && problems.some(({ offset }) => offset >= begins && offset < ends);
    },
  };
}
