/** Receives the input of the scanner, independent of the focus. */
export { listenToScanner, type Scanner, type ScannerOptions } from './listen.ts';
export type { CommandKey, LineTimes, SingleKey, ScanEffect } from './scan-effect.ts';
export { keyAgo, pressedAgo } from './pressed.ts';
