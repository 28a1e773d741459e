import { SAME_ANSWER_MS, SAME_LABEL_MS, SAME_PULL_MS } from './timing.ts';

/** When the keys of a line were pressed, by one clock that never goes back, in ms. */
export interface KeyTimes {
  readonly firstKeyAtMs: number;
  readonly lastKeyAtMs: number;
}

/** One line from a scanner or a keyboard. */
export interface Read extends KeyTimes {
  /** What it says, in one form for every way to say it. */
  readonly text: string;
}

/** What came of a read. `answered`: a question was answered or a result acknowledged; `nothing`: it was refused. */
export type ReadOutcome = 'started' | 'answered' | 'nothing';

interface PastRead {
  readonly text: string;
  readonly outcome: ReadOutcome;
  /** The slot that it was for, when it was for one. */
  readonly slot: number | null;
  readonly lastKeyAtMs: number;
}

/** What was read lately. */
export interface ReadHistory {
  /** One of each text, the latest last. */
  readonly reads: readonly PastRead[];
  /** The lines of the last pull of the trigger, as long as they follow one another without a pause. */
  readonly pull: { readonly lastKeyAtMs: number; readonly startedRun: boolean } | null;
}

/** What the history says of a new read. */
export interface ReadJudgement {
  /** The first read of the same text, when this is that read once more. */
  readonly again: {
    readonly outcome: ReadOutcome;
    readonly slot: number | null;
    /** For so long the scanner has to leave the label, and the same text is a new read. */
    readonly pauseMs: number;
  } | null;
  /** It came out of the scanner together with a line that started a run: it answers nothing. */
  readonly besideStart: boolean;
}

export const NO_READS: ReadHistory = { reads: [], pull: null };

/** More than a scanner reads within the longest pause. */
const MOST_READS = 128;

/**
 * The one rule of what a scanner reads twice. A read of the same text is the same read until the scanner was off the
 * label for `SAME_LABEL_MS` when it started a run, else for `SAME_ANSWER_MS`; each repeat counts. Pure: times come
 * in, so that every interleaving can be tested.
 */
export function judgeRead(history: ReadHistory, read: Read): ReadJudgement {
  const past = history.reads.find(({ text }) => text === read.text);
  const passedMs = past === undefined ? Number.POSITIVE_INFINITY : read.firstKeyAtMs - past.lastKeyAtMs;
  const pauseMs = past === undefined ? 0 : pauseAfter(past.outcome);
  return {
    again:
      past === undefined || passedMs >= pauseMs ? null : { outcome: past.outcome, slot: past.slot, pauseMs },
    besideStart: isBesideStart(history, read.firstKeyAtMs, SAME_PULL_MS),
  };
}

/** Whether a key pressed at this time belongs to lines that started a run. */
export function isBesideStart({ pull }: ReadHistory, keyAtMs: number, withinMs: number): boolean {
  return pull !== null && pull.startedRun && keyAtMs - pull.lastKeyAtMs < withinMs;
}

/** The history with this read in it. A repeat keeps what came of the first, unless something more came of it. */
export function rememberRead(
  history: ReadHistory,
  read: Read,
  outcome: ReadOutcome,
  slot: number | null = null,
): ReadHistory {
  const { again } = judgeRead(history, read);
  const kept = again !== null && outcome === 'nothing' ? again : { outcome, slot };
  const samePull = history.pull !== null && read.firstKeyAtMs - history.pull.lastKeyAtMs < SAME_PULL_MS;
  return {
    reads: [
      ...history.reads.filter(({ text }) => text !== read.text).slice(1 - MOST_READS),
      { text: read.text, outcome: kept.outcome, slot: kept.slot, lastKeyAtMs: read.lastKeyAtMs },
    ],
    pull: {
      lastKeyAtMs: read.lastKeyAtMs,
      startedRun: outcome === 'started' || (samePull && history.pull?.startedRun === true),
    },
  };
}

function pauseAfter(outcome: ReadOutcome): number {
  return outcome === 'started' ? SAME_LABEL_MS : SAME_ANSWER_MS;
}
