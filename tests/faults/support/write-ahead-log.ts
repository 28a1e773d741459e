import { readFileSync, truncateSync } from 'node:fs';

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

/** The frames of a write-ahead log, as https://www.sqlite.org/fileformat2.html section 4 lays them out. */
export interface LogFrames {
  readonly frameBytes: number;
  readonly count: number;
  /** Numbers, from 0, of the frames that end a transaction. */
  readonly commits: readonly number[];
}

export function readFrames(walFile: string): LogFrames {
  const bytes = readFileSync(walFile);
  const frameBytes = FRAME_HEADER_BYTES + bytes.readUInt32BE(8);
  const count = Math.floor((bytes.length - HEADER_BYTES) / frameBytes);
  const commits = Array.from({ length: count }, (_, n) => n).filter(
    (n) => bytes.readUInt32BE(HEADER_BYTES + n * frameBytes + 4) !== 0,
  );
  return { frameBytes, count, commits };
}

/** Truncates the log after `frames` frames and some bytes of the next one. */
export function keepFrames(walFile: string, frames: number, bytes = 0): void {
  truncateSync(walFile, HEADER_BYTES + frames * readFrames(walFile).frameBytes + bytes);
}
