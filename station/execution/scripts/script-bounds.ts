import { Fault } from '#shared/domain/fault.ts';

const MIB = 1024 * 1024;

/**
 * What one script may use. Memory: `heapMiB` for its values, `memoryMiB` for these and its byte arrays together. The
 * rest is what it may say to the station, in one message, at a time and in all.
 */
export const SCRIPT_BOUNDS = {
  heapMiB: 128,
  memoryMiB: 256,
  messageBytes: MIB,
  allBytes: 16 * MIB,
  calls: 100_000,
  callsAtOnce: 256,
  /** Of the station's answers: a script that does not read them makes the station keep them. */
  unreadBytes: 4 * MIB,
  measurements: 2000,
  /** Of looking for its patterns in what it measures and in what the unit said: some three seconds of a processor. */
  matchingSteps: 2 ** 27,
  /** Of what it prints; more of it is let go. */
  outputChars: 4000,
} as const;

/** Counts what a script says. Every method faults with `script-failed`, which names the bound, when there is too much. */
export interface ScriptUsage {
  heard(bytes: number): void;
  called(call: string): void;
  answered(): void;
}

/** @param file the script's name for people */
export function createScriptUsage(file: string): ScriptUsage {
  let bytes = 0;
  let calls = 0;
  let atOnce = 0;
  let measurements = 0;
  const within = (used: number, bound: number, what: string): void => {
    if (used > bound) throw overrun(file, `${what} (the bound is ${bound})`);
  };
  return {
    heard(more) {
      bytes += more;
      within(bytes, SCRIPT_BOUNDS.allBytes, 'says too many bytes in all');
    },
    called(call) {
      within(++calls, SCRIPT_BOUNDS.calls, 'makes too many calls');
      within(++atOnce, SCRIPT_BOUNDS.callsAtOnce, 'has too many calls under way at once');
      if (call === 'measure') within(++measurements, SCRIPT_BOUNDS.measurements, 'measures too many values');
    },
    answered: () => void atOnce--,
  };
}

/** What the station itself works on for a script, so that the other slots get their turn. */
export interface MatchingBudget {
  /** Before so many steps are done. Faults: `script-failed` when a script has had its share. */
  add(steps: number): void;
  /** Steps since this was last asked. Faults: that of `add`, again, so that no script goes on after it. */
  taken(): number;
}

/** @param file the script's name for people */
export function createMatchingBudget(file: string): MatchingBudget {
  let all = 0;
  let told = 0;
  let over: Fault | null = null;
  return {
    add(steps) {
      if (all + steps > SCRIPT_BOUNDS.matchingSteps)
        over ??= overrun(
          file,
          `looks for patterns that take too long (the bound is ${SCRIPT_BOUNDS.matchingSteps} steps)`,
        );
      if (over !== null) throw over;
      all += steps;
    },
    taken() {
      if (over !== null) throw over;
      const since = all - told;
      told = all;
      return since;
    },
  };
}

/** The fault of a script that used more than it may. */
export function overrun(file: string, what: string): Fault {
  return new Fault('script-failed', `${file}: ${what}`, {
    hint: 'Mend the script: docs/recipes.md says what a script may use.',
    details: { measurement: file },
  });
}
