import type { PressedKeys } from '#shared/contract/index.ts';
import {
  isBesideStart,
  classifyScan,
  markScanSeen,
  EMPTY_SCAN_HISTORY,
  parseScan,
  type ScanRead,
  type ScanOutcome,
  recordScan,
  sameScanText,
  type Scan,
  SAME_LABEL_MS,
  SEEN_MS,
  type RepeatedScan,
} from '#shared/domain/scan/index.ts';
import type { Clock } from '../../core/platform/index.ts';
import type { OpenPrompt } from './prompts.ts';
import { answerTooSoon, scanRepeated } from './scan-faults.ts';

/** A line as it came in. */
export interface IncomingScan {
  /** As it was scanned or typed. */
  readonly text: string;
  readonly scan: Scan;
  readonly read: ScanRead;
  /** True: the times of its keys are known; false: only the time when it came. */
  readonly timed: boolean;
  /** True: its host has listened for too short a time to know the reads of the last seconds. */
  readonly unsure: boolean;
}

/** A shorter text is not looked for as a part of another read. */
const SHORTEST_PART = 4;

/** Remembers the reads of the last seconds and finds repeats among new ones. */
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
      timed: pressed !== null,
      unsure: pressed?.listeningMs !== undefined && pressed.listeningMs < SAME_LABEL_MS,
      read: {
        text: sameScanText(scan),
        raw: text.trim(),
        firstKeyAtMs: nowMs - (pressed?.firstMsAgo ?? 0),
        joined: pressed?.joined === true,
        lastKeyAtMs: nowMs - (pressed?.lastMsAgo ?? 0),
      },
    };
  }

  /** The recent read that this one repeats. */
  repeatOf({ read }: IncomingScan): RepeatedScan | null {
    return classifyScan(this.#history, read).again;
  }

  /**
   * Refuses a read that must not answer a prompt: one that was read before, or together with a line that started a run. The
   * number of a unit on a slot is also refused when it was read before the prompt could be seen, or on a page that may not
   * know the reads before it. Faults: `scan-repeated`, `answer-too-soon`.
   */
  requireAnswer({ read, scan, unsure }: IncomingScan, target: OpenPrompt | null): void {
    const { again, partOf, besideStart } = classifyScan(this.#history, read);
    // A short number is typed, and may be part of any serial number.
    const isNumber = target?.prompt.kind === 'number' && read.raw.length < SHORTEST_PART;
    const same = again ?? (isNumber ? null : partOf);
    if (same !== null) throw scanRepeated(scan, same);
    if (besideStart) throw answerTooSoon(target?.slot ?? null);
    // The label that started a run stays in front of the scanner.
    if (target !== null && read.firstKeyAtMs - target.sinceMs < SEEN_MS && this.#isOnSlot(scan))
      throw answerTooSoon(target.slot);
    // The label may have been in front of the scanner while the page was closed, and counts as read then.
    if (target !== null && unsure && this.#isOnSlot(scan)) {
      this.#history = recordScan(this.#history, read, 'started', target.slot);
      throw scanRepeated(scan, { slot: target.slot, pauseMs: SAME_LABEL_MS });
    }
  }

  /** The same for a single key. Faults: `answer-too-soon`. */
  requireKey({ read, timed }: IncomingScan, slot: number | null): void {
    if (timed && isBesideStart(this.#history, read.firstKeyAtMs)) throw answerTooSoon(slot);
  }

  /** Remembers a read that the page discarded: the label that it repeats was still in front of the scanner. */
  rememberDiscarded({ read }: IncomingScan): void {
    this.#history = markScanSeen(this.#history, read);
  }

  remember({ read }: IncomingScan, outcome: ScanOutcome, slot: number | null): void {
    this.#history = recordScan(this.#history, read, outcome, slot);
  }
}
