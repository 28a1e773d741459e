import { removePartialAimPrefix } from './aim-prefix.ts';
import { LINE_END_MS, SAME_ANSWER_MS, SAME_LABEL_MS, SAME_PULL_MS } from './timing.ts';

/** When the keys of a line were pressed, by one monotonic clock, ms. */
export interface KeyTimes {
  readonly firstKeyAtMs: number;
  readonly lastKeyAtMs: number;
  /** True when the line followed the previous line without a pause. */
  readonly joined: boolean;
}

/** One line from a scanner or a keyboard. */
export interface ScanRead extends KeyTimes {
  /** The normalised text, see `sameScanText`. */
  readonly text: string;
  /** As it was scanned. */
  readonly raw: string;
}

/** The effect of a scan. `answered`: it answered a prompt or acknowledged a result; `nothing`: it was refused. */
export type ScanOutcome = 'started' | 'answered' | 'nothing';

interface PastScan extends Omit<ScanRead, 'firstKeyAtMs' | 'joined'> {
  readonly outcome: ScanOutcome;
  /** The slot that it was for, when it was for one. */
  readonly slot: number | null;
}

/** What was read lately. */
export interface ScanHistory {
  /** One scan per text, the latest last. */
  readonly reads: readonly PastScan[];
  /** The lines of the last trigger pull: they follow one another without a pause. */
  readonly pull: {
    readonly lastKeyAtMs: number;
    /** The text of the line that started a run. */
    readonly startedBy: string | null;
  } | null;
}

/** The earlier scan that a new one repeats. */
export interface RepeatedScan {
  readonly outcome: ScanOutcome;
  readonly slot: number | null;
  /** How long the scanner must not read the label until the same text is a new scan. */
  readonly pauseMs: number;
}

/** The relation of a new scan to the history. */
export interface ScanClassification {
  /** The earlier scan of the same text, if this is a repeat of it. */
  readonly again: RepeatedScan | null;
  /**
   * The scan that started a run, if this text is a part of it or contains it: a person pressed keys in between, or a line
   * end is missing.
   */
  readonly partOf: RepeatedScan | null;
  /** True when the same trigger pull started a run: the scan then answers no prompt. */
  readonly besideStart: boolean;
}

export const EMPTY_SCAN_HISTORY: ScanHistory = { reads: [], pull: null };

/** More scans than a scanner makes within the longest pause. */
const MOST_READS = 128;

/**
 * Detects repeated reads of a scanner. A scan of the same text is a repeat unless the label was not read for
 * `SAME_LABEL_MS` if it started a run, else for `SAME_ANSWER_MS`; each repeat restarts that time. A pure function of the
 * times, so that every interleaving can be tested.
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

/** The scans that this scan can be a repeat of. */
function recentScans({ reads }: ScanHistory, { firstKeyAtMs }: ScanRead): readonly PastScan[] {
  return reads.filter(({ outcome, lastKeyAtMs }) => firstKeyAtMs - lastKeyAtMs < pauseAfter(outcome));
}

function pauseAfter(outcome: ScanOutcome): number {
  return outcome === 'started' ? SAME_LABEL_MS : SAME_ANSWER_MS;
}

function repeatedScan({ outcome, slot }: PastScan): RepeatedScan {
  return { outcome, slot, pauseMs: pauseAfter(outcome) };
}

/** True for a part of a label that remains when a person presses keys during the scan, and for a text that contains it. */
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

/** True when a single key pressed at this time may belong to the lines that started a run. */
export function isBesideStart({ pull }: ScanHistory, keyAtMs: number): boolean {
  return pull !== null && pull.startedBy !== null && keyAtMs - pull.lastKeyAtMs < LINE_END_MS;
}

/** Adds a scan to the history. A repeat keeps the outcome of the first scan, unless it has an outcome of its own. */
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
 * Updates the times of the history for a scan that a page discarded, without adding it: the scans that it repeats, that it
 * is a part of, or that belong to the same trigger pull show that their labels were still in front of the scanner.
 */
export function markScanSeen(history: ScanHistory, read: ScanRead, startedNow?: string): ScanHistory {
  const seen = recentScans(history, read).filter(
    (past) => past.text === read.text || (past.outcome === 'started' && isPart(read, past)),
  );
  const before = isSamePull(history, read) ? (history.pull?.startedBy ?? null) : null;
  const startedBy = startedNow ?? seen.findLast(({ outcome }) => outcome === 'started')?.text ?? before;
  const texts = new Set([startedBy, ...seen.map(({ text }) => text)]);
  // A page may report a discarded scan after later ones.
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
