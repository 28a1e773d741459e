/** The flight recorder: every byte of every run, so that a failed unit can be understood without the unit. */
export { listLogs, LOG_LIMITS } from './sweep-logs.ts';
export { type Archive, createArchive } from './archive.ts';
export { dialogue, type DialogueOptions } from './dialogue.ts';
export { createRecorder, type Recorder } from './recorder.ts';
export { findRecording, findRecordings, recordingFile } from './recording-file.ts';
export { listRecordings } from './list-recordings.ts';
export { readRecording, type Recording } from './read-recording.ts';
export { toFault } from './fault-json.ts';
export * from './format.ts';
export { maskJson, secretForms } from './secret-forms.ts';
export { type KeepLimits, RECORDING_LIMITS, type RecordingLimits, toSweep } from './sweep.ts';
export { stepUnderWay } from './interrupted-step.ts';
export { throughTape, type World } from './with-run-io.ts';
export { visible } from './visible-bytes.ts';
export { linesQuestion, type Question, type Said, type Tape } from './run-io.ts';
