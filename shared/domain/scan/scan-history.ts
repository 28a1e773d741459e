import { removePartialAimPrefix } from './aim-prefix.ts';
import { LINE_END_MS, SAME_ANSWER_MS, SAME_LABEL_MS, SAME_PULL_MS } from './timing.ts';

/** When the keys of a line were pressed, by one clock that never goes back, in ms. */
export interface KeyTimes {
  readonly firstKeyAtMs: number;
  readonly lastKeyAtMs: number;
  /** It is known that no pause was between the line before and this one. */
  readonly joined: boolean;
}

/** One line from a scanner or a keyboard. */
export interface ScanRead extends KeyTimes {
  /** What it says, in one form for every way to say it. */
  readonly text: string;
  /** As it was scanned. */
  readonly raw: string;
}

/** What came of a read. `answered`: a question was answered or a result acknowledged; `nothing`: it was refused. */
export type ScanOutcome = 'started' | 'answered' | 'nothing';

interface PastScan extends Omit<ScanRead, 'firstKeyAtMs' | 'joined'> {
  readonly outcome: ScanOutcome;
  /** The slot that it was for, when it was for one. */
  readonly slot: number | null;
}

/** What was read lately. */
export interface ScanHistory {
  /** One of each text, the latest last. */
  readonly reads: readonly PastScan[];
  /** The lines of the last pull of the trigger, as long as they follow one another without a pause. */
  readonly pull: {
    readonly lastKeyAtMs: number;
    /** That of them which started a run. */
    readonly startedBy: string | null;
  } | null;
}

/** A read of a moment ago that a new one is, once more. */
export interface RepeatedScan {
  readonly outcome: ScanOutcome;
  readonly slot: number | null;
  /** For so long the scanner has to leave the label, and the same text is a new read. */
  readonly pauseMs: number;
}

/** What the history says of a new read. */
export interface ScanClassification {
  /** The first read of the same text, when this is that read once more. */
  readonly again: RepeatedScan | null;
  /** The read that started a run, when this is a part of it, or it of this: keys of a person, or a missing line end. */
  readonly partOf: RepeatedScan | null;
  /** It came out of the scanner together with a line that started a run: it answers nothing. */
  readonly besideStart: boolean;
}

export const EMPTY_SCAN_HISTORY: ScanHistory = { reads: [], pull: null };

/** More than a scanner reads within the longest pause. */
const MOST_READS = 128;

/**
 * The one rule of what a scanner reads twice. A read of the same text is the same read until the scanner was off the
 * label for `SAME_LABEL_MS` when it started a run, else for `SAME_ANSWER_MS`; each repeat counts. Pure: times come
 * in, so that every interleaving can be tested.
 */
export function classifyScan(history: ScanHistory, read: ScanRead): ScanClassification {
  const standing = recentScans(history, read);
  const again = standing.find(({ text }) => text === read.text);
  const whole = standing.find((past) => past.outcome === 'started' && isPart(read, past));
  return {
    again: again === undefined ? null : repeatedScan(again),
    partOf: whole === undefined ? null : repeatedScan(whole),
    besideStart: history.pull?.startedBy != null && isSamePull(history, read),
  };
}

/** Those that this read may be once more. */
function recentScans({ reads }: ScanHistory, { firstKeyAtMs }: ScanRead): readonly PastScan[] {
  return reads.filter(({ outcome, lastKeyAtMs }) => firstKeyAtMs - lastKeyAtMs < pauseAfter(outcome));
}

function pauseAfter(outcome: ScanOutcome): number {
  return outcome === 'started' ? SAME_LABEL_MS : SAME_ANSWER_MS;
}

function repeatedScan({ outcome, slot }: PastScan): RepeatedScan {
  return { outcome, slot, pauseMs: pauseAfter(outcome) };
}

/** What is left of a label when keys of a person cut it into lines or delete some of it, or what it became a part of. */
function isPart({ text, raw }: ScanRead, whole: PastScan): boolean {
  if (whole.text === text) return false;
  return (
    isLeftOf(raw, whole.raw) || isLeftOf(removePartialAimPrefix(raw), whole.text) || raw.includes(whole.text)
  );
}

function isLeftOf(part: string, whole: string): boolean {
  let at = 0;
  for (const char of whole) if (char === part[at]) at++;
  return at === part.length;
}

function isSamePull({ pull }: ScanHistory, { firstKeyAtMs, joined }: ScanRead): boolean {
  return pull !== null && (joined || firstKeyAtMs - pull.lastKeyAtMs < SAME_PULL_MS);
}

/** Whether a single key pressed at this time may be the end of lines that started a run. */
export function isBesideStart({ pull }: ScanHistory, keyAtMs: number): boolean {
  return pull !== null && pull.startedBy !== null && keyAtMs - pull.lastKeyAtMs < LINE_END_MS;
}

/** The history with this read in it. A repeat keeps what came of the first, unless something more came of it. */
export function recordScan(
  history: ScanHistory,
  read: ScanRead,
  outcome: ScanOutcome,
  slot: number | null = null,
): ScanHistory {
  const { again } = classifyScan(history, read);
  const kept = again !== null && outcome === 'nothing' ? again : { outcome, slot };
  const noted = markScanSeen(history, read, outcome === 'started' ? read.text : undefined);
  return {
    ...noted,
    reads: [
      ...noted.reads.filter(({ text }) => text !== read.text).slice(1 - MOST_READS),
      {
        text: read.text,
        raw: read.raw,
        outcome: kept.outcome,
        slot: kept.slot,
        lastKeyAtMs: read.lastKeyAtMs,
      },
    ],
  };
}

/**
 * The history after this read was seen, without it: a page threw it away, so that nothing came of it. What it repeats, what
 * it is a part of, and what was read together with it still lay before the scanner.
 */
export function markScanSeen(history: ScanHistory, read: ScanRead, startedNow?: string): ScanHistory {
  const seen = recentScans(history, read).filter(
    (past) => past.text === read.text || (past.outcome === 'started' && isPart(read, past)),
  );
  const before = isSamePull(history, read) ? (history.pull?.startedBy ?? null) : null;
  const startedBy = startedNow ?? seen.findLast(({ outcome }) => outcome === 'started')?.text ?? before;
  const texts = new Set([startedBy, ...seen.map(({ text }) => text)]);
  // A page may tell late of a read, when others came meanwhile.
  const latest = (beforeMs: number): number => Math.max(beforeMs, read.lastKeyAtMs);
  const overtaken =
    startedNow === undefined && history.pull !== null && history.pull.lastKeyAtMs > read.lastKeyAtMs;
  return {
    reads: history.reads.map((one) =>
      texts.has(one.text) ? { ...one, lastKeyAtMs: latest(one.lastKeyAtMs) } : one,
    ),
    pull: overtaken
      ? history.pull
      : { lastKeyAtMs: latest(history.pull?.lastKeyAtMs ?? read.lastKeyAtMs), startedBy },
  };
}
