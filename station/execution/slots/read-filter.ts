import type { PressedKeys } from '#shared/contract/index.ts';
import {
  isBesideStart,
  judgeRead,
  noteRead,
  NO_READS,
  parseScan,
  type Read,
  type ReadOutcome,
  rememberRead,
  sameScanText,
  type Scan,
  SAME_LABEL_MS,
  SEEN_MS,
  type SameRead,
} from '#shared/domain/scan/index.ts';
import type { Clock } from '../../core/platform/index.ts';
import type { OpenPrompt } from './prompts.ts';
import { readTwice, tooSoon } from './scan-faults.ts';

/** A line as it came in. */
export interface IncomingRead {
  /** As it was scanned or written. */
  readonly text: string;
  readonly scan: Scan;
  readonly read: Read;
  /** When its keys were pressed is known, not only when it came. */
  readonly timed: boolean;
  /** Its host may not have heard the reads of the last seconds. */
  readonly unsure: boolean;
}

/** Knows what was read lately, and what of a new read is the same scan once more. */
export interface ReadFilter {
  incoming(text: string, pressed: PressedKeys | null): IncomingRead;
  /** The read of a moment ago that this one repeats. */
  repeatOf(incoming: IncomingRead): SameRead | null;
  /**
   * Refuses what must not answer: read before, read together with what started a run, or, for a number that is on a slot,
   * read before the question could be seen or on a page that may not have heard the reads before it. Faults: `scan-repeated`, `answer-too-soon`.
   */
  requireAnswer(incoming: IncomingRead, asked: OpenPrompt | null): void;
  /** The same for a single key. Fault `answer-too-soon`. */
  requireKey(incoming: IncomingRead, slot: number | null): void;
  /** It was read and thrown away: what it repeats still lay before the scanner. */
  note(incoming: IncomingRead): void;
  remember(incoming: IncomingRead, outcome: ReadOutcome, slot: number | null): void;
}

const SHORTEST_PART = 4;

/** `isOnSlot`: whether this is the number of a unit that is being tested. */
export function createReadFilter(
  clock: Pick<Clock, 'monotonicMs'>,
  isOnSlot: (scan: Scan) => boolean,
): ReadFilter {
  let history = NO_READS;
  return {
    incoming(text, pressed) {
      const nowMs = clock.monotonicMs();
      const scan = parseScan(text);
      return {
        text,
        scan,
        timed: pressed !== null,
        unsure: pressed?.heardForMs !== undefined && pressed.heardForMs < SAME_LABEL_MS,
        read: {
          text: sameScanText(scan),
          raw: text.trim(),
          firstKeyAtMs: nowMs - (pressed?.firstMsAgo ?? 0),
          joined: pressed?.joined === true,
          lastKeyAtMs: nowMs - (pressed?.lastMsAgo ?? 0),
        },
      };
    },
    repeatOf: ({ read }) => judgeRead(history, read).again,
    requireAnswer({ read, scan, unsure }, asked) {
      const { again, partOf, besideStart } = judgeRead(history, read);
      // A short number is typed by a person, and may stand in any serial number.
      const isNumber = asked?.prompt.kind === 'number' && read.raw.length < SHORTEST_PART;
      const same = again ?? (isNumber ? null : partOf);
      if (same !== null) throw readTwice(scan, same);
      if (besideStart) throw tooSoon(asked?.slot ?? null);
      // The label that a run was started with lies before the scanner all the time.
      if (asked !== null && read.firstKeyAtMs - asked.sinceMs < SEEN_MS && isOnSlot(scan))
        throw tooSoon(asked.slot);
      // It may have lain there while the page was not open, and counts as read then.
      if (asked !== null && unsure && isOnSlot(scan)) {
        history = rememberRead(history, read, 'started', asked.slot);
        throw readTwice(scan, { slot: asked.slot, pauseMs: SAME_LABEL_MS });
      }
    },
    requireKey({ read, timed }, slot) {
      if (timed && isBesideStart(history, read.firstKeyAtMs)) throw tooSoon(slot);
    },
    note({ read }) {
      history = noteRead(history, read);
    },
    remember({ read }, outcome, slot) {
      history = rememberRead(history, read, outcome, slot);
    },
  };
}
