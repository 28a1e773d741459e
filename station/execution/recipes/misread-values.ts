import type { Mistake } from '#shared/recipe/index.ts';
import type { Places } from './yaml-positions.ts';
import type { YamlProblem } from './yaml-messages.ts';

/** Lines that YAML cannot read, or reads otherwise than they are written. */
export interface Misread {
  /** The first of each line: what is said of it after that follows. */
  readonly problems: readonly YamlProblem[];
  /** Whether a mistake follows from one of them: it stands on such a line, or at an object that has one in it. */
  causes(mistake: Mistake): boolean;
}

export function misread(all: readonly YamlProblem[], places: Places): Misread {
  const lines = new Map<number, YamlProblem>();
  for (const problem of all) {
    const { line } = places.at(problem.offset);
    if (!lines.has(line)) lines.set(line, problem);
  }
  const problems = [...lines.values()];
  return {
    problems,
    causes({ path, key }) {
      const place = key === undefined ? places.ofValue(path) : places.ofKey(path, key);
      if (lines.has(place.line)) return true;
      const [begins, ends] = places.rangeOf(path);
      return key === undefined && problems.some(({ offset }) => offset >= begins && offset < ends);
    },
  };
}
