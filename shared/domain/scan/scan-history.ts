import { removePartialAimPrefix } from './aim-prefix.ts';
import { LINE_END_MS, SAME_ANSWER_MS, SAME_LABEL_MS, SAME_PULL_MS } from './timing.ts';

/** When the keys of a line were pressed, by one monotonic clock, ms. */
export interface KeyTimes {
  readonly firstKeyAtMs: number;
  readonly lastKeyAtMs: number;
  /** True when the line followed the previous line without a pause. */
  readonly directlyAfterLine: boolean;
}

/** One line from a scanner or a keyboard. */
export interface TimedScan extends KeyTimes {
  /** The normalised text, see `normalizedScanText`. */
  readonly text: string;
  /** As it was scanned. */
  readonly raw: string;
}

/**
 * What a scan was used for. `answered`: it answered a prompt or acknowledged a result; `unused`: it was refused, or it was a
 * command.
 */
export type ScanUse = 'started-run' | 'answered' | 'unused';

interface PastScan extends Omit<TimedScan, 'firstKeyAtMs' | 'directlyAfterLine'> {
  readonly use: ScanUse;
  /** The slot that it was for, when it was for one. */
  readonly slot: number | null;
}

/** The latest scans. */
export interface ScanHistory {
  /** One scan per text, the latest last. */
  readonly scans: readonly PastScan[];
  /** The lines of the last trigger pull: they follow one another without a pause. */
  readonly lastTriggerPull: {
    readonly lastKeyAtMs: number;
    /** The text of the line that started a run. */
    readonly startedBy: string | null;
  } | null;
}

/** The earlier scan that a new one repeats. */
export interface RepeatedScan {
  readonly use: ScanUse;
  readonly slot: number | null;
  /** How long the scanner must not scan the label until the same text is a new scan. */
  readonly pauseMs: number;
}

/** The relation of a new scan to the history. */
export interface ScanClassification {
  /** The earlier scan of the same text, if this is a repeat of it. */
  readonly repeatOf: RepeatedScan | null;
  /**
   * The scan that started a run, if this text is a part of it or contains it: a person pressed keys in between, or a line
   * end is missing.
   */
  readonly partOf: RepeatedScan | null;
  /** True when the same trigger pull started a run: the scan then answers no prompt. */
  readonly samePullStartedRun: boolean;
}

export const EMPTY_SCAN_HISTORY: ScanHistory = { scans: [], lastTriggerPull: null };

/** More scans than a scanner makes within the longest pause. */
const MAX_SCANS = 128;

/**
 * Detects repeated scans. A scan of the same text is a repeat unless the label was not scanned for
 * `SAME_LABEL_MS` if it started a run, else for `SAME_ANSWER_MS`; each repeat restarts that time. A pure function of the
 * times, so that every interleaving can be tested.
 */
export function classifyScan(history: ScanHistory, scan: TimedScan): ScanClassification {
  const recent = recentScans(history, scan);
  const same = recent.find(({ text }) => text === scan.text);
  const whole = recent.find((past) => past.use === 'started-run' && isPart(scan, past));
  return {
    repeatOf: same === undefined ? null : repeatedScan(same),
    partOf: whole === undefined ? null : repeatedScan(whole),
    samePullStartedRun: history.lastTriggerPull?.startedBy != null && isSamePull(history, scan),
  };
}

/** The scans that this scan can be a repeat of. */
function recentScans({ scans }: ScanHistory, { firstKeyAtMs }: TimedScan): readonly PastScan[] {
  return scans.filter(({ use, lastKeyAtMs }) => firstKeyAtMs - lastKeyAtMs < pauseAfter(use));
}

function pauseAfter(use: ScanUse): number {
  return use === 'started-run' ? SAME_LABEL_MS : SAME_ANSWER_MS;
}

function repeatedScan({ use, slot }: PastScan): RepeatedScan {
  return { use, slot, pauseMs: pauseAfter(use) };
}

/** True for a part of a label that remains when a person presses keys during the scan, and for a text that contains it. */
function isPart({ text, raw }: TimedScan, whole: PastScan): boolean {
  if (whole.text === text) return false;
  return (
    isSubsequence(raw, whole.raw) ||
    isSubsequence(removePartialAimPrefix(raw), whole.text) ||
    raw.includes(whole.text)
  );
}

/** True when `whole` without some of its characters is `part`. */
function isSubsequence(part: string, whole: string): boolean {
  let matched = 0;
  for (const char of whole) if (char === part[matched]) matched++;
  return matched === part.length;
}

function isSamePull(
  { lastTriggerPull: pull }: ScanHistory,
  { firstKeyAtMs, directlyAfterLine }: TimedScan,
): boolean {
  return pull !== null && (directlyAfterLine || firstKeyAtMs - pull.lastKeyAtMs < SAME_PULL_MS);
}

/** True when a single key pressed at this time may belong to the lines that started a run. */
export function mayBelongToRunStart({ lastTriggerPull: pull }: ScanHistory, keyAtMs: number): boolean {
  return pull !== null && pull.startedBy !== null && keyAtMs - pull.lastKeyAtMs < LINE_END_MS;
}

/** Adds a scan to the history. A repeat keeps the use of the first scan, unless it was used itself. */
export function recordScan(
  history: ScanHistory,
  scan: TimedScan,
  use: ScanUse,
  slot: number | null = null,
): ScanHistory {
  const { repeatOf } = classifyScan(history, scan);
  const effective = repeatOf !== null && use === 'unused' ? repeatOf : { use, slot };
  const updated = updateScanTimes(history, scan, use === 'started-run' ? scan.text : undefined);
  return {
    ...updated,
    scans: [
      ...updated.scans.filter(({ text }) => text !== scan.text).slice(1 - MAX_SCANS),
      {
        text: scan.text,
        raw: scan.raw,
        use: effective.use,
        slot: effective.slot,
        lastKeyAtMs: scan.lastKeyAtMs,
      },
    ],
  };
}

/**
 * Updates the times of the history for a scan that a page discarded, without adding it: the scans that it repeats, that it
 * is a part of, or that belong to the same trigger pull show that their labels were still in front of the scanner.
 */
export function updateScanTimes(history: ScanHistory, scan: TimedScan, startedNow?: string): ScanHistory {
  const seen = recentScans(history, scan).filter(
    (past) => past.text === scan.text || (past.use === 'started-run' && isPart(scan, past)),
  );
  const startedBefore = isSamePull(history, scan) ? (history.lastTriggerPull?.startedBy ?? null) : null;
  const startedBy = startedNow ?? seen.findLast(({ use }) => use === 'started-run')?.text ?? startedBefore;
  const texts = new Set([startedBy, ...seen.map(({ text }) => text)]);
  // A page may report a discarded scan after later ones.
  const latest = (beforeMs: number): number => Math.max(beforeMs, scan.lastKeyAtMs);
  const overtaken =
    startedNow === undefined &&
    history.lastTriggerPull !== null &&
    history.lastTriggerPull.lastKeyAtMs > scan.lastKeyAtMs;
  return {
    scans: history.scans.map((one) =>
      texts.has(one.text) ? { ...one, lastKeyAtMs: latest(one.lastKeyAtMs) } : one,
    ),
    lastTriggerPull: overtaken
      ? history.lastTriggerPull
      : { lastKeyAtMs: latest(history.lastTriggerPull?.lastKeyAtMs ?? scan.lastKeyAtMs), startedBy },
  };
}
