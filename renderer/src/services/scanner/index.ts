/** For hearing the scanner at all times, whatever is on the screen and wherever the focus went. */
export { listenToScanner, type Scanner, type ScannerOptions } from './listen.ts';
export type { CommandKey, LineTimes, LoneKey, ScanEffect } from './scan-effect.ts';
export { keyAgo, pressedAgo } from './pressed.ts';
