/**
 * Scans: parsing them, detecting repeated scans, and choosing the prompt that a scan answers. The operator page, the returns
 * page, prompts and the terminal use the same functions.
 */
export {
  choiceOf,
  longestWaitingFirst,
  takesText,
  targetPrompt,
  targetPromptForText,
} from './prompt-target.ts';
export { parseScan, normalizedScanText, type Scan } from './parse-scan.ts';
export {
  decodeLabelText,
  plainAnswer,
  findSerialCandidate,
  serialCandidates,
  unitNameCandidates,
} from './serial-candidates.ts';
export {
  mayBelongToRunStart,
  classifyScan,
  type KeyTimes,
  updateScanTimes,
  EMPTY_SCAN_HISTORY,
  type TimedScan,
  type ScanHistory,
  type ScanUse,
  recordScan,
  type RepeatedScan,
} from './scan-history.ts';
export {
  LINE_END_MS,
  SINGLE_KEY_MS,
  SAME_ANSWER_MS,
  SAME_LABEL_MS,
  SAME_PULL_MS,
  SCANNER_KEY_MS,
  PROMPT_SEEN_MS,
  UNENDED_MS,
} from './timing.ts';
