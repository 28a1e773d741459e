/**
 * What comes out of a scanner: what a read means, and whether it is a new one. One meaning for every entrance: the line,
 * the returns desk, questions of a recipe, the terminal.
 */
export {
  choiceOf,
  longestWaitingFirst,
  takesText,
  targetPrompt,
  targetPromptForText,
} from './prompt-target.ts';
export { parseScan, sameScanText, type Scan } from './parse-scan.ts';
export { labelReading, plainAnswer, readingThat, serialReadings, unitNames } from './readings.ts';
export {
  isBesideStart,
  judgeRead,
  type KeyTimes,
  noteRead,
  NO_READS,
  type Read,
  type ReadHistory,
  type ReadOutcome,
  rememberRead,
  type SameRead,
} from './read-history.ts';
export {
  LINE_END_MS,
  LONE_KEY_MS,
  SAME_ANSWER_MS,
  SAME_LABEL_MS,
  SAME_PULL_MS,
  SCANNER_KEY_MS,
  SEEN_MS,
  UNENDED_MS,
} from './timing.ts';
