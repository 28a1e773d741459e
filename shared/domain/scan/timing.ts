/**
 * How fast a scanner is, for telling what belongs together. Scanners type a key each 4 ms by cable and up to 150 ms over
 * Bluetooth; nobody raises a scanner, aims and reads twice within a second.
 */

/** A key that stands alone for this long was pressed by a person; within it, it may be the first of a scan. */
export const LONE_KEY_MS = 300;
/** An Enter, Tab or single character this soon after the end of a line belongs to that line (CR LF, a suffix). */
export const LINE_END_MS = 400;
/** Lines that follow one another within this came from one pull of the trigger. */
export const SAME_PULL_MS = 400;
/** No person types with every key this close to the last one. */
export const SCANNER_KEY_MS = 40;
/** A quick line that goes on no more for this long has no line end: the scanner is set to send none. */
export const UNENDED_MS = 700;
/**
 * The same label within this is the same read: scanners that see a label for longer read it again each 0.5 s to 2 s,
 * and a trigger is pulled twice within one second. Counted from the last time, as long as it goes on.
 */
export const SAME_LABEL_MS = 3_000;
/** The same for what started nothing: an answer or a code of the command card may be right for the next slot, too. */
export const SAME_ANSWER_MS = 1_500;
/** A question has been seen when it stood for this long. */
export const SEEN_MS = 400;
