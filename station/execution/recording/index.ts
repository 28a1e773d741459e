/** Records every byte and every decision of a run, so that a failed unit can be understood without the unit. */
export { Archive, RECORDING_LIMITS, type RecordingLimits } from './archive.ts';
export { dialogueOf } from './dialogue.ts';
export { provisioningOf } from './provisioning-of.ts';
export { findInterruptedStep } from './interrupted-step.ts';
export * from './format.ts';
export { readRecording, type Recording } from './read-recording.ts';
export { Recorder } from './recorder.ts';
export {
  findRecording,
  findRecordings,
  hasRecording,
  listRecordings,
  recordingFile,
} from './recording-files.ts';
export {
  baudRateRequest,
  controlLinesRequest,
  type IoReply,
  type IoRequest,
  type RunIo,
  transferRequest,
} from './run-io.ts';
export { listLogs, LOG_LIMITS } from './sweep-logs.ts';
export { formatTranscript, type TranscriptOptions } from './transcript.ts';
export { formatBytes } from './format-bytes.ts';
export { wrapBle } from './wrap-ble.ts';
export { type RunEnvironment, withRunIo } from './with-run-io.ts';
