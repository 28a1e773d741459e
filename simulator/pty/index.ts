/** Serial ports without hardware: pseudo terminal pairs that the real serialport binding opens like any other port. */
export { loadLibc } from './libc.ts';
export type { Libc } from './libc.ts';
export { openPty, reopenPty } from './pty-pair.ts';
export type { PtyPair } from './pty-pair.ts';
