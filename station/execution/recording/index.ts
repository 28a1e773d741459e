/** The flight recorder: every byte of every run, so that a failed unit can be understood without the unit. */
export { listLogs, LOG_LIMITS } from './sweep-logs.ts';
export { type Archive, createArchive } from './archive.ts';
export { formatTranscript, type TranscriptOptions } from './transcript.ts';
export { createRecorder, type Recorder } from './recorder.ts';
export { findRecording, findRecordings, recordingFile } from './recording-files.ts';
export { listRecordings } from './list-recordings.ts';
export { readRecording, type Recording } from './read-recording.ts';
export { toFault } from './fault-json.ts';
export * from './format.ts';
export { maskJson, secretForms } from './secret-forms.ts';
export { type RetentionLimits, RECORDING_LIMITS, type RecordingLimits, selectExpired } from './retention.ts';
export { findInterruptedStep } from './interrupted-step.ts';
export { withRunIo, type RunEnvironment } from './with-run-io.ts';
export { visible } from './visible-bytes.ts';
export { linesQuestion, type Question, type Said, type RunIo } from './run-io.ts';
