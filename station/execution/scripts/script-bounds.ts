import { Fault } from '#shared/domain/fault.ts';

const MIB = 1024 * 1024;

/**
 * Bounds of one script. Memory: `heapMiB` for its values, `memoryMiB` for these and its byte arrays together. The others
 * bound its messages to the station: one, at a time, and in all.
 */
export const SCRIPT_BOUNDS = {
  heapMiB: 128,
  memoryMiB: 256,
  messageBytes: MIB,
  allBytes: 16 * MIB,
  calls: 100_000,
  callsAtOnce: 256,
  /** Answers that the station has to hold because the script does not read them. */
  unreadBytes: 4 * MIB,
  measurements: 2000,
  /** Steps of matching its patterns: some three seconds of a processor. */
  matchingSteps: 2 ** 27,
  /** Output that is recorded; the rest is dropped. */
  outputChars: 4000,
} as const;

/** Counts the messages of a script. Faults, of every method: `script-failed` that names the bound. */
export interface ScriptUsage {
  received(bytes: number): void;
  called(call: string): void;
  answered(): void;
}

/** @param file name of the script, for messages */
export function createScriptUsage(file: string): ScriptUsage {
  let bytes = 0;
  let calls = 0;
  let atOnce = 0;
  let measurements = 0;
  const within = (used: number, bound: number, what: string): void => {
    if (used > bound) throw boundExceeded(file, `${what} (the bound is ${bound})`);
  };
  return {
    received(more) {
      bytes += more;
      within(bytes, SCRIPT_BOUNDS.allBytes, 'sends too many bytes in all');
    },
    called(call) {
      within(++calls, SCRIPT_BOUNDS.calls, 'makes too many calls');
      within(++atOnce, SCRIPT_BOUNDS.callsAtOnce, 'has too many calls under way at once');
      if (call === 'measure') within(++measurements, SCRIPT_BOUNDS.measurements, 'measures too many values');
    },
    answered: () => void atOnce--,
  };
}

/** The steps that the station may spend on matching the patterns of a script. */
export interface MatchingBudget {
  /** Spends steps; to be called before matching. Faults: `script-failed` when none are left. */
  spend(steps: number): void;
  /** Steps since the last call. Faults: that of `spend`, again, so that no script goes on after it. */
  takeSpent(): number;
}

/** @param file name of the script, for messages */
export function createMatchingBudget(file: string): MatchingBudget {
  let all = 0;
  let reported = 0;
  let exceeded: Fault | null = null;
  return {
    spend(steps) {
      if (all + steps > SCRIPT_BOUNDS.matchingSteps)
        exceeded ??= boundExceeded(
          file,
          `looks for patterns that take too long (the bound is ${SCRIPT_BOUNDS.matchingSteps} steps)`,
        );
      if (exceeded !== null) throw exceeded;
      all += steps;
    },
    takeSpent() {
      if (exceeded !== null) throw exceeded;
      const since = all - reported;
      reported = all;
      return since;
    },
  };
}

/** The fault of a script that exceeds a bound. */
export function boundExceeded(file: string, what: string): Fault {
  return new Fault('script-failed', `${file}: ${what}`, {
    hint: 'Correct the script: docs/recipes.md has the bounds of scripts.',
    details: { measurement: file },
  });
}
