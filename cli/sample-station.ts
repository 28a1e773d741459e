import { join } from 'node:path';
import { Fault } from '#shared/domain/fault.ts';
import { requireStation } from '#station';

/** Where the sample line keeps what is its own, below a data directory. */
export function sampleLine(dataDir: string): string {
  return join(dataDir, 'sample-line');
}

/** The data directory of the sample line's station. */
export function sampleStation(dataDir: string): string {
  return join(sampleLine(dataDir), 'station');
}

/** Faults: `not-found` where no station is; it names that of the sample line where the directory has one. */
export function requireStationIn(dataDir: string): void {
  try {
    requireStation(dataDir);
  } catch (error) {
    const sample = sampleStation(dataDir);
    if (!(error instanceof Fault) || error.code !== 'not-found' || !hasStation(sample)) throw error;
    const hint = `The sample line of "start" has its own: --data ${sample}`;
    throw new Fault('not-found', error.message, { hint });
  }
}

export function hasStation(dataDir: string): boolean {
  try {
    requireStation(dataDir);
    return true;
  } catch (error) {
    if (error instanceof Fault && error.code === 'not-found') return false;
    throw error;
  }
}
