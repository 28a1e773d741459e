import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeDir, writeFileAtomicSync } from '#node-kit/files/index.ts';
import { SAMPLE_LINE_ENDED } from '#station';
import { type CommonOptions, dataDirOf } from '../command.ts';
import { hasStation, sampleLineDir, sampleStationDir } from '../data-directories.ts';
import { withStation } from '../with-station.ts';

/** The file in a data directory whose sample line was ended: `start` opens the station of the directory itself. */
const REAL_LINE = 'real-line';

/** Whether `start` opens a real station here although no slot was given. */
export function isRealLine(dataDir: string): boolean {
  return existsSync(join(dataDir, REAL_LINE));
}

/** Where the data of a sample line is while it is removed. */
function removedDir(dataDir: string): string {
  return `${sampleLineDir(dataDir)}.removed`;
}

function isEnded(dataDir: string): boolean {
  return existsSync(join(sampleStationDir(dataDir), SAMPLE_LINE_ENDED));
}

/**
 * Removes the data of a sample line that an engineer has ended, in steps that the next call continues after a kill at any
 * moment. Before, the station is opened and closed once more: a close takes the end back when there is data that does not
 * come from the sample, also when the station was killed before it could do so. Returns what was done.
 *
 * Faults: those of `createStation`, such as `data-busy` while the sample line runs and `database-corrupt` when its data
 * cannot be read; then nothing is removed.
 */
export async function removeEndedSampleLine(options: CommonOptions): Promise<'none' | 'removed' | 'kept'> {
  const dataDir = dataDirOf(options);
  if (isEnded(dataDir)) {
    const sample = { ...options, data: sampleStationDir(dataDir) };
    // Without a station a version before was killed while it removed the data.
    if (!isRealLine(dataDir) || hasStation(sample.data))
      await withStation(sample, () => undefined, { sampleLine: true });
    if (!isEnded(dataDir)) return 'kept';
    makeDir(dataDir, 0o700);
    writeFileAtomicSync(join(dataDir, REAL_LINE), ['\n'], 0o600);
    rmSync(removedDir(dataDir), { recursive: true, force: true });
    // At one moment: a sample line of which a part is gone is never opened.
    renameSync(sampleLineDir(dataDir), removedDir(dataDir));
  } else if (!existsSync(removedDir(dataDir))) return 'none';
  rmSync(removedDir(dataDir), { recursive: true, force: true });
  return 'removed';
}
