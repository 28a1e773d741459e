import type { PressedKeys } from '#shared/contract/index.ts';
import {
  mayBelongToRunStart,
  classifyScan,
  updateScanTimes,
  EMPTY_SCAN_HISTORY,
  parseScan,
  type TimedScan,
  type ScanUse,
  recordScan,
  normalizedScanText,
  type Scan,
  SAME_LABEL_MS,
  PROMPT_SEEN_MS,
  type RepeatedScan,
} from '#shared/domain/scan/index.ts';
import type { Clock } from '../../core/platform/index.ts';
import type { OpenPrompt } from './prompts.ts';
import { answerTooSoon, scanRepeated } from './scan-faults.ts';

/** A received line with the times of its keys. */
export interface IncomingScan {
  /** As it was scanned or typed. */
  readonly text: string;
  readonly scan: Scan;
  readonly timing: TimedScan;
  /** True: the times of its keys are known; false: only the time when the line was received. */
  readonly hasKeyTimes: boolean;
  /** True: its host has listened for too short a time to know the scans of the last seconds. */
  readonly mayHaveMissedScans: boolean;
}

/** A shorter text is not compared with parts of other scans. */
const MIN_PART_LENGTH = 4;

/** Stores the scans of the last seconds and finds repeats of them. */
export class ScanFilter {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #isOnSlot: (scan: Scan) => boolean;
  #history = EMPTY_SCAN_HISTORY;

  /** @param isOnSlot whether this is the serial number of a unit that is being tested */
  constructor(clock: Pick<Clock, 'monotonicMs'>, isOnSlot: (scan: Scan) => boolean) {
    this.#clock = clock;
    this.#isOnSlot = isOnSlot;
  }

  /** @param pressed times of its keys; `null` when the host does not know them */
  parse(text: string, pressed: PressedKeys | null): IncomingScan {
    const nowMs = this.#clock.monotonicMs();
    const scan = parseScan(text);
    return {
      text,
      scan,
      hasKeyTimes: pressed !== null,
      mayHaveMissedScans: pressed?.listeningMs !== undefined && pressed.listeningMs < SAME_LABEL_MS,
      timing: {
        text: normalizedScanText(scan),
        raw: text.trim(),
        firstKeyAtMs: nowMs - (pressed?.firstMsAgo ?? 0),
        directlyAfterLine: pressed?.directlyAfterLine === true,
        lastKeyAtMs: nowMs - (pressed?.lastMsAgo ?? 0),
      },
    };
  }

  /** The recent scan that this one repeats. */
  repeatOf({ timing }: IncomingScan): RepeatedScan | null {
    return classifyScan(this.#history, timing).repeatOf;
  }

  /**
   * Refuses a scan that must not answer a prompt: a repeated one, and one in the same trigger pull as a line that started a
   * run. The number of a unit on a slot is also refused when it was scanned before the prompt could be seen, or on a page
   * that may have missed earlier scans. Faults: `scan-repeated`, `answer-too-soon`.
   */
  requireMayAnswer({ timing, scan, mayHaveMissedScans }: IncomingScan, target: OpenPrompt | null): void {
    const { repeatOf, partOf, samePullStartedRun } = classifyScan(this.#history, timing);
    // A short number is typed, and may be part of any serial number.
    const isNumber = target?.prompt.kind === 'number' && timing.raw.length < MIN_PART_LENGTH;
    const repeated = repeatOf ?? (isNumber ? null : partOf);
    if (repeated !== null) throw scanRepeated(scan, repeated);
    if (samePullStartedRun) throw answerTooSoon(target?.slot ?? null);
    // The label that started a run stays in front of the scanner.
    if (target !== null && timing.firstKeyAtMs - target.sinceMs < PROMPT_SEEN_MS && this.#isOnSlot(scan))
      throw answerTooSoon(target.slot);
    // The label may have been in front of the scanner while the page was closed, and counts as scanned then.
    if (target !== null && mayHaveMissedScans && this.#isOnSlot(scan)) {
      this.#history = recordScan(this.#history, timing, 'started-run', target.slot);
      throw scanRepeated(scan, { slot: target.slot, pauseMs: SAME_LABEL_MS });
    }
  }

  /** Refuses a single key that was pressed together with the line that started a run. Faults: `answer-too-soon`. */
  requireMayPress({ timing, hasKeyTimes }: IncomingScan, slot: number | null): void {
    if (hasKeyTimes && mayBelongToRunStart(this.#history, timing.firstKeyAtMs)) throw answerTooSoon(slot);
  }

  /** Stores an unused scan: the label that it repeats was still in front of the scanner. */
  rememberUnused({ timing }: IncomingScan): void {
    this.#history = updateScanTimes(this.#history, timing);
  }

  remember({ timing }: IncomingScan, use: ScanUse, slot: number | null): void {
    this.#history = recordScan(this.#history, timing, use, slot);
  }
}
