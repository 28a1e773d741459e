/**
 * Timing of scanners, to decide which keys belong together. Scanners type a key each 4 ms by cable and up to 150 ms over
 * Bluetooth; a person needs more than a second to aim at and scan a second label.
 */

/** A key without another one for this time is a single key that a person pressed; until then it may be the first of a scan. */
export const SINGLE_KEY_MS = 300;
/** An Enter, Tab or single character this soon after the end of a line belongs to that line (CR LF, a suffix). */
export const LINE_END_MS = 400;
/** Lines that follow one another within this time belong to one trigger pull. */
export const SAME_PULL_MS = 400;
/** The longest interval between keys of a scanner; a person does not type every key so fast. */
export const SCANNER_KEY_MS = 40;
/** A fast line without further keys for this time has no line end: the scanner is configured to send none. */
export const UNENDED_MS = 700;
/**
 * The same label within this time after its last scan is a repeat: scanners scan a label that stays in view again each
 * 0.5 s to 2 s, and operators pull the trigger twice within one second.
 */
export const SAME_LABEL_MS = 3_000;
/** The same for scans that started no run: an answer or a command code may also be meant for the next slot. */
export const SAME_ANSWER_MS = 1_500;
/** A prompt counts as seen after this time on the screen: an earlier key does not answer it, nor an earlier scan of a unit on a slot. */
export const PROMPT_SEEN_MS = 400;
