import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeDir, writeFileAtomicSync } from '#node-kit/files/index.ts';
import { SAMPLE_LINE_ENDED } from '#station';
import { sampleLineDir, sampleStationDir } from '../data-directories.ts';

/** The file in a data directory whose sample line was ended: `start` opens the station of the directory itself. */
const REAL_LINE = 'real-line';

/** Whether `start` opens a real station here although no slot was given. */
export function isRealLine(dataDir: string): boolean {
  return existsSync(join(dataDir, REAL_LINE));
}

/** Whether an engineer has ended the sample line, and its data is still there. */
export function isSampleLineEnded(dataDir: string): boolean {
  return existsSync(join(sampleStationDir(dataDir), SAMPLE_LINE_ENDED));
}

/** Removes the data of an ended sample line. From then on `start` opens a real station. */
export function removeSampleLine(dataDir: string): void {
  makeDir(dataDir, 0o700);
  // First, so that a crash in between leaves an ended sample line, which the next start removes.
  writeFileAtomicSync(join(dataDir, REAL_LINE), ['\n'], 0o600);
  rmSync(sampleLineDir(dataDir), { recursive: true, force: true });
}
