/** The flight recorder: every byte of every run, so that a failed unit can be understood without the unit. */
export { createRecorder, recordingFile, type Recorder } from './recorder.ts';
